import { valueOfBin } from './sketch-bin.ts';

/**
 * The smallest value that at least this share of the values lies at or below (`percentile_disc` of SQL), within PERCENTILE_RELATIVE_ERROR of it; NaN without values.
 *
 * @param bins ascending @param counts of their values @param length how many of the bins count @param share in [0, 1] @param total how many values there are
 */
export function quantileOfBins(bins: ArrayLike<number>, counts: ArrayLike<number>, length: number, share: number, total: number): number {
  if (length === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil(share * total));
  let passed = 0;
  for (let index = 0; index < length - 1; index++) {
    passed += counts[index]!;
    if (passed >= rank) return valueOfBin(bins[index]!);
  }
  return valueOfBin(bins[length - 1]!);
}
