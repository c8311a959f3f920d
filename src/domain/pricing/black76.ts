import { CALL } from '../chain/chain-snapshot.ts';
import { normalisedBlack, normalisedVega } from './normalised-black.ts';

/**
 * Price of a European option on a forward: Black, "The pricing of commodity contracts" (1976).
 *
 * @param right CALL (0) or PUT (1)
 * @param forward forward price for the expiration, > 0
 * @param strike > 0
 * @param yearFraction time to expiration in years, ≥ 0
 * @param volatility per √year, decimal, ≥ 0; 0 gives the discounted intrinsic value
 * @param discountFactor price today of 1 paid at expiration
 * @returns price in the currency of forward and strike; NaN when an argument is NaN or outside its range. The out-of-the-money value keeps its
 * relative accuracy however small it is, and put-call parity holds to rounding.
 */
export function black76Price(
  right: 0 | 1,
  forward: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  discountFactor: number,
): number {
  if (!(forward > 0 && strike > 0 && yearFraction >= 0 && volatility >= 0)) return Number.NaN;
  const intrinsic = Math.max(0, right === CALL ? forward - strike : strike - forward);
  const x = -Math.abs(Math.log(forward / strike));
  const timeValue = Math.sqrt(forward) * Math.sqrt(strike) * normalisedBlack(x, volatility * Math.sqrt(yearFraction));
  return discountFactor * (intrinsic + timeValue);
}

/** ∂price/∂volatility per 1.00 of volatility (divide by 100 for one volatility point). Arguments as in black76Price; the same for calls and puts. */
export function black76Vega(forward: number, strike: number, yearFraction: number, volatility: number, discountFactor: number): number {
  if (!(forward > 0 && strike > 0 && yearFraction >= 0 && volatility >= 0)) return Number.NaN;
  const rootTime = Math.sqrt(yearFraction);
  const vega = normalisedVega(Math.log(forward / strike), volatility * rootTime);
  return discountFactor * rootTime * Math.sqrt(forward) * Math.sqrt(strike) * vega;
}
