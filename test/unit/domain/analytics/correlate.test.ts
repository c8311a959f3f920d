import { describe, expect, it } from 'vitest';
import { correlate, seriesChange } from '../../../../src/domain/analytics/correlate.ts';

// Anscombe (1973), "Graphs in Statistical Analysis", first data set: correlation 0.816.
const X = Float64Array.of(10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5);
const Y = Float64Array.of(8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68);

describe('correlation', () => {
  it('is as published', () => {
    const { pairs, pearson, spearman } = correlate(X, Y);
    expect(pairs).toBe(11);
    expect(pearson).toBeCloseTo(0.81642, 5);
    // 1 - 6·Σd²/(n·(n² - 1)) with Σd² = 40.
    expect(spearman).toBeCloseTo(0.81818, 5);
  });

  it('of ranks is 1 for whatever always rises', () => {
    expect(correlate(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 10, 100, 1_000))).toMatchObject({ spearman: 1 });
    expect(correlate(Float64Array.of(1, 2, 3, 4), Float64Array.of(4, 3, 2, 1))).toMatchObject({ pearson: -1, spearman: -1 });
  });

  it('looks at pairs of which both are known', () => {
    const one = Float64Array.of(1, Number.NaN, 2, 3, 5);
    const other = Float64Array.of(2, 9, 4, Number.NaN, 10);
    const { pairs, pearson } = correlate(one, other);
    expect(pairs).toBe(3);
    expect(pearson).toBeCloseTo(1, 12);
  });

  it('is not known of fewer than three pairs, or when one side never changes', () => {
    expect(correlate(Float64Array.of(1, 2), Float64Array.of(1, 2))).toEqual({ pairs: 2, pearson: Number.NaN, spearman: Number.NaN });
    expect(correlate(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3))).toEqual({ pairs: 3, pearson: Number.NaN, spearman: Number.NaN });
  });
});

it('changes need a number before, logarithms positive ones', () => {
  const values = Float64Array.of(1, 2, Number.NaN, 4, 0);
  expect([...seriesChange(values, 'LEVEL')]).toEqual([1, 2, Number.NaN, 4, 0]);
  expect([...seriesChange(values, 'CHANGE')]).toEqual([Number.NaN, 1, Number.NaN, Number.NaN, -4]);
  expect([...seriesChange(values, 'LOG_CHANGE')]).toEqual([Number.NaN, Math.log(2), Number.NaN, Number.NaN, Number.NaN]);
});
