import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../../../../src/services/market-data/http/token-bucket.ts';

const never = new AbortController().signal;
/** Advanced by the tests; node:timers/promises is not the fake timers' to advance, so waits are kept to milliseconds. */
let nowMs = 1_000_000;

beforeEach(() => {
  nowMs = 1_000_000;
});

async function isImmediate(taken: Promise<void>): Promise<boolean> {
  let done = false;
  void taken.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('token bucket', () => {
  it('lets the burst pass at once and makes the next one wait', async () => {
    const bucket = createTokenBucket({ perSecond: 20, burst: 3, clock: () => nowMs });
    for (let i = 0; i < 3; i++) expect(await isImmediate(bucket.take(never))).toBe(true);
    const fourth = bucket.take(never);
    expect(await isImmediate(fourth)).toBe(false);
    await fourth;
  });

  it('refills with the clock, to the burst at most', async () => {
    const bucket = createTokenBucket({ perSecond: 2, burst: 2, clock: () => nowMs });
    await bucket.take(never);
    await bucket.take(never);
    nowMs += 60_000;
    expect(await isImmediate(bucket.take(never))).toBe(true);
    expect(await isImmediate(bucket.take(never))).toBe(true);
    const waiting = new AbortController();
    const third = bucket.take(waiting.signal);
    expect(await isImmediate(third.catch(() => {}))).toBe(false);
    waiting.abort();
    await expect(third).rejects.toThrow('aborted');
  });

  it('holds nobody up when the clock is set back', async () => {
    const bucket = createTokenBucket({ perSecond: 1_000, burst: 1, clock: () => nowMs });
    await bucket.take(never);
    nowMs -= 3_600_000;
    await bucket.take(never);
    nowMs += 10;
    expect(await isImmediate(bucket.take(never))).toBe(true);
  });

  it('gives the turn of one who gives up back, and rejects with its reason', async () => {
    const bucket = createTokenBucket({ perSecond: 0.001, burst: 1, clock: () => nowMs });
    await bucket.take(never);
    const controller = new AbortController();
    const reason = new Error('enough');
    const taken = bucket.take(controller.signal);
    controller.abort(reason);
    await expect(taken).rejects.toBe(reason);
    nowMs += 1_000_000;
    expect(await isImmediate(bucket.take(never))).toBe(true);
    await expect(bucket.take(controller.signal)).rejects.toBe(reason);
  });
});
