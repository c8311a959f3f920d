/** Sensitivities of one option, in the units of the whole product. */
export interface OptionGreeks {
  /** Change of the price per +1.00 of the underlying. */
  readonly delta: number;
  /** Change of delta per +1.00 of the underlying. */
  readonly gamma: number;
  /** Change of the price per +1 volatility point (0.01). */
  readonly vega: number;
  /** Change of the price per calendar day that passes (1/365 year). */
  readonly theta: number;
  /** Change of the price per +1 % of the interest rate (0.01). */
  readonly rho: number;
}
