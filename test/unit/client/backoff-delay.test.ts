import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from '../../../src/client/backoff-delay.ts';

const BACKOFF = { minimumMs: 1_000, maximumMs: 60_000 };

describe('a pause', () => {
  it('lies below a bound that doubles from the smallest to the greatest', () => {
    const bounds = Array.from({ length: 9 }, (_, attempt) => backoffDelay(attempt, BACKOFF, () => 1));
    expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('is a number from 0 to the greatest, after any number of attempts', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, share) => {
        const delay = backoffDelay(attempt, BACKOFF, () => share);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(60_000);
      }),
    );
    expect(backoffDelay(100_000, BACKOFF, () => 0.25)).toBe(15_000);
  });
});
