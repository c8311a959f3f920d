import { CALL } from '../chain/chain-snapshot.ts';
import { black76Price } from './black76.ts';
import { PER_POINT, YEAR_PER_DAY } from './greek-units.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';
import type { OptionGreeks } from './option-greeks.ts';

const UNKNOWN: OptionGreeks = { delta: Number.NaN, gamma: Number.NaN, vega: Number.NaN, theta: Number.NaN, rho: Number.NaN };

/**
 * Price of a European option on an underlying that pays a continuous yield: Black, Scholes and Merton (1973); Hull, ch. 17. It is Black-76 on the forward
 * S·e^((r-q)T).
 *
 * @param right CALL (0) or PUT (1)
 * @param spot price of the underlying, > 0
 * @param strike > 0
 * @param yearFraction years to expiration, ≥ 0
 * @param volatility decimal, ≥ 0
 * @param rate continuously compounded, per year
 * @param dividendYield continuous, per year
 * @returns in the currency of the spot; NaN when an argument is NaN or outside its range
 */
export function bsmPrice(
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const forward = spot * Math.exp((rate - dividendYield) * yearFraction);
  return black76Price(right, forward, strike, yearFraction, volatility, Math.exp(-rate * yearFraction));
}

/**
 * Greeks of bsmPrice; spot and dividend yield are held fixed in rho, spot, rate and yield in theta. Needs yearFraction > 0 and volatility > 0;
 * all NaN when an argument is NaN or outside its range.
 */
export function bsmGreeks(
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): OptionGreeks {
  const carry = rate - dividendYield;
  if (!(spot > 0 && strike > 0 && yearFraction > 0 && volatility > 0 && Number.isFinite(carry))) return UNKNOWN;
  const rootTime = Math.sqrt(yearFraction);
  const deviation = volatility * rootTime;
  const d1 = (Math.log(spot / strike) + carry * yearFraction) / deviation + 0.5 * deviation;
  const yieldDiscount = Math.exp(-dividendYield * yearFraction);
  const density = yieldDiscount * normalPdf(d1);
  const delta = yieldDiscount * (right === CALL ? normalCdf(d1) : -normalCdf(-d1));
  const d2 = d1 - deviation;
  // ±K·e^(-rT)·N(±d2): the bond in the replicating portfolio.
  const bond = strike * Math.exp(-rate * yearFraction) * (right === CALL ? normalCdf(d2) : -normalCdf(-d2));
  return {
    delta,
    gamma: density / (spot * deviation),
    vega: spot * density * rootTime * PER_POINT,
    theta: ((-spot * density * volatility) / (2 * rootTime) + dividendYield * spot * delta - rate * bond) * YEAR_PER_DAY,
    rho: yearFraction * bond * PER_POINT,
  };
}
