import { volatilityRank } from '../../volatility/volatility-rank.ts';
import { dailyBars } from '../daily-bars.ts';
import { realisedVolatility } from '../realised-volatility.ts';
import type { UnderlyingDay } from '../underlying-day.ts';
import type { RegimeDay } from './regime-day.ts';

/** A month of trading days. */
export const REGIME_VOLATILITY_DAYS = 20;

/** What regimes are judged by, day after day; each day knows only the days before it. @param days oldest first */
export function regimeDays(days: readonly UnderlyingDay[], periodsPerYear: number): RegimeDay[] {
  const { days: priced, bars } = dailyBars(days);
  const realised = realisedVolatility(bars, 'CLOSE_TO_CLOSE', REGIME_VOLATILITY_DAYS, periodsPerYear);
  const impliedBefore: number[] = [];
  const realisedBefore: number[] = [];
  return priced.flatMap((known, index) => {
    if (known === null) return [];
    const { day, close, metrics } = known;
    const row: RegimeDay = {
      day,
      price: close,
      ivPercentile: volatilityRank(impliedBefore, metrics.impliedVolatility30d).ivPercentile,
      realisedVolatilityPercentile: volatilityRank(realisedBefore, realised[index]!).ivPercentile,
      termSlope: metrics.termSlope,
    };
    if (Number.isFinite(metrics.impliedVolatility30d)) impliedBefore.push(metrics.impliedVolatility30d);
    if (Number.isFinite(realised[index]!)) realisedBefore.push(realised[index]!);
    return row;
  });
}
