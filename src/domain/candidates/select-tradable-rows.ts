import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { CANDIDATE_DROP_INDEX } from './candidate-drop-reason.ts';

/**
 * Marks the rows of a slice that may become legs: quoted on both sides at a price above 0, with an implied volatility and every greek. The others are counted
 * in `drops`.
 *
 * @param tradable by row of the chain; 1 or 0 is written for every row of the slice
 */
export function selectTradableRows(chain: PricedChain, slice: ExpirationSlice, tradable: Uint8Array, drops: Uint32Array): void {
  const { mark, impliedVolatility, delta, gamma, vega, theta, rho } = chain.columns;
  let oneSided = 0;
  let unvalued = 0;
  for (let row = slice.start; row < slice.end; row++) {
    const price = mark[row]!;
    const isQuoted = price > 0 && price < Number.POSITIVE_INFINITY;
    // A sum is finite only if every part is.
    const model = impliedVolatility[row]! + delta[row]! + gamma[row]! + vega[row]! + theta[row]! + rho[row]!;
    const isValued = impliedVolatility[row]! > 0 && model - model === 0;
    tradable[row] = isQuoted && isValued ? 1 : 0;
    if (!isQuoted) oneSided++;
    else if (!isValued) unvalued++;
  }
  drops[CANDIDATE_DROP_INDEX['one-sided-quote']]! += oneSided;
  drops[CANDIDATE_DROP_INDEX['no-model-values']]! += unvalued;
}
