import { normalCdf } from './normal-distribution.ts';

/**
 * E[F_T; F_T < level]: the part of the mean of a lognormal price at expiration that lies below `level`, F·N(-d1). With probabilityBelow it integrates a
 * straight line over a range of prices. 0 for a level of 0 or less; NaN when an argument is NaN or outside its range.
 *
 * @param forward mean of the price, > 0
 * @param yearFraction years to expiration, ≥ 0
 * @param volatility decimal, ≥ 0
 */
export function partialExpectationBelow(level: number, forward: number, yearFraction: number, volatility: number): number {
  if (!(forward > 0 && yearFraction >= 0 && volatility >= 0) || Number.isNaN(level)) return Number.NaN;
  if (level <= 0) return 0;
  const deviation = volatility * Math.sqrt(yearFraction);
  if (deviation === 0) return level > forward ? forward : 0;
  return forward * normalCdf(Math.log(level / forward) / deviation - 0.5 * deviation);
}
