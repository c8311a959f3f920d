import type { VolumePatterns } from '../patterns/volume-patterns.ts';
import type { MarketRegime } from '../regimes/market-regime.ts';
import type { VolatilityRegime } from '../regimes/volatility-regime.ts';

/** What recommendations are judged by. Unknown is NaN or null, and what is unknown speaks neither for nor against. */
export interface RecommendationFacts {
  /** 0 to 100. */
  readonly ivRank: number;
  readonly ivPercentile: number;
  /** Market days before that those two are among. */
  readonly volatilityDays: number;
  /** 30-day at-the-money, decimal. */
  readonly impliedVolatility: number;
  /** Of the last 20 days, close to close, decimal per √year. */
  readonly realisedVolatility: number;
  /** Implied volatility at 60 days less that at 30 days, decimal. */
  readonly termSlope: number;
  /** Implied volatility of the 25-delta put less that of the call at 30 days, decimal. */
  readonly skew: number;
  /** Share of the days before with a lower skew, 0 to 100. */
  readonly skewPercentile: number;
  /** How many days before that is among. */
  readonly skewDays: number;
  readonly volatilityRegime: VolatilityRegime | null;
  readonly marketRegime: MarketRegime | null;
  readonly volume: VolumePatterns | null;
}
