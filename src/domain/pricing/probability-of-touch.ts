import { erfcx } from './complementary-error-function.ts';
import { normalCdf } from './normal-distribution.ts';

/**
 * Risk-neutral probability that the underlying trades at `level` at some time until expiration, watched continuously: the first-passage probability of a
 * geometric Brownian motion (E. G. Haug, "The Complete Guide to Option Pricing Formulas", 2007, section 4.17). Out of the money it is about twice the
 * probability of ending beyond the level.
 *
 * @param level > 0
 * @param spot price of the underlying now, > 0
 * @param forward forward price for the expiration, > 0; with the spot it tells the drift
 * @param yearFraction years to expiration, ≥ 0
 * @param volatility decimal, ≥ 0
 * @returns 0 to 1; NaN when an argument is NaN or outside its range
 */
export function probabilityOfTouch(level: number, spot: number, forward: number, yearFraction: number, volatility: number): number {
  if (!(level > 0 && spot > 0 && forward > 0 && yearFraction >= 0 && volatility >= 0)) return Number.NaN;
  // Upward is the general case: a barrier below is one above for the mirrored motion.
  const side = level >= spot ? 1 : -1;
  const distance = side * Math.log(level / spot);
  if (distance === 0) return 1;
  const deviation = volatility * Math.sqrt(yearFraction);
  const drift = side * (Math.log(forward / spot) - 0.5 * deviation * deviation);
  if (deviation === 0) return drift >= distance ? 1 : 0;
  const ended = normalCdf((drift - distance) / deviation);
  const exponent = (2 * drift * distance) / (deviation * deviation);
  const z = (distance + drift) / deviation;
  // The reflected part is exp(exponent)·N(-z), where the first factor may overflow while the second vanishes.
  const returned = z > 0 ? 0.5 * Math.exp(exponent - 0.5 * z * z) * erfcx(z * Math.SQRT1_2) : Math.exp(exponent) * normalCdf(-z);
  return Math.min(1, ended + returned);
}
