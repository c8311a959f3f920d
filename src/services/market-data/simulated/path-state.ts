/** How prices and volatilities of one underlying move; all rates per year of 365 days, the market never closing. */
export interface PathParameters {
  /** Long-run volatility, decimal. */
  readonly volatility: number;
  /** Correlation of its moves with the whole market's, 0 to 1. */
  readonly marketCorrelation: number;
  /** Correlation of price and volatility, -1 to 1: negative for shares, whose volatility rises when they fall. */
  readonly leverage: number;
  readonly jumpsPerYear: number;
  /** Standard deviation of the logarithm of a jump, decimal. */
  readonly jumpDeviation: number;
}

/** Where a path is. All three revert to 0. */
export interface PathState {
  /** ln(price / reference price). */
  readonly logPrice: number;
  /** Logarithm of volatility over its long-run level: the part that lasts for months, and the part that lasts for days. */
  readonly slowVolatility: number;
  readonly fastVolatility: number;
}

/** Half-lives of 5 and 90 days in units of rate per year: the two scales found in index volatility (Alizadeh, Brandt and Diebold, Journal of Finance 57, 2002). */
export const FAST_REVERSION = (Math.LN2 * 365) / 5;
export const SLOW_REVERSION = (Math.LN2 * 365) / 90;

/** Stationary standard deviations of the two parts; together volatility stays within about 0.5 to 2 times its long-run level. */
export const FAST_DEVIATION = 0.2;
export const SLOW_DEVIATION = 0.2;

/** Prices return to their reference within half a year or so, which keeps names recognisable however long the market runs and is not felt within a day. */
export const PRICE_REVERSION = 2;

/** ln E[exp(2·(slow + fast))] / 2: taken off, so that the mean variance is the long-run variance. */
export const VOLATILITY_CONVEXITY = FAST_DEVIATION ** 2 + SLOW_DEVIATION ** 2;

/** Volatility over its long-run level. */
export function relativeVolatility(state: PathState): number {
  return Math.exp(state.slowVolatility + state.fastVolatility - VOLATILITY_CONVEXITY);
}
