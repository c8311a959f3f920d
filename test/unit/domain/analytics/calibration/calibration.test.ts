import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brierScore } from '../../../../../src/domain/analytics/calibration/brier-score.ts';
import { calibrate } from '../../../../../src/domain/analytics/calibration/calibrate.ts';
import { wilsonInterval } from '../../../../../src/domain/analytics/calibration/wilson-interval.ts';

const outcome = (probability: number, happened: boolean) => ({ probability, happened });
const times = (count: number, probability: number, happened: number) =>
  Array.from({ length: count }, (_, index) => outcome(probability, index < happened));

describe('a Brier score', () => {
  it('splits as Murphy (1973) has it', () => {
    // By hand: 10 times 0.2, of which 2; 10 times 0.8, of which 6. Share 0.4.
    const score = brierScore([times(10, 0.2, 2), times(10, 0.8, 6)])!;
    expect(score.score).toBeCloseTo((2 * 0.64 + 8 * 0.04 + 6 * 0.04 + 4 * 0.64) / 20, 12);
    expect(score.reliability).toBeCloseTo((10 * 0 + 10 * 0.04) / 20, 12);
    expect(score.resolution).toBeCloseTo((10 * 0.04 + 10 * 0.04) / 20, 12);
    expect(score.uncertainty).toBeCloseTo(0.24, 12);
    expect(score.withinBucket).toBeCloseTo(0, 12);
  });

  it('has parts that add up, whatever was said and happened', () => {
    const outcomes = fc.array(fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), happened: fc.boolean() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(outcomes, (all) => {
        const { count, brier, buckets, skill } = calibrate(all)!;
        expect(count).toBe(all.length);
        expect(brier.reliability - brier.resolution + brier.uncertainty + brier.withinBucket).toBeCloseTo(brier.score, 12);
        const direct = all.reduce((sum, { probability, happened }) => sum + (probability - (happened ? 1 : 0)) ** 2, 0) / all.length;
        expect(brier.score).toBeCloseTo(direct, 12);
        expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(all.length);
        for (const { from, before, meanPredicted, observed, observedLower, observedUpper } of buckets) {
          expect(meanPredicted).toBeGreaterThanOrEqual(from - 1e-12);
          expect(meanPredicted).toBeLessThanOrEqual(before + 1e-12);
          expect(observed).toBeGreaterThanOrEqual(observedLower - 1e-12);
          expect(observed).toBeLessThanOrEqual(observedUpper + 1e-12);
        }
        expect(Number.isNaN(skill)).toBe(brier.uncertainty === 0);
      }),
      { numRuns: 100 },
    );
  });

  it('rewards who knows: 0 for certainty that comes true, 1 for certainty that does not', () => {
    expect(calibrate([outcome(1, true), outcome(0, false)])).toMatchObject({ skill: 1, brier: { score: 0, reliability: 0 } });
    expect(calibrate([outcome(1, false), outcome(0, true)])).toMatchObject({ skill: -3, brier: { score: 1, reliability: 1 } });
  });
});

describe('a calibration', () => {
  it('shows what was said too often, by bucket', () => {
    const { buckets } = calibrate([...times(20, 0.85, 10), ...times(10, 0.15, 0)])!;
    expect(buckets).toMatchObject([
      { from: 0.1, before: 0.2, count: 10, observed: 0 },
      { from: 0.8, before: 0.9, count: 20, observed: 0.5 },
    ]);
    expect(buckets[1]!.observedUpper).toBeLessThan(0.85);
  });

  it('puts a certainty in the last bucket', () => {
    expect(calibrate([outcome(1, true)])!.buckets).toMatchObject([{ from: 0.9, before: 1, count: 1 }]);
  });

  it('is unknown of nothing, and of what is no probability', () => {
    expect(calibrate([])).toBeNull();
    expect(
      calibrate([outcome(Number.NaN, true), outcome(-0.1, true), outcome(1.1, false), outcome(Number.POSITIVE_INFINITY, true)]),
    ).toBeNull();
  });
});

describe('the interval of Wilson', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });
});
