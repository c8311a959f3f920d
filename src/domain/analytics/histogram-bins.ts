/** What is known of values before they are counted. */
export interface ValueSpread {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** More cannot be told apart on a screen. */
export const MOST_BINS = 200;

/**
 * The number of bins that shows how values spread: of width 2·IQR/∛n (Freedman & Diaconis 1981), or ⌈log2 n⌉ + 1 (Sturges 1926) when the middle half of the values is
 * one number.
 *
 * @returns 1 to MOST_BINS; 1 when all values are alike
 */
export function automaticBins({ count, min, max, lowerQuartile, upperQuartile }: ValueSpread): number {
  if (!(max > min)) return 1;
  const width = (2 * (upperQuartile - lowerQuartile)) / Math.cbrt(count);
  const bins = width > 0 ? Math.ceil((max - min) / width) : Math.ceil(Math.log2(count)) + 1;
  return Math.min(MOST_BINS, Math.max(1, bins));
}

/** The lower bounds of bins of equal width, ascending and each greater than the one before. The last bin ends with the greatest value, which it includes. */
export function binStarts(min: number, max: number, bins: number): number[] {
  const starts = [min];
  // Where numbers lie too close, fewer bins are told apart.
  for (let index = 1; index < bins; index++) {
    const start = min + ((max - min) / bins) * index;
    if (start > starts.at(-1)! && start < max) starts.push(start);
  }
  return starts;
}
