import type { ExpirationSlice } from '../chain/chain-snapshot.ts';

/** The neighbours of the forward must lie within this many standard deviations: farther out the smile has bent away from the money. */
const FARTHEST_DEVIATIONS = 1;

/**
 * Implied volatility at the forward: linear in ln(K/F) between the nearest strikes below (the put's volatility, or the call's when the put has none) and above
 * (the call's, or the put's). When only one side has a strike within a tenth of a standard deviation it stands alone. NaN when neither is near enough.
 */
export function atTheMoneyVolatility(
  strike: Float64Array,
  impliedVolatility: Float64Array,
  slice: ExpirationSlice,
  forward: number,
  yearFraction: number,
): number {
  let lowerRow = -1;
  let upperRow = -1;
  for (let row = slice.start; row < slice.end; row++) {
    if (!(impliedVolatility[row]! > 0)) continue;
    const k = strike[row]!;
    // Puts come after calls in a slice: of equal strikes the put wins below the forward, the call above it.
    if (k <= forward) {
      if (lowerRow < 0 || k >= strike[lowerRow]!) lowerRow = row;
    } else if (upperRow < 0 || k < strike[upperRow]!) upperRow = row;
  }
  const lower = lowerRow < 0 ? Number.NaN : impliedVolatility[lowerRow]!;
  const upper = upperRow < 0 ? Number.NaN : impliedVolatility[upperRow]!;
  const below = lowerRow < 0 ? Number.NaN : Math.log(forward / strike[lowerRow]!);
  const above = upperRow < 0 ? Number.NaN : Math.log(strike[upperRow]! / forward);
  const rootTime = Math.sqrt(yearFraction);
  if (below <= FARTHEST_DEVIATIONS * lower * rootTime && above <= FARTHEST_DEVIATIONS * upper * rootTime) {
    return lower + ((upper - lower) * below) / (below + above);
  }
  if (below <= 0.1 * lower * rootTime) return lower;
  if (above <= 0.1 * upper * rootTime) return upper;
  return Number.NaN;
}
