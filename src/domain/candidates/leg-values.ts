import { CALL, type ExpirationSlice, PUT } from '../chain/chain-snapshot.ts';
import { expectedCallPayoff, expectedPutPayoff } from '../pricing/expected-payoff.ts';
import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';
import { probabilityInTheMoney } from '../pricing/probability-in-the-money.ts';
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
   * mark itself for a European option and leaves the early-exercise premium out of both sides for an American one.
   */
  readonly expectedGain: Float64Array;
}

export function createLegValues(capacity: number): LegValues {
  return {
    probabilityInTheMoney: new Float64Array(capacity),
    moneyness: new Float64Array(capacity),
    expectedGain: new Float64Array(capacity),
  };
}

/** Fills the tradable rows of a slice; the smile must be filled for it. */
export function fillLegValues(
  values: LegValues,
  chain: PricedChain,
  slice: ExpirationSlice,
  expiration: PricedExpiration,
  tradable: Uint8Array,
  smile: VolatilitySmile,
): void {
  const { strike } = chain.snapshot.quotes;
  const { impliedVolatility } = chain.columns;
  const { nodeOfRow, smoothed } = smile;
  const { forward, yearFraction, rate } = expiration;
  const rootTime = Math.sqrt(yearFraction);
  const discountFactor = Math.exp(-rate * yearFraction);
  for (let row = slice.start; row < slice.end; row++) {
    if (tradable[row] === 0) continue;
    const isCall = row < slice.putStart;
    const price = strike[row]!;
    const volatility = impliedVolatility[row]!;
    const expectedPayoff = isCall ? expectedCallPayoff : expectedPutPayoff;
    const fair = expectedPayoff(price, forward, yearFraction, smoothed[nodeOfRow[row]!]!);
    const paid = expectedPayoff(price, forward, yearFraction, volatility);
    values.probabilityInTheMoney[row] = probabilityInTheMoney(isCall ? CALL : PUT, forward, price, yearFraction, volatility);
    values.moneyness[row] = Math.log(price / forward) / (volatility * rootTime);
    values.expectedGain[row] = discountFactor * (fair - paid);
  }
}
