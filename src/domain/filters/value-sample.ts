import { type Histogram, histogramOf } from './histogram.ts';

/** Sorted in about 5 ms; more make no picture of twenty buckets any better. */
const MOST_VALUES = 65_536;

/**
 * How any number of values spreads, in bounded memory. Count, unknown, least and greatest are those of all values; of more than 65,536 every second, fourth, … is kept,
 * and the median and the buckets are estimated from those.
 */
export interface ValueSample {
  append(column: Float64Array, count: number): void;
  appendOne(value: number): void;
  histogram(bucketCount: number): Histogram;
}

/** @param mostValues kept, an even number */
export function createValueSample(mostValues = MOST_VALUES): ValueSample {
  let values = new Float64Array(Math.min(1_024, mostValues));
  let size = 0;
  let stride = 1;
  let known = 0;
  let unknown = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;

  function makeRoom(): void {
    if (values.length < mostValues) {
      const larger = new Float64Array(Math.min(mostValues, values.length * 2));
      larger.set(values);
      values = larger;
      return;
    }
    size /= 2;
    for (let i = 0; i < size; i++) values[i] = values[2 * i]!;
    stride *= 2;
  }

  function appendOne(value: number): void {
    if (Number.isNaN(value)) {
      unknown++;
      return;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    if (known++ % stride !== 0) return;
    if (size === values.length) {
      makeRoom();
      // It would have been left out, had the stride been what it is now.
      if ((known - 1) % stride !== 0) return;
    }
    values[size++] = value;
  }

  return {
    append(column, count) {
      for (let i = 0; i < count; i++) appendOne(column[i]!);
    },
    appendOne,
    histogram(bucketCount) {
      const sample = histogramOf(values.subarray(0, size), bucketCount);
      const each = size === 0 ? 0 : known / size;
      return {
        ...sample,
        count: known,
        unknown,
        min: known === 0 ? null : min,
        max: known === 0 ? null : max,
        buckets: sample.buckets.map((bucket) => ({ ...bucket, count: Math.round(bucket.count * each) })),
        below: Math.round(sample.below * each),
        above: Math.round(sample.above * each),
      };
    },
  };
}
