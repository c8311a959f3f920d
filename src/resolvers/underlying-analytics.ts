import { completedDays } from '../domain/analytics/completed-days.ts';
import { marketDaysOf } from '../domain/analytics/market-days.ts';
import { recurringStrikes } from '../domain/analytics/patterns/recurring-strikes.ts';
import { currentStreak } from '../domain/analytics/patterns/streak.ts';
import { timeOfDay } from '../domain/analytics/patterns/time-of-day.ts';
import { volumePatterns } from '../domain/analytics/patterns/volume-patterns.ts';
import { recommend } from '../domain/analytics/recommendations/recommend.ts';
import { recommendationFactsOf } from '../domain/analytics/recommendations/recommendation-facts-of.ts';
import { marketRegime } from '../domain/analytics/regimes/market-regime.ts';
import { regimeDays } from '../domain/analytics/regimes/regime-days.ts';
import { volatilityRegimes } from '../domain/analytics/regimes/volatility-regime.ts';
import type { UnderlyingDay } from '../domain/analytics/underlying-day.ts';
import { realisedVolatilitySummary } from '../domain/analytics/volatility-summary.ts';
import type { Underlying } from '../domain/chain/underlying.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { MINIMUM_VOLATILITY_DAYS, VOLATILITY_HISTORY_DAYS, type VolatilityRank } from '../domain/volatility/volatility-rank.ts';
import { AnomalyReportRef, MetricTrendRef } from '../schema/anomaly.ts';
import { builder } from '../schema/builder.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { costOfWork } from '../schema/cost-of-work.ts';
import { ForecastResultRef } from '../schema/forecast.ts';
import { type ConsistencyPatterns, PatternsRef } from '../schema/pattern.ts';
import { RecommendationRef } from '../schema/recommendation.ts';
import { RegimesRef } from '../schema/regime.ts';
import { ReturnStatisticsRef } from '../schema/return-statistics.ts';
import { DateTimeRangeInput } from '../schema/scan-result.ts';
import { UnderlyingRef } from '../schema/underlying.ts';
import { UnderlyingMetricEnum } from '../schema/underlying-metric.ts';
import { VolatilityAnalysisRef } from '../schema/volatility-analysis.ts';
import type { ReadSeries } from '../services/history/underlying-analytics.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';

/** Which values are looked at. */
const LOOKED_AT = builder.args((t) => ({
  metric: t.field({ type: UnderlyingMetricEnum, required: true, description: 'Which metric.' }),
  range: t.field({
    type: DateTimeRangeInput,
    description: 'Market time, ten years at most; by default the 30 days up to its end, which by default is the last quotes.',
  }),
}));

