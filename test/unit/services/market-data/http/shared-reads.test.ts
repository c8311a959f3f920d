import { beforeEach, describe, expect, it } from 'vitest';
import { createSharedReads } from '../../../../../src/services/market-data/http/shared-reads.ts';

interface Load {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly answer: (value: string) => void;
  readonly fail: (reason: Error) => void;
}

const never = new AbortController().signal;
let nowMs: number;
let loads: Load[];
beforeEach(() => {
  nowMs = 1_000_000;
  loads = [];
});

function sharedReads() {
  return createSharedReads<string>({
    load: (key, signal) => new Promise((answer, fail) => loads.push({ key, signal, answer, fail })),
    maximumAgeMs: 2_000,
    clock: () => nowMs,
  });
}

describe('shared reads', () => {
  it('asks once for all who wait, and each key for itself', async () => {
    const reads = sharedReads();
    const both = Promise.all([reads.read('a', never), reads.read('a', never), reads.read('b', never)]);
    expect(loads.map(({ key }) => key)).toEqual(['a', 'b']);
    loads[0]!.answer('of a');
    loads[1]!.answer('of b');
    expect(await both).toEqual(['of a', 'of a', 'of b']);
    expect(loads.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('keeps an answer for as long as it may, from when it was asked for', async () => {
    const reads = sharedReads();
    const first = reads.read('a', never);
    nowMs += 500;
    loads[0]!.answer('first');
    await first;
    nowMs += 1_499;
    expect(await reads.read('a', never)).toBe('first');
    nowMs += 1;
    void reads.read('a', never);
    expect(loads).toHaveLength(2);
  });

  it('waits for an answer however long it takes, instead of asking twice', () => {
    const reads = sharedReads();
    void reads.read('a', never);
    nowMs += 60_000;
    void reads.read('a', never);
    expect(loads).toHaveLength(1);
  });

  it('asks anew when the clock was set back', async () => {
    const reads = sharedReads();
    const first = reads.read('a', never);
    loads[0]!.answer('first');
    await first;
    nowMs -= 3_600_000;
    void reads.read('a', never);
    expect(loads).toHaveLength(2);
  });

  it('tells a failure to all who wait, and keeps none', async () => {
    const reads = sharedReads();
    const waiting = [reads.read('a', never), reads.read('a', never)];
    const reason = new Error('no network');
    loads[0]!.fail(reason);
    for (const read of waiting) await expect(read).rejects.toBe(reason);
    const next = reads.read('a', never);
    expect(loads).toHaveLength(2);
    loads[1]!.answer('back');
    expect(await next).toBe('back');
  });

  it('lets one give up without the others, and stops when nobody waits any more', async () => {
    const reads = sharedReads();
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [reads.read('a', one.signal), reads.read('a', other.signal)];
    const reason = new Error('enough');
    one.abort(reason);
    await expect(waiting[0]).rejects.toBe(reason);
    expect(loads[0]!.signal.aborted).toBe(false);
    other.abort(reason);
    await expect(waiting[1]).rejects.toBe(reason);
    expect(loads[0]!.signal.reason).toBe(reason);
    loads[0]!.fail(reason);

    const next = reads.read('a', never);
    expect(loads).toHaveLength(2);
    loads[1]!.answer('for the next one');
    expect(await next).toBe('for the next one');
    await expect(reads.read('a', one.signal)).rejects.toBe(reason);
  });
});
