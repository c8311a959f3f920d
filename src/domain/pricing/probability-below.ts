import { normalCdf } from './normal-distribution.ts';

/**
 * Risk-neutral probability that the underlying ends below `level` at expiration, lognormal around the forward: N(-d2) (Hull, ch. 15).
 *
 * @param level in the units of the forward; 0 or less is never reached
 * @param forward forward price for the expiration, > 0
 * @param yearFraction years to expiration, ≥ 0
 * @param volatility decimal, ≥ 0; without any deviation left the forward is certain
 * @returns 0 to 1; NaN when an argument is NaN or outside its range
 */
export function probabilityBelow(level: number, forward: number, yearFraction: number, volatility: number): number {
  if (!(forward > 0 && yearFraction >= 0 && volatility >= 0) || Number.isNaN(level)) return Number.NaN;
  if (level <= 0) return 0;
  const deviation = volatility * Math.sqrt(yearFraction);
  if (deviation === 0) return level > forward ? 1 : 0;
  return normalCdf(Math.log(level / forward) / deviation + 0.5 * deviation);
}

/** Risk-neutral probability that the underlying ends above `level`; arguments as in probabilityBelow. Keeps its digits where it is tiny. */
export function probabilityAbove(level: number, forward: number, yearFraction: number, volatility: number): number {
  if (!(forward > 0 && yearFraction >= 0 && volatility >= 0) || Number.isNaN(level)) return Number.NaN;
  if (level <= 0) return 1;
  const deviation = volatility * Math.sqrt(yearFraction);
  if (deviation === 0) return level < forward ? 1 : 0;
  return normalCdf(-Math.log(level / forward) / deviation - 0.5 * deviation);
}
