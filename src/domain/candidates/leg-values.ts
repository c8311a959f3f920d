import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { smoothedVolatility } from './smoothed-volatility.ts';
import { tabulatedNormalCdf } from './tabulated-normal-cdf.ts';
import type { VolatilitySmile } from './volatility-smile.ts';

/** What candidates add up from their legs, worked out once per contract and not once per candidate. By row of the chain; NaN: unknown. */
export interface LegValues {
  /** Risk-neutral: call N(d2), put N(-d2), under the contract's own volatility. */
  readonly probabilityInTheMoney: Float64Array;
  /** Standardised moneyness ln(K/F)/(σ√T) under the contract's own volatility. */
  readonly moneyness: Float64Array;
  /**
   * Expected value of being long one contract bought at its mark, quote currency per unit, as money of today: e^(-rT)·E[payoff] - mark, where E is taken under
   * the risk-neutral density of the expiration's smoothed smile. The mark is stood for by the European price under the contract's own volatility, which is the
   * mark itself for a European option and leaves the early-exercise premium out of both sides for an American one. Within 1e-8 of the forward.
   */
  readonly expectedGain: Float64Array;
  /** 1 for the rows that are filled. */
  readonly isFilled: Uint8Array;
}

export function createLegValues(capacity: number): LegValues {
  return {
    probabilityInTheMoney: new Float64Array(capacity),
    moneyness: new Float64Array(capacity),
    expectedGain: new Float64Array(capacity),
    isFilled: new Uint8Array(capacity),
  };
}

/** Fills the rows that are legs of candidates in the batch, all of the slice; the smile must be filled for it and refined. */
export function fillLegValues(
  values: LegValues,
  batch: CandidateBatch,
  chain: PricedChain,
  slice: ExpirationSlice,
  expiration: PricedExpiration,
  smile: VolatilitySmile,
): void {
  // In locals, because the compiler loads a property again in every turn of a loop.
  const { size, legCount, legRow } = batch;
  const { probabilityInTheMoney, moneyness, expectedGain, isFilled } = values;
  const { nodeOfRow } = smile;
  const { putStart } = slice;
  const { strike } = chain.snapshot.quotes;
  const { impliedVolatility } = chain.columns;
  const { forward, yearFraction, rate } = expiration;
  const rootTime = Math.sqrt(yearFraction);
  const discountFactor = Math.exp(-rate * yearFraction);
  isFilled.fill(0, slice.start, slice.end);
  for (let candidate = 0; candidate < size; candidate++) {
    const first = candidate * MAX_LEGS;
    const end = first + legCount[candidate]!;
    for (let leg = first; leg < end; leg++) {
      const row = legRow[leg]!;
      if (isFilled[row] === 1) continue;
      isFilled[row] = 1;
      const sign = row < putStart ? 1 : -1;
      const price = strike[row]!;
      const logMoneyness = Math.log(price / forward);
      const deviation = impliedVolatility[row]! * rootTime;
      const d2 = -logMoneyness / deviation - 0.5 * deviation;
      const probability = tabulatedNormalCdf(sign * d2);
      const paid = forward * tabulatedNormalCdf(sign * (d2 + deviation)) - price * probability;
      const fairDeviation = smoothedVolatility(smile, nodeOfRow[row]!) * rootTime;
      const fairD2 = -logMoneyness / fairDeviation - 0.5 * fairDeviation;
      const fair = forward * tabulatedNormalCdf(sign * (fairD2 + fairDeviation)) - price * tabulatedNormalCdf(sign * fairD2);
      probabilityInTheMoney[row] = probability;
      moneyness[row] = logMoneyness / deviation;
      expectedGain[row] = sign * discountFactor * (fair - paid);
    }
  }
}
