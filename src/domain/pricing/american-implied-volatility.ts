import { CALL } from '../chain/chain-snapshot.ts';
import { americanPrice } from './american-price.ts';
import { bsmImpliedVolatility } from './implied-volatility.ts';

const MAXIMUM_STEPS = 40;
/** Far finer than the error of the price approximation, coarse enough for two or three evaluations. */
const VOLATILITY_TOLERANCE = 1e-7;

/**
 * Implied volatility of an American option: the volatility at which americanPrice is the price.
 *
 * @param european implied volatility of the same price taken as a European option's, which is an upper bound; computed when left out
 * @returns decimal; NaN when the price is at or below the intrinsic value or too high for any volatility, or an argument is NaN or outside its range.
 * Other arguments as in bsmPrice.
 */
export function americanImpliedVolatility(
  price: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  rate: number,
  dividendYield: number,
  european = bsmImpliedVolatility(price, right, spot, strike, yearFraction, rate, dividendYield),
): number {
  if (!(european > 0) || !(price > (right === CALL ? spot - strike : strike - spot))) return Number.NaN;
  if ((right === CALL ? dividendYield : rate) <= 0) return european;
  let low = 0;
  let high = european;
  let lowError = Number.NaN;
  let highError = americanPrice(right, spot, strike, yearFraction, high, rate, dividendYield) - price;
  // The premium is a small part of the price: the first try takes it off as if vega were a straight line through the origin of the time value.
  let next = high * (1 - 0.5 * Math.min(1, highError / price));
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    if (!(highError > 0)) return high;
    if (high - low <= VOLATILITY_TOLERANCE) break;
    const error = americanPrice(right, spot, strike, yearFraction, next, rate, dividendYield) - price;
    const moved = secant(low, lowError, high, highError, next, error);
    if (error > 0) {
      high = next;
      highError = error;
    } else {
      low = next;
      lowError = error;
    }
    if (error === 0 || Math.abs(moved - next) <= VOLATILITY_TOLERANCE) return moved > low && moved < high ? moved : next;
    next = moved > low && moved < high ? moved : 0.5 * (low + high);
  }
  return 0.5 * (low + high);
}

/** Zero of the line through the newest point and the nearest older one. */
function secant(low: number, lowError: number, high: number, highError: number, newest: number, error: number): number {
  const older = Number.isNaN(lowError) || Math.abs(highError) < Math.abs(lowError) ? high : low;
  const olderError = older === high ? highError : lowError;
  return newest - (error * (newest - older)) / (error - olderError);
}
