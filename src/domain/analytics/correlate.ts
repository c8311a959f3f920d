import { sampleCorrelation, sampleRankCorrelation } from 'simple-statistics';

/** How two rows of numbers go together. */
export interface Correlation {
  /** Of numbers known on both sides. */
  readonly pairs: number;
  /** Product-moment correlation, -1 to 1: how close to a straight line. NaN with fewer than three pairs, or when one side never changes. */
  readonly pearson: number;
  /** Rank correlation, -1 to 1, ties by their mean rank: how close to always rising or always falling. NaN like the other. */
  readonly spearman: number;
}

const FEWEST_PAIRS = 3;

/**
 * LEVEL: the numbers themselves. CHANGE: each less the one before. LOG_CHANGE: the logarithm of each divided by the one before, as returns of prices; not known unless both
 * are positive.
 */
export const SERIES_CHANGES = ['LEVEL', 'CHANGE', 'LOG_CHANGE'] as const;
export type SeriesChange = (typeof SERIES_CHANGES)[number];

/** @param one aligned with other; NaN: not known */
export function correlate(one: Float64Array, other: Float64Array): Correlation {
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < one.length; i++) {
    if (!Number.isFinite(one[i]!) || !Number.isFinite(other[i]!)) continue;
    left.push(one[i]!);
    right.push(other[i]!);
  }
  const pairs = left.length;
  if (pairs < FEWEST_PAIRS) return { pairs, pearson: Number.NaN, spearman: Number.NaN };
  return { pairs, pearson: bounded(sampleCorrelation(left, right)), spearman: bounded(sampleRankCorrelation(left, right)) };
}

/** Rounding may lead a little beyond. */
function bounded(correlation: number): number {
  return Number.isFinite(correlation) ? Math.min(1, Math.max(-1, correlation)) : Number.NaN;
}

/** By value; NaN where it is not known. */
export function seriesChange(values: Float64Array, change: SeriesChange): Float64Array {
  if (change === 'LEVEL') return values;
  return values.map((value, index) => {
    const before = index === 0 ? Number.NaN : values[index - 1]!;
    if (change === 'CHANGE') return value - before;
    return value > 0 && before > 0 ? Math.log(value / before) : Number.NaN;
  });
}
