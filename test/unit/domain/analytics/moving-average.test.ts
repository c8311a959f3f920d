import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOVING_AVERAGE_KINDS, movingAverage } from '../../../../src/domain/analytics/moving-average.ts';

const ROUNDED = (values: Float64Array) => [...values].map((value) => (Number.isNaN(value) ? null : Number(value.toFixed(6))));

describe('moving averages', () => {
  const values = Float64Array.of(1, 2, 4, 8, 16);

  it('weigh as their names say', () => {
    expect(ROUNDED(movingAverage(values, 'SMA', 3))).toEqual([null, null, 2.333333, 4.666667, 9.333333]);
    expect(ROUNDED(movingAverage(values, 'WMA', 3))).toEqual([null, null, 2.833333, 5.666667, 11.333333]);
    expect(ROUNDED(movingAverage(values, 'EMA', 3))).toEqual([null, null, 2.333333, 5.166667, 10.583333]);
  });

  it('of a constant are that constant, and lie between the least and the greatest of what they average', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MOVING_AVERAGE_KINDS),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 40 }),
        (kind, period, list) => {
          const averages = movingAverage(Float64Array.from(list), kind, period);
          const [least, greatest] = [Math.min(...list), Math.max(...list)];
          expect(averages.slice(period - 1).every((value) => value >= least - 1e-9 && value <= greatest + 1e-9)).toBe(true);
          expect(averages.slice(0, period - 1).every(Number.isNaN)).toBe(true);
          const constant = movingAverage(new Float64Array(20).fill(7), kind, period);
          expect(constant.slice(period - 1).every((value) => Math.abs(value - 7) < 1e-9)).toBe(true);
        },
      ),
    );
  });

  it('begin anew behind what is unknown', () => {
    const broken = Float64Array.of(1, 1, Number.NaN, 3, 3, 3);
    expect(MOVING_AVERAGE_KINDS.map((kind) => ROUNDED(movingAverage(broken, kind, 2)))).toEqual(
      MOVING_AVERAGE_KINDS.map(() => [null, 1, null, null, 3, 3]),
    );
  });

  it('refuse a period of nothing', () => {
    expect(() => movingAverage(values, 'SMA', 0)).toThrow('expected a period of 1 or more, got 0');
  });
});
