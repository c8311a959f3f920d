import { marketDaysOf } from '../../domain/analytics/market-days.ts';
import type { MetricSeries } from '../../domain/analytics/metric-series.ts';
import { DAILY_METRICS, type DailyMetricName, type UnderlyingDay } from '../../domain/analytics/underlying-day.ts';
import type { UnderlyingMetricName } from '../../domain/analytics/underlying-metric.ts';
import { DAY_MS } from '../../domain/calendar/day-number.ts';
import type { Underlying } from '../../domain/chain/underlying.ts';
import { ROLLUP_METRICS, type RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { ReadCell, RollupReader } from '../rollups/rollup-reader.ts';

/** What history is asked for of. */
export type HistoryOf = Pick<Underlying, 'symbol' | 'kind' | 'quotedAtMs'>;

/** Calendar days: 252 trading days, and 20 more for the first volatility among them. */
export const HISTORY_DAYS = 400;

export interface UnderlyingHistory {
  /** The market days up to the last quotes of each, at most 400 calendar days, oldest first; as many statements whatever their number. */
  days(underlyings: readonly HistoryOf[]): Promise<ReadonlyMap<string, readonly UnderlyingDay[]>>;
  /** Observations with a price of each by hour of the day of UTC, 24 numbers, of the days up to its last quotes. */
  observationsByHour(underlyings: readonly HistoryOf[], days: number): Promise<ReadonlyMap<string, readonly number[]>>;
  /** The last value in each bucket of a tier. @param fromMs @param beforeMs market time, epoch milliseconds */
  series(symbol: string, metric: UnderlyingMetricName, tier: RollupTier, fromMs: number, beforeMs: number): Promise<MetricSeries>;
  /** The last value of each market day, from the same window as `days`. */
  dailySeries(underlying: HistoryOf, metric: UnderlyingMetricName): Promise<MetricSeries>;
}

const METRICS = new Map(ROLLUP_METRICS.filter(({ source }) => source === 'UNDERLYINGS').map((metric) => [metric.property, metric]));

function rollupMetric(name: UnderlyingMetricName): RollupMetric {
  const metric = METRICS.get(name);
  if (!metric) throw new RangeError(`expected a metric that is rolled up, got ${name}`);
  return metric;
}

/** Reads the history of underlyings from their rollups, rows that are not rolled up yet included. */
export function createUnderlyingHistory({ reader }: { reader: Pick<RollupReader, 'read'> }): UnderlyingHistory {
  function read(symbols: readonly string[], metric: UnderlyingMetricName, tier: RollupTier, fromMs: number, beforeMs: number) {
    const width = ROLLUP_TIERS[tier];
    return reader.read({
      metric: rollupMetric(metric),
      tier,
      fromMs: Math.floor(fromMs / width) * width,
      beforeMs: Math.ceil(beforeMs / width) * width,
      groupBy: ['SYMBOL'],
      where: { SYMBOL: symbols },
    });
  }

  async function readBack(underlyings: readonly HistoryOf[], metric: UnderlyingMetricName, tier: RollupTier, days: number) {
    const ends = new Map(underlyings.map(({ symbol, quotedAtMs }) => [symbol, quotedAtMs]));
    const times = [...ends.values()];
    const cells = await read([...ends.keys()], metric, tier, Math.min(...times) - days * DAY_MS, Math.max(...times) + 1);
    // One range for all, then of each what lies in its own.
    return bySymbol(cells, ({ dimensions, bucketMs }) => {
      const endMs = ends.get(dimensions.symbol!)!;
      return bucketMs <= endMs && bucketMs >= endMs - days * DAY_MS;
    });
  }

  return {
    async days(underlyings) {
      if (underlyings.length === 0) return new Map();
      const [prices, ...metrics] = await Promise.all(
        (['price', ...DAILY_METRICS] as const).map((metric) => readBack(underlyings, metric, 'DAY', HISTORY_DAYS)),
      );
      return new Map(
        underlyings.map(({ symbol, kind }) => {
          const values = metrics.map((of) => new Map(of.get(symbol)?.map(({ bucketMs, cell }) => [bucketMs, cell.last])));
          const open = (prices!.get(symbol) ?? []).filter(({ bucketMs }) => marketDaysOf(kind).isOpen(dayOf(bucketMs)));
          return [symbol, open.map((price) => toDay(price, values))];
        }),
      );
    },
    async observationsByHour(underlyings, days) {
      if (underlyings.length === 0) return new Map();
      const cells = await readBack(underlyings, 'price', 'HOUR', days);
      return new Map(
        underlyings.map(({ symbol }) => {
          const hours = Array.from({ length: 24 }, () => 0);
          for (const { bucketMs, cell } of cells.get(symbol) ?? []) hours[new Date(bucketMs).getUTCHours()]! += cell.count;
          return [symbol, hours];
        }),
      );
    },
    async series(symbol, metric, tier, fromMs, beforeMs) {
      // The last value of a bucket that the range cuts may lie outside of it.
      return toSeries(
        await read([symbol], metric, tier, fromMs, beforeMs),
        ({ cell }) => cell.lastAtMs >= fromMs && cell.lastAtMs < beforeMs,
      );
    },
    async dailySeries({ symbol, kind, quotedAtMs }, metric) {
      const cells = await read([symbol], metric, 'DAY', quotedAtMs - HISTORY_DAYS * DAY_MS, quotedAtMs + 1);
      return toSeries(cells, ({ bucketMs }) => marketDaysOf(kind).isOpen(dayOf(bucketMs)));
    },
  };
}

const dayOf = (bucketMs: number) => new Date(bucketMs).toISOString().slice(0, 10);

function bySymbol(cells: readonly ReadCell[], isMeant: (cell: ReadCell) => boolean): Map<string, ReadCell[]> {
  const groups = new Map<string, ReadCell[]>();
  for (const cell of cells) {
    if (!isMeant(cell)) continue;
    const symbol = cell.dimensions.symbol!;
    const group = groups.get(symbol);
    if (group) group.push(cell);
    else groups.set(symbol, [cell]);
  }
  return groups;
}

function toDay({ bucketMs, cell }: ReadCell, values: readonly ReadonlyMap<number, number>[]): UnderlyingDay {
  return {
    day: dayOf(bucketMs),
    observations: cell.count,
    lastAtMs: cell.lastAtMs,
    open: cell.first,
    high: cell.max,
    low: cell.min,
    close: cell.last,
    metrics: Object.fromEntries(DAILY_METRICS.map((name, index) => [name, values[index]!.get(bucketMs) ?? Number.NaN])) as Record<
      DailyMetricName,
      number
    >,
  };
}

function toSeries(cells: readonly ReadCell[], isMeant: (cell: ReadCell) => boolean): MetricSeries {
  const meant = cells.filter(isMeant);
  return { atMs: meant.map(({ cell }) => cell.lastAtMs), values: meant.map(({ cell }) => cell.last) };
}
