import DataLoader from 'dataloader';
import type { MetricSeries } from '../domain/analytics/metric-series.ts';
import type { UnderlyingDay } from '../domain/analytics/underlying-day.ts';
import type { Sightings, StrikeSightingStore } from '../services/history/strike-sightings.ts';
import type { HistoryOf, SeriesRequest, UnderlyingHistory } from '../services/history/underlying-history.ts';
import type { LoaderSchedule } from './loader-schedule.ts';

/** When to ask. */
export type Batching = Pick<LoaderSchedule, 'batchScheduleFn'>;

export interface HistorySources {
  readonly underlyingHistory: Pick<UnderlyingHistory, 'days' | 'observationsByHour' | 'series'>;
  readonly strikeSightings: StrikeSightingStore;
}

/** The past of underlyings: as many statements for a page of them as for one. */
export interface HistoryLoaders {
  /** Oldest first. */
  readonly days: DataLoader<HistoryOf, readonly UnderlyingDay[], string>;
  /** Of the last 30 days, by hour of the day of UTC, 24 numbers. */
  readonly observationsByHour: DataLoader<HistoryOf, readonly number[], string>;
  readonly series: DataLoader<SeriesRequest, MetricSeries, string>;
  /** Of the last 30 days. @param hiddenFilterIds of none of these filters: the same for one who asks */
  sightings(hiddenFilterIds: readonly string[]): DataLoader<HistoryOf, Sightings, string>;
}

/** What is called of the last days. */
const RECENT_DAYS = 30;
const NO_HOURS: readonly number[] = Array.from({ length: 24 }, () => 0);
const NO_SIGHTINGS: Sightings = { strikes: [], byHour: NO_HOURS, opportunities: 0 };

export function createHistoryLoaders({ underlyingHistory, strikeSightings }: HistorySources, batching: Batching): HistoryLoaders {
  let sightings: DataLoader<HistoryOf, Sightings, string> | null = null;
  return {
    days: bySymbol((underlyings) => underlyingHistory.days(underlyings), [], batching),
    observationsByHour: bySymbol((underlyings) => underlyingHistory.observationsByHour(underlyings, RECENT_DAYS), NO_HOURS, batching),
    series: new DataLoader((requests) => underlyingHistory.series(requests), {
      ...batching,
      cacheKeyFn: (request) => JSON.stringify(request),
    }),
    sightings(hiddenFilterIds) {
      sightings ??= bySymbol((underlyings) => strikeSightings.sightings(underlyings, RECENT_DAYS, hiddenFilterIds), NO_SIGHTINGS, batching);
      return sightings;
    },
  };
}

function bySymbol<Found>(
  load: (underlyings: readonly HistoryOf[]) => Promise<ReadonlyMap<string, Found>>,
  none: Found,
  batching: Batching,
) {
  return new DataLoader<HistoryOf, Found, string>(
    async (underlyings) => {
      const found = await load(underlyings);
      return underlyings.map(({ symbol }) => found.get(symbol) ?? none);
    },
    { ...batching, cacheKeyFn: ({ symbol }) => symbol },
  );
}
