import { DDSketch } from '@datadog/sketches-js';

/**
 * Quantiles of sketches are off by no more than this share of the value: DDSketch (Masson, Rim & Lee, 2019). Stored sketches depend on it; whoever changes it counts up
 * the version in sketch-codec.ts.
 */
export const PERCENTILE_RELATIVE_ERROR = 0.01;

/** Bins of values by their logarithm. The bins themselves are kept by `QuantileSketch`: the package's store holds every bin between the smallest and the largest. */
const { mapping } = new DDSketch({ relativeAccuracy: PERCENTILE_RELATIVE_ERROR });

/** Behind the number of the smallest bin of positive values, which is about -35,450. */
const POSITIVE = 40_000;

/** The number of the bin of a finite value. Numbers of bins are in the order of values; 0 is the bin of zero. */
export function binOf(value: number): number {
  if (value > mapping.minPossible) return mapping.key(value) + POSITIVE;
  if (value < -mapping.minPossible) return -mapping.key(-value) - POSITIVE;
  return 0;
}

/** Stands for all values of a bin. */
export function valueOfBin(bin: number): number {
  if (bin > 0) return mapping.value(bin - POSITIVE);
  if (bin < 0) return -mapping.value(-bin - POSITIVE);
  return 0;
}
