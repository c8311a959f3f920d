import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../../../../src/services/limits/rate-limiter.ts';

const RATE = { operationsPerSecond: 2, burst: 5 };
let limiter: RateLimiter;

beforeEach(() => {
  vi.useFakeTimers();
  limiter = createRateLimiter({ shared: null, now: Date.now });
});

afterEach(() => {
  vi.useRealTimers();
});

async function admitted(count: number, subject = 'somebody', rate = RATE): Promise<number> {
  let passed = 0;
  for (let index = 0; index < count; index++) if ((await limiter.consume(subject, rate, 1)).isAdmitted) passed++;
  return passed;
}

describe('a process alone', () => {
  it('admits a burst and refuses one more, with what it has counted and when to come back', async () => {
    expect(await admitted(5)).toBe(5);
    vi.advanceTimersByTime(1_000);
    expect(await limiter.consume('somebody', RATE, 1)).toEqual({ isAdmitted: false, consumed: 6, retryAfterMs: 1_500 });
  });

  it('admits again when the window is over: as many as the rate allows in the long run', async () => {
    let passed = 0;
    for (let window = 0; window < 4; window++) {
      passed += await admitted(20);
      vi.advanceTimersByTime(2_500);
    }
    expect(passed).toBe(2 * 10);
  });

  it('counts subjects apart, and several operations together', async () => {
    expect(await limiter.consume('somebody', RATE, 5)).toEqual({ isAdmitted: true });
    expect(await admitted(1)).toBe(0);
    expect(await admitted(6, 'another')).toBe(5);
    expect(await limiter.consume('third', RATE, 6)).toMatchObject({ isAdmitted: false, consumed: 6 });
  });

  it('tells what is left', async () => {
    expect(await limiter.left('somebody', RATE)).toEqual({ operations: 5, resetAfterMs: 0 });
    await admitted(3);
    vi.advanceTimersByTime(500);
    expect(await limiter.left('somebody', RATE)).toEqual({ operations: 2, resetAfterMs: 2_000 });
    await admitted(9);
    expect((await limiter.left('somebody', RATE)).operations).toBe(0);
  });
});
