import { CALL } from '../chain/chain-snapshot.ts';
import { black76Price } from './black76.ts';
import { PER_POINT, YEAR_PER_DAY } from './greek-units.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';
import type { OptionGreeks } from './option-greeks.ts';

const UNKNOWN: OptionGreeks = { delta: Number.NaN, gamma: Number.NaN, vega: Number.NaN, theta: Number.NaN, rho: Number.NaN };

/**
 * Greeks of a European option on a forward (Black 1976; Hull, ch. 18). The underlying is the forward: delta and gamma are per 1.00 of it, and theta and
 * rho hold it fixed.
 *
 * @param right CALL (0) or PUT (1)
 * @param yearFraction years to expiration, > 0
 * @param volatility decimal, > 0
 * @param rate continuously compounded, per year
 * @returns all NaN when an argument is NaN or outside its range
 */
export function black76Greeks(
  right: 0 | 1,
  forward: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
): OptionGreeks {
  if (!(forward > 0 && strike > 0 && yearFraction > 0 && volatility > 0 && Number.isFinite(rate))) return UNKNOWN;
  const discountFactor = Math.exp(-rate * yearFraction);
  const rootTime = Math.sqrt(yearFraction);
  const deviation = volatility * rootTime;
  const d1 = Math.log(forward / strike) / deviation + 0.5 * deviation;
  const density = discountFactor * normalPdf(d1);
  const price = black76Price(right, forward, strike, yearFraction, volatility, discountFactor);
  return {
    delta: discountFactor * (right === CALL ? normalCdf(d1) : -normalCdf(-d1)),
    gamma: density / (forward * deviation),
    vega: forward * density * rootTime * PER_POINT,
    theta: ((-forward * density * volatility) / (2 * rootTime) + rate * price) * YEAR_PER_DAY,
    rho: -yearFraction * price * PER_POINT,
  };
}
