import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesTransform } from '../../../../src/domain/alerts/series-transform.ts';
import { createSeriesWindow } from '../../../../src/domain/alerts/series-window.ts';

const move: SeriesTransform = { kind: 'MOVE', windowMs: 10_000, isRelative: false, direction: 'UP', minimumSamples: 1 };
const modified: SeriesTransform = {
  kind: 'Z_SCORE',
  of: 'VALUE',
  method: 'MEDIAN',
  windowMs: null,
  samples: 100,
  minimumSamples: 3,
  direction: 'UP',
};
const spike: SeriesTransform = {
  kind: 'Z_SCORE',
  of: 'INCREMENT',
  method: 'MEAN',
  windowMs: 60_000,
  samples: 512,
  minimumSamples: 3,
  direction: 'UP',
};

function last(transform: SeriesTransform, values: readonly (readonly [number, number])[]): number {
  const window = createSeriesWindow(transform);
  return values.map(([atMs, value]) => window.add(value, atMs)).at(-1)!;
}
const each = (values: readonly number[]) => values.map((value, index) => [index * 1000, value] as const);

describe('a move within a window', () => {
  it('is counted from the lowest, the highest, or the farther of both', () => {
    const values = each([100, 90, 105, 98]);
    expect(last(move, values)).toBe(8);
    expect(last({ ...move, direction: 'DOWN' }, values)).toBe(7);
    expect(last({ ...move, direction: 'EITHER' }, values)).toBe(8);
    expect(last({ ...move, isRelative: true }, values)).toBeCloseTo(8 / 90, 12);
  });

  it('forgets what is older than the window', () => {
    expect(
      last(move, [
        [0, 50],
        [5000, 100],
        [10_000, 101],
      ]),
    ).toBe(51);
    expect(
      last(move, [
        [0, 50],
        [5000, 100],
        [10_001, 101],
      ]),
    ).toBe(1);
  });

  it('is unknown with too few values, and relative to 0', () => {
    expect(last({ ...move, minimumSamples: 3 }, each([1, 2]))).toBeNaN();
    expect(last({ ...move, minimumSamples: 3 }, each([1, 2, 3]))).toBe(2);
    expect(last({ ...move, isRelative: true }, each([0, 2]))).toBeNaN();
  });

  it('is what looking at all values finds, up to what a 240th of the window holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 60 }),
        (steps) => {
          const window = createSeriesWindow(move);
          const all: (readonly [number, number])[] = [];
          let atMs = 0;
          for (const [elapsedMs, value] of steps) {
            atMs += elapsedMs;
            all.push([atMs, value]);
            const got = window.add(value, atMs);
            const rise = (sinceMs: number) => value - Math.min(...all.filter(([ms]) => ms >= sinceMs).map(([, one]) => one));
            expect(got).toBeLessThanOrEqual(rise(atMs - move.windowMs));
            expect(got).toBeGreaterThanOrEqual(rise(atMs - move.windowMs + move.windowMs / 240));
          }
        },
      ),
    );
  });

  it('keeps at most one value for each 240th of the window', () => {
    const window = createSeriesWindow(move);
    for (let atMs = 0; atMs < 100_000; atMs++) window.add(atMs % 7919, atMs);
    for (const kept of window.save()) expect(kept.length).toBeLessThanOrEqual(242);
  });
});

describe('the modified z-score', () => {
  it('is 0.6745 times the distance from the median in median absolute deviations', () => {
    // Iglewicz & Hoaglin: of 1 to 5 the median is 3 and the median absolute deviation 1.
    expect(last(modified, each([1, 2, 3, 4, 5, 10]))).toBeCloseTo(0.6745 * 7, 12);
    expect(last(modified, each([1, 2, 3, 4, 10]))).toBeCloseTo(0.6745 * 7.5, 12);
    expect(last({ ...modified, direction: 'DOWN' }, each([1, 2, 3, 4, 5, 10]))).toBeCloseTo(-0.6745 * 7, 12);
  });

  it('takes the mean absolute deviation when most values are alike, and is unknown when all are', () => {
    // Of 5, 5, 5, 5, 10 the median is 5, the mean absolute deviation 1.
    expect(last(modified, each([5, 5, 5, 5, 10, 7]))).toBeCloseTo(2 / 1.253314, 12);
    expect(last(modified, each([5, 5, 5, 5, 9]))).toBeNaN();
  });

  it('is unknown with too few values before', () => {
    expect(last(modified, each([1, 2, 9]))).toBeNaN();
    expect(last(modified, each([1, 2, 3, 9]))).not.toBeNaN();
  });

  it('compares with the newest values only', () => {
    expect(last({ ...modified, samples: 3 }, each([900, 900, 900, 1, 2, 3, 4]))).toBeCloseTo(0.6745 * 2, 12);
  });
});

describe('the z-score of increments', () => {
  it('compares what was added per second with what had been added before', () => {
    // Increments 10, 12, 14: mean 12, standard deviation 2; then 22.
    expect(last(spike, each([0, 10, 22, 36, 58]))).toBeCloseTo(5, 12);
  });

  it('counts per second, so that a longer pause is no spike', () => {
    expect(
      last(spike, [
        [0, 0],
        [1000, 10],
        [2000, 22],
        [3000, 36],
        [13_000, 156],
      ]),
    ).toBeCloseTo(0, 12);
  });

  it('begins anew when the count of the day does', () => {
    const window = createSeriesWindow(spike);
    for (const [atMs, value] of each([0, 10, 22, 36])) window.add(value, atMs);
    expect(window.add(5, 4000)).toBeNaN();
    expect(window.add(27, 5000)).toBeCloseTo(5, 12);
  });
});

describe('every window', () => {
  const transforms: SeriesTransform[] = [{ kind: 'VALUE' }, move, { ...move, direction: 'EITHER', isRelative: true }, modified, spike];

  it('goes on from what it saved as if nothing had been, and never tells of infinity', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: -5, max: 20 })), { maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...transforms), steps, (transform, all) => {
        const whole = createSeriesWindow(transform);
        let resumed = createSeriesWindow(transform);
        let atMs = 0;
        for (const [elapsedMs, value] of all) {
          atMs += elapsedMs;
          const got = whole.add(value, atMs);
          expect(Math.abs(got)).not.toBe(Number.POSITIVE_INFINITY);
          expect(resumed.add(value, atMs)).toBe(got);
          resumed = createSeriesWindow(transform, JSON.parse(JSON.stringify(resumed.save())));
        }
      }),
    );
  });
});
