import { describe, expect, it } from 'vitest';
import { histogramOf } from '../../../../src/domain/filters/histogram.ts';
import { createValueSample } from '../../../../src/domain/filters/value-sample.ts';

const VALUES = Float64Array.from({ length: 5_000 }, (_, i) => (i % 7 === 0 ? Number.NaN : (i * 7_919) % 4_999));

describe('a sample of values', () => {
  it('is all of them while there is room', () => {
    const sample = createValueSample(8_192);
    sample.append(VALUES, VALUES.length);
    expect(sample.histogram(20)).toEqual(histogramOf(VALUES.slice(), 20));
  });

  it('is a share of them otherwise, and still says how many there were and between which bounds', () => {
    const sample = createValueSample(256);
    for (const value of VALUES) sample.appendOne(value);
    const whole = histogramOf(VALUES.slice(), 20);
    const estimate = sample.histogram(20);
    expect(estimate).toMatchObject({ count: whole.count, unknown: whole.unknown, min: whole.min, max: whole.max });
    expect(Math.abs(estimate.median! - whole.median!)).toBeLessThan(500);
    const counted = estimate.buckets.reduce((sum, { count }) => sum + count, 0) + estimate.below + estimate.above;
    expect(Math.abs(counted - whole.count)).toBeLessThan(25);
    expect(Math.max(...estimate.buckets.map(({ count }) => count))).toBeLessThan((3 * whole.count) / 20);
  });

  it('without known values has no bounds', () => {
    const sample = createValueSample();
    sample.appendOne(Number.NaN);
    expect(sample.histogram(20)).toEqual({ count: 0, unknown: 1, min: null, max: null, median: null, buckets: [], below: 0, above: 0 });
  });
});
