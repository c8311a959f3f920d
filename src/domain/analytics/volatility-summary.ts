import { volatilityRank } from '../volatility/volatility-rank.ts';
import { dailyBars } from './daily-bars.ts';
import { realisedVolatility, type VolatilityEstimator } from './realised-volatility.ts';
import type { UnderlyingDay } from './underlying-day.ts';

export interface RealisedVolatilitySummary {
  readonly estimator: VolatilityEstimator;
  /** Market days that it is of. */
  readonly days: number;
  /** Decimal per √year. */
  readonly value: number;
  /** Share of the days before, at most 252, with a lower one, 0 to 100; NaN with fewer than 10. */
  readonly percentile: number;
  /** How many days before it was known of. */
  readonly historyDays: number;
  /** The last day that counts, `YYYY-MM-DD`. */
  readonly through: string;
}

/** How much the underlying has moved. @param days oldest first. @param window 2 or more. @returns null with too few days behind the last gap of more than a week */
export function realisedVolatilitySummary(
  days: readonly UnderlyingDay[],
  estimator: VolatilityEstimator,
  window: number,
  periodsPerYear: number,
): RealisedVolatilitySummary | null {
  const { days: priced, bars } = dailyBars(days);
  const values = realisedVolatility(bars, estimator, window, periodsPerYear);
  const value = values.at(-1);
  if (value === undefined || !Number.isFinite(value)) return null;
  const before = [...values.subarray(0, -1)].filter(Number.isFinite);
  return {
    estimator,
    days: window,
    value,
    percentile: volatilityRank(before, value).ivPercentile,
    historyDays: before.length,
    through: priced.at(-1)!.day,
  };
}
