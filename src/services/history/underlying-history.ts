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

export interface SeriesRequest {
  readonly symbol: string;
  readonly metric: UnderlyingMetricName;
  readonly tier: RollupTier;
  /** Market time, epoch milliseconds; from inclusive, before exclusive. */
  readonly fromMs: number;
  readonly beforeMs: number;
}

/** Calendar days: 252 trading days, and 20 more for the first volatility among them. */
export const HISTORY_DAYS = 400;

export interface UnderlyingHistory {
  /** The market days up to the last quotes of each, at most 400 calendar days, oldest first; as many statements whatever their number. */
  days(underlyings: readonly HistoryOf[]): Promise<ReadonlyMap<string, readonly UnderlyingDay[]>>;
  /** Observations with a price of each by hour of the day of UTC, 24 numbers, of the days up to its last quotes. */
  observationsByHour(underlyings: readonly HistoryOf[], days: number): Promise<ReadonlyMap<string, readonly number[]>>;
  /** The last value in each bucket of a tier, by request. Requests for the same metric and tier and about the same time are read together. */
  series(requests: readonly SeriesRequest[]): Promise<readonly MetricSeries[]>;
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
    async series(requests) {
      const answers = new Map<SeriesRequest, MetricSeries>();
      const readTogether = async (together: readonly SeriesRequest[]) => {
        const { metric, tier } = together[0]!;
        const symbols = [...new Set(together.map(({ symbol }) => symbol))];
        const { fromMs, beforeMs } = spanOf(together);
        const cells = bySymbol(await read(symbols, metric, tier, fromMs, beforeMs), () => true);
        for (const request of together) answers.set(request, toSeries(cells.get(request.symbol) ?? [], request));
      };
      await Promise.all(readableTogether(requests).map(readTogether));
      return requests.map((request) => answers.get(request)!);
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

/** The last value of a bucket that the range cuts may lie outside of it. */
function toSeries(cells: readonly ReadCell[], { fromMs, beforeMs }: SeriesRequest): MetricSeries {
  const meant = cells.filter(({ cell }) => cell.lastAtMs >= fromMs && cell.lastAtMs < beforeMs);
  return { atMs: meant.map(({ cell }) => cell.lastAtMs), values: meant.map(({ cell }) => cell.last) };
}

/** One range for several may be at most this many times as long as theirs: underlyings of recordings are years apart. */
const LONGEST_TOGETHER = 2;

function readableTogether(requests: readonly SeriesRequest[]): SeriesRequest[][] {
  const groups: SeriesRequest[][] = [];
  for (const request of requests) {
    const own = request.beforeMs - request.fromMs;
    const group = groups.find((together) => {
      const { fromMs, beforeMs } = spanOf([...together, request]);
      return together[0]!.metric === request.metric && together[0]!.tier === request.tier && beforeMs - fromMs <= LONGEST_TOGETHER * own;
    });
    if (group) group.push(request);
    else groups.push([request]);
  }
  return groups;
}

function spanOf(requests: readonly SeriesRequest[]): { readonly fromMs: number; readonly beforeMs: number } {
  return {
    fromMs: Math.min(...requests.map(({ fromMs }) => fromMs)),
    beforeMs: Math.max(...requests.map(({ beforeMs }) => beforeMs)),
  };
}
