import { type Anomaly, findAnomalies } from '../../domain/analytics/anomalies/find-anomalies.ts';
import { type Forecast, type ForecastRefusal, forecast } from '../../domain/analytics/forecasts/forecast.ts';
import { lastUnbroken } from '../../domain/analytics/forecasts/last-unbroken.ts';
import { marketDaysOf } from '../../domain/analytics/market-days.ts';
import type { MetricSeries } from '../../domain/analytics/metric-series.ts';
import { type Trend, trendOf } from '../../domain/analytics/trend.ts';
import type { UnderlyingMetricName } from '../../domain/analytics/underlying-metric.ts';
import { DAY_MS } from '../../domain/calendar/day-number.ts';
import { newYorkWallMs } from '../../domain/calendar/new-york-time.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { RollupTier } from '../../domain/rollups/rollup-tier.ts';
import { carryOut } from '../scanner/carry-out.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { HISTORY_DAYS, type HistoryOf, type SeriesRequest } from './underlying-history.ts';

/** Epoch milliseconds, market time; from inclusive, before exclusive. */
export interface AnalyticsRange {
  readonly fromMs: number | undefined;
  readonly beforeMs: number | undefined;
}

/** Which values a finding is made of. */
export interface SeriesLooked {
  readonly fromMs: number;
  readonly beforeMs: number;
  /** One value, the last, of each. */
  readonly tier: RollupTier;
  readonly values: number;
}

export interface AnomalyReport extends SeriesLooked {
  readonly anomalies: readonly Anomaly[];
}

export interface TrendReport extends SeriesLooked {
  /** Slope per day; null with fewer than 3 values. */
  readonly trend: Trend | null;
}

export interface DatedForecast {
  /** The last day it rests on, `YYYY-MM-DD`; null without any. */
  readonly through: string | null;
  readonly told: Forecast | ForecastRefusal;
}

/** Reads one series; those of several underlyings may be read together. */
export type ReadSeries = (request: SeriesRequest) => Promise<MetricSeries>;

export interface UnderlyingAnalytics {
  /** By which it is told whether the last market day is over, epoch milliseconds. */
  nowMs(): number;
  /** @throws ValidationError when the range is empty or longer than ten years */
  anomalies(underlying: HistoryOf, metric: UnderlyingMetricName, range: AnalyticsRange, read: ReadSeries): Promise<AnomalyReport>;
  /** @throws ValidationError when the range is empty or longer than ten years */
  trend(underlying: HistoryOf, metric: UnderlyingMetricName, range: AnalyticsRange, read: ReadSeries): Promise<TrendReport>;
  /** @param horizonDays market days, 1 to 60. @throws ValidationError */
  forecast(underlying: HistoryOf, metric: UnderlyingMetricName, horizonDays: number, read: ReadSeries): Promise<DatedForecast>;
}

export interface UnderlyingAnalyticsDeps {
  readonly slicer: EventLoopSlicer;
  readonly clock: () => number;
}

/** Looked at when no beginning is given. */
const DEFAULT_DAYS = 30;
const MOST_DAYS = 3_660;
/** Up to this long by the minute, at most 1,440 values; */
const MINUTES_UP_TO_MS = DAY_MS;
/** up to this long by the hour, at most 1,440 values. */
const HOURS_UP_TO_MS = 60 * DAY_MS;
const MOST_HORIZON_DAYS = 60;
const HOUR_MS = 3_600_000;

