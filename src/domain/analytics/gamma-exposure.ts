import { type ExpirationSlice, PUT } from '../chain/chain-snapshot.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';

/** Of the price of the underlying: exposure is stated per move of 1 %. */
const MOVE = 0.01;

/**
 * What dealers would have to trade, in the quote currency, when the underlying moves by 1 %, were they long every call and short every put that is open:
 * Σ ± gamma · open interest · multiplier · S² · 0.01 (the convention of SqueezeMetrics' GEX paper, 2016). Positive: hedging dampens moves.
 *
 * @returns NaN when no contract has both a gamma and open interest, or the price is unknown
 */
export function gammaExposure(
  { snapshot, columns }: PricedChain,
  slice: Pick<ExpirationSlice, 'start' | 'end'> = { start: 0, end: snapshot.size },
): number {
  const { quotes, underlying, underlyingPrice } = snapshot;
  let sum = Number.NaN;
  for (let row = slice.start; row < slice.end; row++) {
    const shares = columns.gamma[row]! * quotes.openInterest[row]!;
    if (Number.isNaN(shares)) continue;
    const signed = quotes.right[row] === PUT ? -shares : shares;
    sum = Number.isNaN(sum) ? signed : sum + signed;
  }
  return sum * underlying.contractMultiplier * underlyingPrice * underlyingPrice * MOVE;
}
