/** How values spread. */
export interface Histogram {
  /** Known values. */
  readonly count: number;
  /** Values that were unknown. */
  readonly unknown: number;
  /** Smallest, greatest and middle of the known values; null when there is none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly median: number | null;
  /** Equal widths, ascending; values outside of the first and the last are counted in `below` and `above`. */
  readonly buckets: readonly HistogramBucket[];
  readonly below: number;
  readonly above: number;
}

export interface HistogramBucket {
  /** Included. */
  readonly from: number;
  /** Excluded, but in the last bucket. */
  readonly to: number;
  readonly count: number;
}

/** A few values far out, which chains always have, must not squeeze all others into one bucket. */
const TAIL = 0.01;

/**
 * Buckets from the 1st to the 99th percentile (nearest rank); what lies outside is counted beside them.
 *
 * @param values in any order, NaN: unknown; they get sorted in place
 * @param bucketCount 1 or more; fewer come back when all values are equal
 */
export function histogramOf(values: Float64Array, bucketCount: number): Histogram {
  values.sort();
  // A typed array sorts NaN behind everything else.
  let count = values.length;
  while (count > 0 && Number.isNaN(values[count - 1]!)) count--;
  const unknown = values.length - count;
  if (count === 0) return { count, unknown, min: null, max: null, median: null, buckets: [], below: 0, above: 0 };
  const from = values[Math.floor((count - 1) * TAIL)]!;
  const to = values[Math.ceil((count - 1) * (1 - TAIL))]!;
  const counts = new Uint32Array(to > from ? bucketCount : 1);
  const width = (to - from) / counts.length;
  let below = 0;
  let above = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value < from) below++;
    else if (value > to) above++;
    else counts[width > 0 ? Math.min(counts.length - 1, Math.floor((value - from) / width)) : 0]!++;
  }
  // A width of a few of the smallest numbers there are may have been rounded up to the next of them.
  const edge = (index: number) => (index === counts.length ? to : Math.min(to, from + index * width));
  const buckets = Array.from(counts, (inBucket, index) => ({ from: edge(index), to: edge(index + 1), count: inBucket }));
  const middle = (values[(count - 1) >> 1]! + values[count >> 1]!) / 2;
  return { count, unknown, min: values[0]!, max: values[count - 1]!, median: middle, buckets, below, above };
}
