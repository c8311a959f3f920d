import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../../../src/services/market-data/deribit/backoff.ts';

describe('back-off', () => {
  it('doubles up to the longest wait, and begins anew after a reset', () => {
    const backoff = createBackoff({ firstMs: 1_000, longestMs: 5_000, random: () => 0 });
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([500, 1_000, 2_000, 2_500, 2_500]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  it('spreads the latter half of a wait at random', () => {
    const backoff = createBackoff({ firstMs: 1_000, longestMs: 1_000, random: () => 0.5 });
    expect(backoff.next()).toBe(750);
  });
});
