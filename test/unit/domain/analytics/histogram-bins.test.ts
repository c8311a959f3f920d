import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automaticBins, binStarts, MOST_BINS } from '../../../../src/domain/analytics/histogram-bins.ts';

describe('the number of bins', () => {
  it('follows Freedman and Diaconis', () => {
    // Width 2 · 10 / ∛1000 = 2.
    expect(automaticBins({ count: 1_000, min: 0, max: 41, lowerQuartile: 10, upperQuartile: 20 })).toBe(21);
  });

  it('is bounded when values lie far out', () => {
    expect(automaticBins({ count: 1_000, min: 0, max: 1e9, lowerQuartile: 10, upperQuartile: 20 })).toBe(MOST_BINS);
  });

  it('follows Sturges when half of the values are one number', () => {
    expect(automaticBins({ count: 64, min: 0, max: 9, lowerQuartile: 1, upperQuartile: 1 })).toBe(7);
  });

  it('is one when all are alike', () => {
    expect(automaticBins({ count: 64, min: 3, max: 3, lowerQuartile: 3, upperQuartile: 3 })).toBe(1);
    expect(binStarts(3, 3, 10)).toEqual([3]);
  });
});

it('bins begin at the smallest value and rise, also where numbers lie closest', () => {
  expect(binStarts(0, 10, 4)).toEqual([0, 2.5, 5, 7.5]);
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
      fc.double({ noNaN: true, min: 0, max: 1e12 }),
      fc.integer({ min: 1, max: MOST_BINS }),
      (min, width, bins) => {
        const starts = binStarts(min, min + width, bins);
        expect(starts[0]).toBe(min);
        expect(starts.length).toBeLessThanOrEqual(bins);
        for (let i = 1; i < starts.length; i++) expect(starts[i]!).toBeGreaterThan(starts[i - 1]!);
        expect(starts.at(-1)! < min + width || min + width === min).toBe(true);
      },
    ),
  );
});