/** What is found in the history of one metric of one underlying. */
export function createUnderlyingAnalytics({ slicer, clock }: UnderlyingAnalyticsDeps): UnderlyingAnalytics {
  async function look(underlying: HistoryOf, metric: UnderlyingMetricName, range: AnalyticsRange, read: ReadSeries) {
    // Nothing is known of later, and PostgreSQL does not know all of it.
    const beforeMs = Math.min(range.beforeMs ?? underlying.quotedAtMs + 1, Math.max(clock(), underlying.quotedAtMs) + DAY_MS);
    const fromMs = range.fromMs ?? beforeMs - DEFAULT_DAYS * DAY_MS;
    if (!(fromMs < beforeMs && beforeMs - fromMs <= MOST_DAYS * DAY_MS)) {
      throw new ValidationError([
        {
          path: 'range',
          message: `expected a span of more than 0 and at most ${MOST_DAYS} days, got ${new Date(fromMs).toISOString()} to ${new Date(beforeMs).toISOString()}`,
        },
      ]);
    }
    const tier = tierFor(beforeMs - fromMs);
    const told = await read({ symbol: underlying.symbol, metric, tier, fromMs, beforeMs });
    // The series of many underlyings are read together, and all come at the same moment.
    await slicer.turn();
    const series = openDays(told, underlying);
    return { series, looked: { fromMs, beforeMs, tier, values: series.values.length } };
  }

  return {
    nowMs: clock,
    async anomalies(underlying, metric, range, read) {
      const { series, looked } = await look(underlying, metric, range, read);
      return { ...looked, anomalies: await carryOut(findAnomalies(series, seasonOf(underlying, looked.tier)), slicer) };
    },
    async trend(underlying, metric, range, read) {
      const { series, looked } = await look(underlying, metric, range, read);
      const days = Float64Array.from(series.atMs, (atMs) => (atMs - looked.fromMs) / DAY_MS);
      return { ...looked, trend: trendOf(days, Float64Array.from(series.values)) };
    },
    async forecast(underlying, metric, horizonDays, read) {
      if (!Number.isInteger(horizonDays) || horizonDays < 1 || horizonDays > MOST_HORIZON_DAYS) {
        throw new ValidationError([
          { path: 'horizonDays', message: `expected a whole number of days from 1 to ${MOST_HORIZON_DAYS}, got ${horizonDays}` },
        ]);
      }
      const { symbol, quotedAtMs } = underlying;
      const request = { symbol, metric, tier: 'DAY', fromMs: quotedAtMs - HISTORY_DAYS * DAY_MS, beforeMs: quotedAtMs + 1 } as const;
      const told = await read(request);
      await slicer.turn();
      const { atMs, values } = lastUnbroken(openDays(told, underlying));
      const lastAtMs = atMs.at(-1);
      return {
        through: lastAtMs === undefined ? null : new Date(lastAtMs).toISOString().slice(0, 10),
        told: await carryOut(forecast(values, horizonDays, marketDaysOf(underlying.kind).perWeek), slicer),
      };
    },
  };
}

function tierFor(spanMs: number): RollupTier {
  if (spanMs <= MINUTES_UP_TO_MS) return 'MINUTE';
  return spanMs <= HOURS_UP_TO_MS ? 'HOUR' : 'DAY';
}

/** What comes again: the hour of the day where the market is, or the day of the week. */
function seasonOf({ kind }: HistoryOf, tier: RollupTier): (atMs: number) => number {
  if (tier === 'DAY') return (atMs) => new Date(atMs).getUTCDay();
  const wallMs = kind === 'CRYPTO' ? (atMs: number) => atMs : newYorkWallMs;
  return (atMs) => Math.floor((((wallMs(atMs) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
}

function openDays({ atMs, values }: MetricSeries, { kind }: HistoryOf): MetricSeries {
  const { isOpen } = marketDaysOf(kind);
  let day = Number.NaN;
  let isDayOpen = false;
  const open = atMs.map((at) => {
    // Of many values on the same day it is looked up once.
    if (Math.floor(at / DAY_MS) !== day) {
      day = Math.floor(at / DAY_MS);
      isDayOpen = isOpen(new Date(at).toISOString().slice(0, 10));
    }
    return isDayOpen;
  });
  return { atMs: atMs.filter((_at, index) => open[index]), values: values.filter((_value, index) => open[index]) };
}
