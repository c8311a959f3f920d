import fc from 'fast-check';
import { median } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { runningMedian } from '../../../../src/domain/analytics/running-median.ts';

describe('a running median', () => {
  it('is the median of the window about each value, and at the ends that of the last window that fits', () => {
    expect(runningMedian([5, 1, 4, 2, 3, 9], 3)).toEqual([4, 4, 2, 3, 3, 3]);
  });

  it('is that of all values where there are fewer than a window has', () => {
    expect(runningMedian([4, 1, 2, 9], 5)).toEqual([3, 3, 3, 3]);
    expect(runningMedian([], 5)).toEqual([]);
  });

  it('is what sorting each window says', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 6 }), (values, half) => {
        const window = 2 * half + 1;
        const size = Math.min(window, values.length);
        const expected = values.map((_value, index) => {
          const from = Math.max(0, Math.min(index - half, values.length - size));
          return median(values.slice(from, from + size));
        });
        expect(runningMedian(values, window).map((found) => found + 0)).toEqual(expected.map((found) => found + 0));
      }),
    );
  });
});