builder.objectFields(UnderlyingRef, (t) => ({
  volatility: t.field({
    type: VolatilityAnalysisRef,
    description: 'How much it is expected to move, and has moved.',
    extensions: costOfWork(250),
    resolve: async (underlying, _arguments, context) => {
      const days = await daysOf(underlying, context);
      const { perYear } = marketDaysOf(underlying.kind);
      return {
        implied: underlying.impliedVolatility30d,
        ...rankOf(underlying, context),
        historyDays: days.slice(0, -1).filter(({ metrics }) => Number.isFinite(metrics.impliedVolatility30d)).length,
        requiredDays: MINIMUM_VOLATILITY_DAYS,
        realised: (estimator, window) =>
          realisedVolatilitySummary(days, estimator, within('days', window, 2, VOLATILITY_HISTORY_DAYS), perYear),
      };
    },
  }),
  regime: t.field({
    type: RegimesRef,
    description: 'What kind of market it is, with what that was judged by.',
    extensions: costOfWork(600),
    resolve: async (underlying, _arguments, context) => {
      const days = regimeDays(await daysOf(underlying, context), marketDaysOf(underlying.kind).perYear);
      return { volatility: volatilityRegimes(days).at(-1) ?? null, market: marketRegime(days) };
    },
  }),
  patterns: t.field({
    type: PatternsRef,
    description: 'What stands out in its volume, and what comes again.',
    extensions: costOfWork(500),
    resolve: async (underlying, _arguments, context) => {
      // Without a turn: what is asked of them next is read for all underlyings together.
      const days = await context.loaders.history.days.load(underlying);
      const over = completedDays(days, underlying.kind, context.services.underlyingAnalytics.nowMs());
      return {
        volume: volumePatterns(over.map(({ day, metrics }) => ({ day, volume: metrics.volume, openInterest: metrics.openInterest }))),
        consistency: () => consistencyOf(underlying, context),
      };
    },
  }),
  recommendations: t.field({
    type: [RecommendationRef],
    description: 'What the rules say of it now, each with what speaks for and against it. Empty: no rule applies, or too little is known.',
    extensions: costOfWork(750),
    resolve: async (underlying, _arguments, context) => {
      const days = await daysOf(underlying, context);
      const over = completedDays(days, underlying.kind, context.services.underlyingAnalytics.nowMs());
      return recommend(recommendationFactsOf(days, over, rankOf(underlying, context), marketDaysOf(underlying.kind).perYear));
    },
  }),
  returns: t.field({
    type: ReturnStatisticsRef,
    nullable: true,
    description: 'What holding it came to; null with fewer than two market days.',
    extensions: costOfWork(250),
    args: {
      days: t.arg.int({ defaultValue: VOLATILITY_HISTORY_DAYS, required: true, description: 'Market days up to the last, 2 to 252.' }),
    },
    resolve: async (underlying, { days: most }, { loaders }) => {
      const wanted = within('days', most, 2, VOLATILITY_HISTORY_DAYS);
      const days = (await loaders.history.days.load(underlying)).filter(({ close }) => close > 0).slice(-wanted - 1);
      if (days.length < 2) return null;
      const returns = days.slice(1).map(({ close }, index) => close / days[index]!.close - 1);
      return { returns, perYear: marketDaysOf(underlying.kind).perYear, from: days[0]!.day, through: days.at(-1)!.day };
    },
  }),
  anomalies: t.field({
    type: AnomalyReportRef,
    description:
      'What is unusual in the history of a metric. Looked at: the last value of each minute in spans of up to a day, of each hour up to 60 days, otherwise of each day.',
    extensions: costOfWork(1_000),
    args: LOOKED_AT,
    resolve: async (underlying, { metric, range }, { services, loaders }) => ({
      metric,
      ...(await services.underlyingAnalytics.anomalies(underlying, metric, parseDateTimeRange(range, 'range'), seriesOf(loaders))),
    }),
  }),
  trend: t.field({
    type: MetricTrendRef,
    description: 'Where a metric tends to. Looked at as for `anomalies`.',
    extensions: costOfWork(500),
    args: LOOKED_AT,
    resolve: async (underlying, { metric, range }, { services, loaders }) => ({
      metric,
      ...(await services.underlyingAnalytics.trend(underlying, metric, parseDateTimeRange(range, 'range'), seriesOf(loaders))),
    }),
  }),
  forecast: t.field({
    type: ForecastResultRef,
    description: 'The next market days of a metric with intervals, and how wrong the same procedure has been; or why there is none.',
    extensions: costOfWork(5_000),
    args: {
      metric: t.arg({ type: UnderlyingMetricEnum, required: true, description: 'Which metric.' }),
      horizonDays: t.arg.int({ defaultValue: 5, required: true, description: 'Market days to forecast, 1 to 60.' }),
    },
    resolve: async (underlying, { metric, horizonDays }, { services, loaders }) => {
      const { through, told } = await services.underlyingAnalytics.forecast(underlying, metric, horizonDays, seriesOf(loaders));
      return { metric, through, ...told };
    },
  }),
}));

/** The days of all underlyings that are asked for come at the same moment: what is made of those of one has a turn of the event loop of its own. */
async function daysOf(underlying: Underlying, { loaders, services }: GraphQLContext): Promise<readonly UnderlyingDay[]> {
  const days = await loaders.history.days.load(underlying);
  await services.slicer.turn();
  return days;
}

async function consistencyOf(underlying: Underlying, { loaders, ...context }: GraphQLContext): Promise<ConsistencyPatterns> {
  const { hiddenFilterIds = [] } = hiddenFilters(context);
  const [days, sightings, observations] = await Promise.all([
    loaders.history.days.load(underlying),
    loaders.history.sightings(hiddenFilterIds).load(underlying),
    loaders.history.observationsByHour.load(underlying),
  ]);
  return {
    price: currentStreak(days.map(({ close }) => close)),
    impliedVolatility: currentStreak(days.map(({ metrics }) => metrics.impliedVolatility30d)),
    opportunities: sightings.opportunities,
    recurringStrikes: recurringStrikes(sightings.strikes),
    timeOfDay: timeOfDay(sightings.byHour, observations),
  };
}

const seriesOf =
  ({ history }: GraphQLContext['loaders']): ReadSeries =>
  (request) =>
    history.series.load(request);

function rankOf({ symbol, quotedAtMs, impliedVolatility30d }: Underlying, { services }: Pick<GraphQLContext, 'services'>): VolatilityRank {
  return services.underlyings.rank(symbol, quotedAtMs, impliedVolatility30d ?? Number.NaN);
}

/** @throws ValidationError */
function within(path: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new ValidationError([{ path, message: `expected ${least} to ${most}, got ${value}` }]);
}
