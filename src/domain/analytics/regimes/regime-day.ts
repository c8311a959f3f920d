/** What regimes are judged by, one market day. Unknown is NaN. */
export interface RegimeDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Last price, quote currency per unit. */
  readonly price: number;
  /** Share of the days before, at most 252, with lower 30-day implied volatility; 0 to 100. */
  readonly ivPercentile: number;
  /** Share of the days before, at most 252, with lower realised volatility; 0 to 100. */
  readonly realisedVolatilityPercentile: number;
  /** Implied volatility at 60 days less that at 30 days, decimal; negative: backwardation. */
  readonly termSlope: number;
}
