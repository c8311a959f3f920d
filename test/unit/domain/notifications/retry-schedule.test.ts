import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_RETRY_AFTER_MS, nextRetryDelayMs, type RetryBudget } from '../../../../src/domain/notifications/retry-schedule.ts';

const budgets: fc.Arbitrary<RetryBudget> = fc.record({
  maximumAttempts: fc.integer({ min: 1, max: 100 }),
  maximumAgeMs: fc.integer({ min: 1, max: 1e10 }),
  firstDelayMs: fc.integer({ min: 1, max: 1e6 }),
  longestDelayMs: fc.integer({ min: 1, max: 1e8 }),
});
const failures = fc.record({
  attempts: fc.integer({ min: 1, max: 2_000 }),
  ageMs: fc.integer({ min: 0, max: 1e10 }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 1e12 })),
});
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the retry schedule', () => {
  it('keeps to the budget, to Retry-After and to its bounds, whatever fails when', () => {
    fc.assert(
      fc.property(budgets, failures, randoms, (budget, failure, random) => {
        const delayMs = nextRetryDelayMs(failure, budget, random);
        const asked = Math.min(failure.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
        const bounds = [asked, Math.max(budget.longestDelayMs, asked) + 1] as const;
        const keeps =
          delayMs === null
            ? failure.attempts >= budget.maximumAttempts || failure.ageMs + bounds[1] > budget.maximumAgeMs
            : failure.attempts < budget.maximumAttempts &&
              failure.ageMs + delayMs <= budget.maximumAgeMs &&
              delayMs >= bounds[0] &&
              delayMs <= bounds[1] &&
              Number.isInteger(delayMs);
        expect(keeps).toBe(true);
      }),
    );
  });

  it('never waits less after one more failure with the same luck', () => {
    fc.assert(
      fc.property(budgets, randoms, fc.integer({ min: 1, max: 99 }), (budget, random, attempts) => {
        const endless = { ...budget, maximumAttempts: 1_000, maximumAgeMs: 1e15 };
        const waited = (count: number) => nextRetryDelayMs({ attempts: count, ageMs: 0, retryAfterMs: null }, endless, random)!;
        expect(waited(attempts + 1)).toBeGreaterThanOrEqual(waited(attempts));
      }),
    );
  });

  it('doubles from 5 s, of which the latter half is luck', () => {
    const budget = { maximumAttempts: 10, maximumAgeMs: 1e9, firstDelayMs: 5_000, longestDelayMs: 60_000 };
    const delays = (random: number) =>
      [1, 2, 3, 4, 5, 6].map((attempts) => nextRetryDelayMs({ attempts, ageMs: 0, retryAfterMs: null }, budget, random));
    expect(delays(0)).toEqual([2_500, 5_000, 10_000, 20_000, 30_000, 30_000]);
    expect(delays(0.5)).toEqual([3_750, 7_500, 15_000, 30_000, 45_000, 45_000]);
    expect(nextRetryDelayMs({ attempts: 10, ageMs: 0, retryAfterMs: null }, budget, 0)).toBeNull();
  });
});
