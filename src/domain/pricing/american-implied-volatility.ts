import { CALL } from '../chain/chain-snapshot.ts';
import { earlyExercisePremium } from './american-price.ts';
import { type AmericanTerms, americanTerms } from './american-terms.ts';
import { black76Price, black76Vega } from './black76.ts';
import { bsmImpliedVolatility } from './implied-volatility.ts';

const MAXIMUM_STEPS = 40;
/** Far finer than the error of the price approximation, coarse enough for two or three evaluations. */
const VOLATILITY_TOLERANCE = 1e-6;

/** Less time value than this share of the strike is rounding: the price is the intrinsic value. */
const SMALLEST_TIME_VALUE = 1e-10;

/**
 * Implied volatility of an American option: the volatility at which americanPrice is the price.
 *
 * @returns decimal; NaN when the price is at or below the intrinsic value, at or above what the European option costs at any volatility (the spot less
 * dividends of a call, the discounted strike of a put), or an argument is NaN or outside its range. Other arguments as in bsmPrice.
 */
export function americanImpliedVolatility(
  price: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  rate: number,
  dividendYield: number,
): number {
  const european = bsmImpliedVolatility(price, right, spot, strike, yearFraction, rate, dividendYield);
  if (!(european > 0)) return Number.NaN;
  const terms = americanTerms(yearFraction, rate, dividendYield);
  const premium = earlyExercisePremium(price, right, spot, strike, european, terms);
  return volatilityWithoutPremium(price, right, spot, strike, terms, european, premium);
}

/**
 * As americanImpliedVolatility, from what the caller has already: the volatility that explains the price as a European option's, which is an upper
 * bound, and the early-exercise premium at it, which is by how much the American price there is too high.
 */
export function volatilityWithoutPremium(
  price: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  terms: AmericanTerms,
  european: number,
  premium: number,
): number {
  const intrinsic = right === CALL ? spot - strike : strike - spot;
  if (!(price > intrinsic + SMALLEST_TIME_VALUE * strike)) return Number.NaN;
  const { yearFraction, discountFactor } = terms;
  const forward = spot * terms.growth;
  let low = 0;
  let lowError = Number.NaN;
  let high = european;
  let highError = premium;
  let next = high - premium / black76Vega(forward, strike, yearFraction, high, discountFactor);
  for (let step = 0; step < MAXIMUM_STEPS && high - low > VOLATILITY_TOLERANCE && highError > 0; step++) {
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const value = black76Price(right, forward, strike, yearFraction, next, discountFactor);
    const error = value + earlyExercisePremium(value, right, spot, strike, next, terms) - price;
    const moved = secant(low, lowError, high, highError, next, error);
    if (error > 0) {
      high = next;
      highError = error;
    } else {
      low = next;
      lowError = error;
    }
    if (error === 0 || Math.abs(moved - next) <= VOLATILITY_TOLERANCE) return moved >= low && moved <= high ? moved : next;
    next = moved;
  }
  return highError > 0 ? 0.5 * (low + high) : high;
}

/** Zero of the line through the newest point and the nearer of the older ones. */
function secant(low: number, lowError: number, high: number, highError: number, newest: number, error: number): number {
  const useHigh = !(Math.abs(lowError) <= Math.abs(highError));
  const older = useHigh ? high : low;
  const olderError = useHigh ? highError : lowError;
  return newest - (error * (newest - older)) / (error - olderError);
}
