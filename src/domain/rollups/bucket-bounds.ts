import type { BucketClock } from './bucket-clock.ts';

/**
 * The bounds of the buckets that a range touches, whole: the first begins at its start or before, the last ends at its end or behind.
 *
 * @param fromMs epoch milliseconds
 * @param beforeMs exclusive, greater than fromMs
 * @returns one more than there are buckets, ascending: bucket i is from bound i, inclusive, to bound i + 1, exclusive
 */
export function bucketBounds(clock: BucketClock, fromMs: number, beforeMs: number): number[] {
  const bounds = [clock.startOf(fromMs)];
  for (let end = clock.endOf(bounds[0]!); ; end = clock.endOf(end)) {
    bounds.push(end);
    if (end >= beforeMs) return bounds;
  }
}

/** Index of the bucket that a moment lies in; the moment must lie within the bounds. */
export function bucketIndex(bounds: readonly number[], ms: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! <= ms) low = middle;
    else high = middle;
  }
  return low;
}
