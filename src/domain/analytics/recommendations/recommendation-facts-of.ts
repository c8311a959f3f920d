import { volatilityRank } from '../../volatility/volatility-rank.ts';
import { volumePatterns } from '../patterns/volume-patterns.ts';
import { marketRegime } from '../regimes/market-regime.ts';
import { REGIME_VOLATILITY_DAYS, regimeDays } from '../regimes/regime-days.ts';
import { volatilityRegimes } from '../regimes/volatility-regime.ts';
import type { DailyMetricName, UnderlyingDay } from '../underlying-day.ts';
import { realisedVolatilitySummary } from '../volatility-summary.ts';
import type { RecommendationFacts } from './recommendation-facts.ts';

/**
 * What the rules look at, from the history of an underlying.
 *
 * @param days oldest first, the last one with the values of now
 * @param completed those of them that are over
 * @param rank of the implied volatility of now, NaN where unknown
 */
export function recommendationFactsOf(
  days: readonly UnderlyingDay[],
  completed: readonly UnderlyingDay[],
  rank: Pick<RecommendationFacts, 'ivRank' | 'ivPercentile'>,
  periodsPerYear: number,
): RecommendationFacts {
  const last = days.at(-1)?.metrics;
  const skew = last?.skew25Delta ?? Number.NaN;
  const skewsBefore = knownBefore(days, 'skew25Delta');
  const regimes = regimeDays(days, periodsPerYear);
  return {
    ...rank,
    volatilityDays: knownBefore(days, 'impliedVolatility30d').length,
    impliedVolatility: last?.impliedVolatility30d ?? Number.NaN,
    realisedVolatility: realisedVolatilitySummary(days, 'CLOSE_TO_CLOSE', REGIME_VOLATILITY_DAYS, periodsPerYear)?.value ?? Number.NaN,
    termSlope: last?.termSlope ?? Number.NaN,
    skew,
    // The share of days below is the same for any metric.
    skewPercentile: volatilityRank(skewsBefore, skew).ivPercentile,
    skewDays: skewsBefore.length,
    volatilityRegime: volatilityRegimes(regimes).at(-1) ?? null,
    marketRegime: marketRegime(regimes),
    volume: volumePatterns(completed.map(({ day, metrics }) => ({ day, volume: metrics.volume, openInterest: metrics.openInterest }))),
  };
}

/** What is known of a metric on the days before the last. */
function knownBefore(days: readonly UnderlyingDay[], name: DailyMetricName): number[] {
  return days.slice(0, -1).flatMap(({ metrics }) => (Number.isFinite(metrics[name]) ? metrics[name] : []));
}
