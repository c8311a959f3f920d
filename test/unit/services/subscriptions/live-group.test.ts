import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryGrant } from '../../../../src/services/subscriptions/delivery-grant.ts';
import { createLiveGroup } from '../../../../src/services/subscriptions/live-group.ts';
import type { LiveItem } from '../../../../src/services/subscriptions/stream-item.ts';
import { SubscriberTooSlowError } from '../../../../src/services/subscriptions/subscriber-too-slow-error.ts';

interface Row {
  readonly sequence: number;
  readonly key: string;
}

const GRANT: DeliveryGrant = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'CLOSE', buffer: 4, bufferBytes: 1_000 };

function groupOf(grant: Partial<DeliveryGrant> = {}) {
  const items: LiveItem<Row>[] = [];
  const ends: (Error | null)[] = [];
  const group = createLiveGroup<Row>({
    matches: (row) => row.key !== 'foreign',
    visibility: null,
    grant: { ...GRANT, ...grant },
    keyOf: (row) => row.key,
    sequenceOf: (row) => row.sequence,
    position: { atMs: 0, sequence: 0 },
    now: () => performance.now(),
  });
  const listener = { onItem: (item: LiveItem<Row>) => void items.push(item), onEnd: (error: Error | null) => void ends.push(error) };
  group.add(listener, null);
  let sequence = 0;
  const batch = (...keys: string[]) => {
    const touched = keys.map((key) => group.offer({ sequence: ++sequence, key })).some(Boolean);
    if (touched) group.endBatch({ atMs: sequence, sequence });
  };
  return { items, ends, group, listener, batch, told: () => items.map((item) => item.rows.map((row) => row.sequence)) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a live group', () => {
  it('tells the rows of a batch that match, and where the stream is', () => {
    const { batch, items, told } = groupOf();
    batch('a', 'foreign', 'b');
    batch('foreign');
    batch('a', 'foreign');
    expect(told()).toEqual([[1, 3], [5]]);
    expect(items.map((item) => [item.after.sequence, item.firstSequence, item.position.sequence])).toEqual([
      [0, 1, 3],
      [3, 5, 6],
    ]);
  });

  it('with a rate tells the first at once and then all that came in an interval together', () => {
    const { batch, told, items } = groupOf({ maxRatePerSecond: 10 });
    batch('a');
    batch('b');
    batch('c', 'foreign');
    expect(told()).toEqual([[1]]);
    vi.advanceTimersByTime(99);
    expect(told()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told()).toEqual([[1], [2, 3]]);
    expect(items[1]).toMatchObject({ after: { sequence: 1 }, position: { sequence: 4 }, missed: 0 });
    vi.advanceTimersByTime(1_000);
    batch('d');
    expect(told()).toEqual([[1], [2, 3], [5]]);
  });

  it('with LATEST tells the newest of each key', () => {
    const { batch, told, items } = groupOf({ contract: 'LATEST', maxRatePerSecond: 10 });
    batch('a', 'a', 'b');
    batch('a');
    batch('b');
    batch('a');
    vi.advanceTimersByTime(100);
    expect(told()).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(items.map((item) => item.missed)).toEqual([0, 0]);
  });

  it('ends when more comes between two items than the buffer holds', () => {
    const { batch, ends } = groupOf({ maxRatePerSecond: 10 });
    batch('a');
    batch('b', 'c', 'd');
    batch('e', 'f');
    expect(ends).toEqual([expect.any(SubscriberTooSlowError)]);
    vi.advanceTimersByTime(1_000);
    expect(ends).toHaveLength(1);
  });

  it('drops or conflates instead when told so', () => {
    const dropping = groupOf({ maxRatePerSecond: 10, overflow: 'DROP_OLDEST' });
    const conflating = groupOf({ maxRatePerSecond: 10, overflow: 'CONFLATE' });
    for (const { batch } of [dropping, conflating]) {
      batch('a');
      batch('b', 'c', 'd');
      batch('b', 'c');
    }
    vi.advanceTimersByTime(100);
    expect(dropping.told()).toEqual([[1], [5, 6]]);
    expect(dropping.items[1]).toMatchObject({ missed: 3, missedSince: { sequence: 1 } });
    expect(conflating.told()).toEqual([[1], [4, 5, 6]]);
    expect(conflating.items[1]).toMatchObject({ missed: 2, missedSince: { sequence: 1 } });
  });

  it('has no timer left when the last one goes', () => {
    const { batch, group, listener, told } = groupOf({ maxRatePerSecond: 10 });
    batch('a');
    batch('b');
    group.remove(listener);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(told()).toEqual([[1]]);
  });
});
