import { median } from 'simple-statistics';
import type { MetricSeries } from '../metric-series.ts';
import { robustSpread } from '../robust-spread.ts';
import { OUTLIER_Z, robustZScore } from '../robust-z-score.ts';
import { runningMedian } from '../running-median.ts';

/** A value unlike those of the same season: the same hour of the day, or the same day of the week. */
export interface SeasonalAnomaly {
  /** Into the series. */
  readonly index: number;
  /** What was to be expected: the level around it and what its season adds, in the unit of the metric. */
  readonly expected: number;
  /** Robust standard deviations from it. */
  readonly zScore: number;
}

/** Values about a moment that its level is the median of: a day of hours, five weeks of trading days. */
const WINDOW = 25;
/** Of fewer values the deviation says little. */
const LEAST_VALUES = 20;
/** A season of fewer values adds nothing. */
const LEAST_SEASON_VALUES = 4;

/**
 * Values far from the median around them and the median of their season, by median absolute deviation: the idea of Hochenbaum, Vallis & Kejariwal, Automatic Anomaly
 * Detection in the Cloud Via Statistical Learning (2017), with a running median in place of STL's trend. Looks back: the values after a moment count as well.
 *
 * @param seasonOf which season a moment (epoch milliseconds) belongs to
 * @returns in order of time; none with fewer than 20 values, or when more than half are just what is expected and the others are alike
 */
export function seasonalAnomalies(
  { atMs, values }: MetricSeries,
  seasonOf: (atMs: number) => number,
  threshold = OUTLIER_Z,
): SeasonalAnomaly[] {
  if (values.length < LEAST_VALUES) return [];
  // At the ends of as many values as elsewhere: a part of a day is no measure of its level.
  const level = runningMedian(values, WINDOW);
  const bySeason = new Map<number, number[]>();
  const seasons = atMs.map(seasonOf);
  for (const [index, season] of seasons.entries()) {
    const rest = bySeason.get(season) ?? [];
    bySeason.set(season, rest);
    rest.push(values[index]! - level[index]!);
  }
  const effects = new Map([...bySeason].map(([season, rest]) => [season, rest.length < LEAST_SEASON_VALUES ? 0 : median(rest)]));
  const expected = level.map((value, index) => value + effects.get(seasons[index]!)!);
  const spread = robustSpread(values.map((value, index) => value - expected[index]!));
  return values.flatMap((value, index) => {
    const zScore = robustZScore(value - expected[index]!, spread);
    return Math.abs(zScore) >= threshold ? { index, expected: expected[index]!, zScore } : [];
  });
}
