/** Where the volatility of the underlying stands in its own history. NaN: too little history. */
export interface VolatilityContext {
  /** 0 to 100, see the metric ivRank. */
  readonly ivRank: number;
  /** 0 to 100, see the metric ivPercentile. */
  readonly ivPercentile: number;
}
