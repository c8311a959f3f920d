import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trendOf } from '../../../../src/domain/analytics/trend.ts';

const times = (count: number) => Float64Array.from({ length: count }, (_, i) => i);

describe('a trend', () => {
  it('is the least-squares line with the t-statistic of its slope', () => {
    // Anscombe's first set (1973): slope 0.5001, intercept 3.0001, R² 0.6665, t 4.24.
    const x = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const y = [4.26, 5.68, 7.24, 4.82, 6.95, 8.81, 8.04, 8.33, 10.84, 7.58, 9.96];
    const trend = trendOf(Float64Array.from(x), Float64Array.from(y))!;
    expect(trend.slope).toBeCloseTo(0.5001, 4);
    expect(trend.intercept).toBeCloseTo(3.0001, 4);
    expect(trend.rSquared).toBeCloseTo(0.6665, 4);
    expect(trend.tStatistic).toBeCloseTo(4.24, 2);
  });

  it('counts pairs that rise and fall, corrected for ties (Mann-Kendall)', () => {
    expect(trendOf(times(4), Float64Array.of(1, 2, 3, 4))).toMatchObject({ kendallS: 6 });
    // By hand: n = 5, one tie of two: variance (5·4·15 - 2·1·9)/18 = 15.667; S = 7, Z = 6/√15.667.
    const tied = trendOf(times(5), Float64Array.of(1, 2, 2, 3, 2.5))!;
    expect(tied.kendallS).toBe(7);
    expect(tied.kendallZ).toBeCloseTo(6 / Math.sqrt(282 / 18), 12);
    expect(trendOf(times(3), Float64Array.of(5, 5, 5))).toMatchObject({ slope: 0, tStatistic: 0, kendallS: 0, kendallZ: 0 });
  });

  it('counts what trying all pairs would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 250, size: 'max' }), (values) => {
        const pairs = values.flatMap((value, index) => values.slice(0, index).map((before) => Math.sign(value - before)));
        const { kendallS } = trendOf(times(values.length), Float64Array.from(values))!;
        expect(kendallS + 0).toBe(pairs.reduce((sum, sign) => sum + sign, 0) + 0);
      }),
    );
  });

  it('is sure of a straight line, and says nothing of fewer than three values', () => {
    expect(trendOf(times(5), Float64Array.of(0, 2, 4, 6, 8))).toMatchObject({
      slope: 2,
      rSquared: 1,
      tStatistic: Number.POSITIVE_INFINITY,
    });
    expect(trendOf(times(2), Float64Array.of(1, 2))).toBeNull();
    expect(trendOf(new Float64Array(4), Float64Array.of(1, 2, 3, 4))).toBeNull();
  });
});
