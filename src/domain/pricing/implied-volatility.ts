import { CALL } from '../chain/chain-snapshot.ts';
import { impliedDeviation } from './implied-deviation.ts';

/**
 * Implied volatility of a European option on a forward: the inverse of black76Price, to the accuracy the price allows (see impliedDeviation).
 *
 * @param price what the option costs today, same currency as forward and strike
 * @param right CALL (0) or PUT (1)
 * @param forward > 0
 * @param strike > 0
 * @param yearFraction years to expiration, > 0
 * @param discountFactor price today of 1 paid at expiration, > 0
 * @returns decimal per √year; NaN when the price is at or below the discounted intrinsic value, at or above the largest possible price (the discounted
 * forward of a call, the discounted strike of a put), or an argument is NaN or outside its range
 */
export function black76ImpliedVolatility(
  price: number,
  right: 0 | 1,
  forward: number,
  strike: number,
  yearFraction: number,
  discountFactor: number,
): number {
  if (!(forward > 0 && strike > 0 && yearFraction > 0 && discountFactor > 0)) return Number.NaN;
  const intrinsic = Math.max(0, right === CALL ? forward - strike : strike - forward);
  const timeValue = price / discountFactor - intrinsic;
  const normalised = timeValue / (Math.sqrt(forward) * Math.sqrt(strike));
  return impliedDeviation(normalised, -Math.abs(Math.log(forward / strike))) / Math.sqrt(yearFraction);
}

/** Inverse of bsmPrice with the arguments described there; NaN as in black76ImpliedVolatility. */
export function bsmImpliedVolatility(
  price: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  rate: number,
  dividendYield: number,
): number {
  const forward = spot * Math.exp((rate - dividendYield) * yearFraction);
  return black76ImpliedVolatility(price, right, forward, strike, yearFraction, Math.exp(-rate * yearFraction));
}
