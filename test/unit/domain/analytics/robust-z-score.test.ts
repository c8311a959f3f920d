import { describe, expect, it } from 'vitest';
import { robustSpread } from '../../../../src/domain/analytics/robust-spread.ts';
import { OUTLIER_Z, robustZScore } from '../../../../src/domain/analytics/robust-z-score.ts';

describe('a robust z-score', () => {
  // Iglewicz & Hoaglin (1993): modified z-score 0.6745·(x - median)/MAD. By hand: median 2.45, median of the distances 0.15.
  const values = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3];

  it('is the modified z-score of Iglewicz and Hoaglin', () => {
    expect(robustZScore(8.2, values)).toBeCloseTo((0.674_489_75 * (8.2 - 2.45)) / 0.15, 6);
    expect(robustZScore(8.2, values)).toBeGreaterThan(OUTLIER_Z);
    expect(Math.abs(robustZScore(2.6, values))).toBeLessThan(1);
  });

  it('falls back on the mean deviation where more than half are alike', () => {
    expect(robustSpread([1, 1, 1, 1, 5])).toEqual({ count: 5, centre: 1, deviation: 0.8 * 1.253_314_137_315_500_3 });
  });

  it.each([
    ['nothing to compare with', 1, []],
    ['only unknown values to compare with', 1, [Number.NaN, Number.NaN]],
    ['another value than all the others', 2, [1, 1, 1]],
    ['an unknown value', Number.NaN, [1, 2, 3]],
    ['an infinite value', Number.POSITIVE_INFINITY, [1, 2, 3]],
  ])('is unknown of %s', (_what, value, others) => {
    expect(robustZScore(value, others)).toBeNaN();
  });

  it('is 0 in the middle, even of values that are all alike', () => {
    expect(robustZScore(1, [1, 1, 1])).toBe(0);
  });
});
