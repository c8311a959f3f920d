import { describe, expect, it } from 'vitest';
import type { AggregateBucket } from '../../../../src/domain/rollups/aggregate-figures.ts';
import { type FillMode, fillGaps } from '../../../../src/domain/rollups/fill-gaps.ts';

const BOUNDS = [0, 10, 20, 30, 40];

function aBucket(startMs: number, value: number): AggregateBucket {
  const figures = { sum: value, avg: value, min: value, max: value, first: value - 1, last: value + 1, p50: value, p95: value, p99: value };
  return { startMs, endMs: startMs + 10, isFinal: true, count: 1, stddev: null, ...figures };
}

const KNOWN = [aBucket(10, 5), aBucket(30, 7)];
const filled = (mode: FillMode) => [...fillGaps(KNOWN, BOUNDS, mode, (endMs) => endMs <= 10)];

describe('buckets without values', () => {
  it('are left out', () => {
    expect(filled('NONE')).toEqual(KNOWN);
  });

  it('are there without figures', () => {
    const buckets = filled('NULL');
    expect(
      buckets.map(({ startMs, endMs, isFinal, count, sum, avg, stddev }) => [startMs, endMs, isFinal, count, sum, avg, stddev]),
    ).toEqual([
      [0, 10, true, 0, null, null, null],
      [10, 20, true, 1, 5, 5, null],
      [20, 30, false, 0, null, null, null],
      [30, 40, true, 1, 7, 7, null],
    ]);
  });

  it('are 0', () => {
    const [first] = filled('ZERO');
    expect(first).toEqual({
      startMs: 0,
      endMs: 10,
      isFinal: true,
      count: 0,
      sum: 0,
      avg: 0,
      min: 0,
      max: 0,
      first: 0,
      last: 0,
      stddev: 0,
      p50: 0,
      p95: 0,
      p99: 0,
    });
  });

  it('go on with the last value, once there is one', () => {
    const buckets = filled('PREVIOUS');
    expect(buckets[0]).toMatchObject({ count: 0, last: null });
    expect(buckets[2]).toEqual({
      startMs: 20,
      endMs: 30,
      isFinal: false,
      count: 0,
      sum: null,
      avg: 6,
      min: 6,
      max: 6,
      first: 6,
      last: 6,
      stddev: null,
      p50: 6,
      p95: 6,
      p99: 6,
    });
  });
});
