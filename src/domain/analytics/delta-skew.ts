import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';

/**
 * Implied volatility of the contract of a given absolute delta, linear in delta between the two contracts around it.
 *
 * @param delta 0 to 1, e.g. 0.25
 * @param isPut of the puts, or of the calls
 * @returns decimal; NaN when the contracts of the expiration do not bracket the delta
 */
export function volatilityAtDelta({ columns }: PricedChain, slice: ExpirationSlice, isPut: boolean, delta: number): number {
  const from = isPut ? slice.putStart : slice.start;
  const to = isPut ? slice.end : slice.putStart;
  let belowDelta = Number.NEGATIVE_INFINITY;
  let belowVolatility = Number.NaN;
  let aboveDelta = Number.POSITIVE_INFINITY;
  let aboveVolatility = Number.NaN;
  for (let row = from; row < to; row++) {
    const volatility = columns.impliedVolatility[row]!;
    const magnitude = Math.abs(columns.delta[row]!);
    if (!(volatility > 0) || Number.isNaN(magnitude)) continue;
    if (magnitude <= delta && magnitude > belowDelta) {
      belowDelta = magnitude;
      belowVolatility = volatility;
    }
    if (magnitude >= delta && magnitude < aboveDelta) {
      aboveDelta = magnitude;
      aboveVolatility = volatility;
    }
  }
  if (belowDelta === aboveDelta) return belowVolatility;
  const share = (delta - belowDelta) / (aboveDelta - belowDelta);
  return belowVolatility + share * (aboveVolatility - belowVolatility);
}

/** IV of the put less IV of the call of the same absolute delta, as a decimal: what protection costs more than participation. NaN: not bracketed. */
export function deltaSkew(chain: PricedChain, slice: ExpirationSlice, delta = 0.25): number {
  return volatilityAtDelta(chain, slice, true, delta) - volatilityAtDelta(chain, slice, false, delta);
}
