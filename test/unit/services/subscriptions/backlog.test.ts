import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBacklog } from '../../../../src/services/subscriptions/backlog.ts';
import type { DeliveryGrant } from '../../../../src/services/subscriptions/delivery-grant.ts';
import type { LiveItem } from '../../../../src/services/subscriptions/stream-item.ts';

interface Row {
  readonly sequence: number;
  readonly key: string;
}

const GRANT: DeliveryGrant = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'CLOSE', buffer: 5, bufferBytes: 1_000 };

function backlogOf(grant: Partial<DeliveryGrant> = {}) {
  return createBacklog<Row, string>({ grant: { ...GRANT, ...grant }, keyOf: (row) => row.key, sequenceOf: (row) => row.sequence });
}

/** An item of these keys, with numbers from `first` on. */
function item(first: number, ...keys: string[]): LiveItem<Row> {
  const rows = keys.map((key, index) => ({ sequence: first + index, key }));
  return {
    rows,
    firstSequence: first,
    position: { atMs: 0, sequence: first + keys.length - 1 },
    after: { atMs: 0, sequence: first - 1 },
    missed: 0,
    missedSince: null,
  };
}

const numbers = (rows: readonly Row[] | undefined) => rows?.map((row) => row.sequence);

describe('a backlog', () => {
  it('gives items back in order with their messages', () => {
    const backlog = backlogOf();
    backlog.push(item(1, 'a'), 'one', 10);
    backlog.push(item(2, 'a', 'b'), 'two', 20);
    expect([backlog.rows(), backlog.bytes()]).toEqual([3, 30]);
    expect(backlog.shift()).toMatchObject({ message: 'one', item: { firstSequence: 1 } });
    expect(backlog.shift()).toMatchObject({ message: 'two', item: { firstSequence: 2 } });
    expect(backlog.shift()).toBeNull();
    expect([backlog.rows(), backlog.bytes()]).toEqual([0, 0]);
  });

  it('takes an item larger than itself when it is empty', () => {
    const backlog = backlogOf({ buffer: 1 });
    expect(backlog.push(item(1, 'a', 'b', 'c'), null, 5_000)).toBe(true);
    expect(backlog.push(item(4, 'd'), null, 1)).toBe(false);
  });

  it('with CLOSE refuses what does not fit in rows or in bytes', () => {
    const byRows = backlogOf();
    expect(byRows.push(item(1, 'a', 'b', 'c'), null, 0)).toBe(true);
    expect(byRows.push(item(4, 'a', 'b', 'c'), null, 0)).toBe(false);
    const byBytes = backlogOf();
    expect(byBytes.push(item(1, 'a'), null, 600)).toBe(true);
    expect(byBytes.push(item(2, 'a'), null, 600)).toBe(false);
  });

  it('with DROP_OLDEST drops whole items first, and the next one tells how many and since when', () => {
    const backlog = backlogOf({ overflow: 'DROP_OLDEST' });
    for (const first of [1, 3, 5, 7]) backlog.push(item(first, 'a', 'b'), 'ready', 10);
    const entry = backlog.shift();
    expect(numbers(entry?.item.rows)).toEqual([5, 6]);
    expect(entry).toMatchObject({ message: null, item: { missed: 4, missedSince: { sequence: 0 } } });
    expect(backlog.shift()).toMatchObject({ message: 'ready', item: { missed: 0, missedSince: null } });
  });

  it('with DROP_OLDEST keeps the newest rows of one item that is too large', () => {
    const backlog = backlogOf({ overflow: 'DROP_OLDEST', buffer: 2 });
    backlog.push(item(1, 'a'), 'ready', 10);
    backlog.push(item(2, 'a', 'b', 'c', 'd'), 'ready', 10);
    expect(backlog.shift()).toMatchObject({ message: null, item: { missed: 3, missedSince: { sequence: 0 }, firstSequence: 4 } });
  });

  it('with CONFLATE keeps the newest row of each key and counts what it replaced', () => {
    const backlog = backlogOf({ overflow: 'CONFLATE' });
    backlog.push(item(1, 'a', 'b'), null, 0);
    backlog.push(item(3, 'a', 'c', 'b'), null, 0);
    backlog.push(item(6, 'c'), null, 0);
    const entry = backlog.shift();
    expect(numbers(entry?.item.rows)).toEqual([3, 5, 6]);
    expect(entry?.item).toMatchObject({ missed: 3, missedSince: { sequence: 0 }, position: { sequence: 6 } });
  });

  it('with the contract LATEST makes one item of what waits; what was replaced is not missed', () => {
    const backlog = backlogOf({ contract: 'LATEST' });
    backlog.push(item(1, 'a', 'b'), 'one', 0);
    backlog.push(item(3, 'a'), 'two', 0);
    const entry = backlog.shift();
    expect(numbers(entry?.item.rows)).toEqual([2, 3]);
    expect(entry).toMatchObject({ message: null, item: { missed: 0, missedSince: null, position: { sequence: 3 } } });
    expect(backlog.shift()).toBeNull();
  });

  it('with LATEST and CLOSE is full when there are too many keys', () => {
    const backlog = backlogOf({ contract: 'LATEST', buffer: 2 });
    expect(backlog.push(item(1, 'a', 'b'), null, 0)).toBe(true);
    expect(backlog.push(item(3, 'a', 'b'), null, 0)).toBe(true);
    expect(backlog.push(item(5, 'c'), null, 0)).toBe(false);
  });

  it('accounts for every row, whatever comes and goes', () => {
    const steps = fc.array(
      fc.oneof(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 8 }), fc.constant('shift' as const)),
      { maxLength: 60 },
    );
    const grants = fc.record({
      contract: fc.constantFrom('EVERY' as const, 'LATEST' as const),
      overflow: fc.constantFrom('DROP_OLDEST' as const, 'CONFLATE' as const),
      buffer: fc.integer({ min: 1, max: 12 }),
      bufferBytes: fc.constantFrom(50, 1_000_000),
    });
    fc.assert(
      fc.property(grants, steps, (grant, todo) => {
        const backlog = backlogOf(grant);
        let next = 1;
        let told = 0;
        let lastGiven = 0;
        const taken: boolean[] = [];
        const held: number[] = [];
        const take = () => {
          const entry = backlog.shift();
          if (!entry) return false;
          const given = numbers(entry.item.rows)!;
          expect(given[0]).toBeGreaterThan(lastGiven);
          expect(given).toEqual(given.toSorted((one, other) => one - other));
          lastGiven = given.at(-1)!;
          told += given.length + entry.item.missed;
          expect(entry.item.missed > 0).toBe(entry.item.missedSince !== null);
          expect(grant.contract === 'LATEST' || told === lastGiven).toBe(true);
          return true;
        };
        for (const step of todo) {
          if (step === 'shift') {
            take();
            continue;
          }
          taken.push(backlog.push(item(next, ...step), 'ready', 10));
          held.push(backlog.rows());
          next += step.length;
        }
        expect(taken).not.toContain(false);
        expect(Math.max(0, ...held)).toBeLessThanOrEqual(Math.max(grant.buffer, 8));
        while (take());
        expect([backlog.rows(), backlog.bytes()]).toEqual([0, 0]);
        expect(lastGiven).toBe(next - 1);
      }),
    );
  });
});
