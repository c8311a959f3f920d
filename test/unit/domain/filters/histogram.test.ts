import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf } from '../../../../src/domain/filters/histogram.ts';

describe('histogramOf', () => {
  it('counts every value once, inside the bucket that holds it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6 }), { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (values, buckets) => {
        const known = values.filter((value) => !Number.isNaN(value));
        const histogram = histogramOf(Float64Array.from(values), buckets);
        const inBuckets = histogram.buckets.reduce((sum, bucket) => sum + bucket.count, 0);
        expect(inBuckets + histogram.below + histogram.above).toBe(known.length);
        expect(histogram.count + histogram.unknown).toBe(values.length);
        expect(histogram.min).toBe(known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b)));
        for (const [index, { from, to }] of histogram.buckets.entries()) {
          expect(to).toBeGreaterThanOrEqual(from);
          expect(histogram.buckets[index + 1]?.from ?? to).toBeCloseTo(to, 6);
        }
      }),
    );
  });

  it('keeps a value far out from squeezing the others together', () => {
    const values = Float64Array.from({ length: 1_000 }, (_, i) => (i === 999 ? 1e9 : i));
    const { buckets, above, max } = histogramOf(values, 10);
    expect(max).toBe(1e9);
    expect(above).toBeGreaterThan(0);
    expect(Math.min(...buckets.map((bucket) => bucket.count))).toBeGreaterThan(90);
  });

  it('has no bucket that ends before it begins, however close the values are', () => {
    const { buckets } = histogramOf(Float64Array.from([0, 25 * Number.MIN_VALUE]), 40);
    expect(buckets.filter(({ from, to }) => to < from)).toEqual([]);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  it('has one bucket when all values are equal, and none when none is known', () => {
    expect(histogramOf(Float64Array.from([2, 2, 2]), 20).buckets).toEqual([{ from: 2, to: 2, count: 3 }]);
    expect(histogramOf(Float64Array.from([Number.NaN]), 20)).toMatchObject({ count: 0, unknown: 1, buckets: [], median: null });
  });
});
