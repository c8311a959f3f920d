import DataLoader from 'dataloader';
import { validate as isUuid } from 'uuid';
import type { Viewer } from '../domain/access/viewer.ts';
import type { Underlying } from '../domain/chain/underlying.ts';
import type { Filter } from '../domain/filters/filter.ts';
import type { DeliveryAttempt } from '../domain/notifications/delivery-attempt.ts';
import type { Notification } from '../domain/notifications/notification.ts';
import type { NotificationChannel } from '../domain/notifications/notification-channel.ts';
import type { Opportunity } from '../domain/opportunities/opportunity.ts';
import type { ScanResult } from '../domain/results/scan-result.ts';
import type { ScanRun } from '../domain/results/scan-run.ts';
import type { StatisticsQuery } from '../services/history/distribution-service.ts';
import type { ValueSummary } from '../services/history/row-summary.ts';
import type { ChannelCondition } from '../services/notifications/channel-condition.ts';
import { type Batching, createHistoryLoaders, type HistoryLoaders, type HistorySources } from './history-loaders.ts';
import { createLoaderSchedule, type LoaderSchedule } from './loader-schedule.ts';

export interface LoaderSources extends HistorySources {
  readonly filters: { byIds(ids: readonly string[]): Promise<readonly Filter[]> };
  readonly underlyings: { bySymbols(symbols: readonly string[]): Promise<readonly Underlying[]> };
  readonly opportunities: { byIds(ids: readonly string[]): Promise<readonly Opportunity[]> };
  readonly scanRuns: { byIds(ids: readonly string[]): Promise<readonly ScanRun[]> };
  readonly results: { byIds(ids: readonly string[]): Promise<readonly ScanResult[]> };
  readonly notificationChannels: { byIds(ids: readonly string[]): Promise<readonly NotificationChannel[]> };
  readonly channelConditions: { conditions(channelIds: readonly string[]): Promise<readonly ChannelCondition[]> };
  readonly distributions: {
    statistics(query: StatisticsQuery, symbols: readonly string[]): Promise<ReadonlyMap<string, ValueSummary>>;
  };
  readonly notifications: {
    attempts(deliveryIds: readonly string[]): Promise<readonly DeliveryAttempt[]>;
    ofAlerts(alertIds: readonly string[], viewer: Viewer): Promise<readonly Notification[]>;
  };
}

/** What was told of an alert, as somebody may see it: one loader is for one of them only. */
export interface AlertNotificationsKey {
  readonly alertId: string;
  readonly viewer: Viewer;
}

/** The values of a metric for one underlying. */
export interface StatisticsKey {
  readonly symbol: string;
  readonly query: StatisticsQuery;
}

type Loader<Row> = DataLoader<string, Row | null>;

/**
 * Every to-one field goes through one of these: one statement per kind and tick, whatever the number of rows. Each remembers what it loaded, and is made when it is
 * first used: most operations load nothing. Ids that cannot exist are answered without asking.
 */
export class Loaders {
  readonly #sources: LoaderSources;
  #schedule: LoaderSchedule | null = null;
  #filter: Loader<Filter> | null = null;
  #underlying: Loader<Underlying> | null = null;
  #opportunity: Loader<Opportunity> | null = null;
  #scanRun: Loader<ScanRun> | null = null;
  #scanResult: Loader<ScanResult> | null = null;
  #notificationChannel: Loader<NotificationChannel> | null = null;
  #channelCondition: Loader<ChannelCondition> | null = null;
  #deliveryAttempts: DataLoader<string, readonly DeliveryAttempt[]> | null = null;
  #history: HistoryLoaders | null = null;
  #alertNotifications: DataLoader<AlertNotificationsKey, readonly Notification[], string> | null = null;
  #underlyingStatistics: DataLoader<StatisticsKey, ValueSummary | null, string> | null = null;

  constructor(sources: LoaderSources) {
    this.#sources = sources;
  }

  get filter(): Loader<Filter> {
    this.#filter ??= this.#loaderBy(isUuid, this.#sources.filters.byIds, (filter) => filter.id);
    return this.#filter;
  }

  get underlying(): Loader<Underlying> {
    this.#underlying ??= this.#loaderBy(isSymbol, this.#sources.underlyings.bySymbols, (underlying) => underlying.symbol);
    return this.#underlying;
  }

  get opportunity(): Loader<Opportunity> {
    this.#opportunity ??= this.#loaderBy(isUuid, this.#sources.opportunities.byIds, (opportunity) => opportunity.id);
    return this.#opportunity;
  }

  get scanRun(): Loader<ScanRun> {
    this.#scanRun ??= this.#loaderBy(isUuid, this.#sources.scanRuns.byIds, (run) => run.id);
    return this.#scanRun;
  }

  get scanResult(): Loader<ScanResult> {
    this.#scanResult ??= this.#loaderBy(isUuid, this.#sources.results.byIds, (result) => result.id);
    return this.#scanResult;
  }

  get notificationChannel(): Loader<NotificationChannel> {
    this.#notificationChannel ??= this.#loaderBy(isUuid, this.#sources.notificationChannels.byIds, (channel) => channel.id);
    return this.#notificationChannel;
  }

  /** By the id of the channel; null when nothing was ever sent on it. */
  get channelCondition(): Loader<ChannelCondition> {
    this.#channelCondition ??= this.#loaderBy(isUuid, this.#sources.channelConditions.conditions, (condition) => condition.channelId);
    return this.#channelCondition;
  }

  /** By the id of the message, first to last. */
  get deliveryAttempts(): DataLoader<string, readonly DeliveryAttempt[]> {
    this.#deliveryAttempts ??= new DataLoader(async (deliveryIds) => {
      const byDelivery = new Map<string, DeliveryAttempt[]>(deliveryIds.map((id) => [id, []]));
      for (const attempt of await this.#sources.notifications.attempts(deliveryIds)) byDelivery.get(attempt.deliveryId)?.push(attempt);
      return deliveryIds.map((id) => byDelivery.get(id) ?? []);
    }, this.#batching);
    return this.#deliveryAttempts;
  }

  /** By the id of the alert, newest first. */
  get alertNotifications(): DataLoader<AlertNotificationsKey, readonly Notification[], string> {
    this.#alertNotifications ??= new DataLoader(
      async (keys) => {
        const byAlert = new Map<string, Notification[]>(keys.map(({ alertId }) => [alertId, []]));
        const found = await this.#sources.notifications.ofAlerts([...byAlert.keys()], keys[0]!.viewer);
        for (const notification of found) byAlert.get(notification.alertId!)?.push(notification);
        return keys.map(({ alertId }) => byAlert.get(alertId) ?? []);
      },
      { ...this.#batching, cacheKeyFn: ({ alertId }) => alertId },
    );
    return this.#alertNotifications;
  }

  /** One statement for each metric and range, whatever the number of underlyings; null without values. */
  get underlyingStatistics(): DataLoader<StatisticsKey, ValueSummary | null, string> {
    this.#underlyingStatistics ??= new DataLoader(
      async (keys) => {
        const symbolsByQuery = new Map<string, { query: StatisticsQuery; symbols: string[] }>();
        for (const { symbol, query } of keys) {
          const together = symbolsByQuery.get(queryKey(query)) ?? { query, symbols: [] };
          together.symbols.push(symbol);
          symbolsByQuery.set(queryKey(query), together);
        }
        const answers = new Map(
          await Promise.all(
            Array.from(symbolsByQuery, async ([key, { query, symbols }]) => {
              return [key, await this.#sources.distributions.statistics(query, symbols)] as const;
            }),
          ),
        );
        return keys.map(({ symbol, query }) => answers.get(queryKey(query))!.get(symbol) ?? null);
      },
      { ...this.#batching, cacheKeyFn: ({ symbol, query }) => JSON.stringify([queryKey(query), symbol]) },
    );
    return this.#underlyingStatistics;
  }

  get history(): HistoryLoaders {
    this.#history ??= createHistoryLoaders(this.#sources, this.#batching);
    return this.#history;
  }

  /** Rows that are completed in several turns of the event loop are loaded for together: nothing is asked until what this returns is called. See `LoaderSchedule.hold`. */
  hold(): () => void {
    this.#schedule ??= createLoaderSchedule();
    return this.#schedule.hold();
  }

  /** Forgets what was loaded: for subscriptions before each event, because it may have changed since. */
  renew(): void {
    this.#filter = null;
    this.#underlying = null;
    this.#opportunity = null;
    this.#scanRun = null;
    this.#scanResult = null;
    this.#notificationChannel = null;
    this.#channelCondition = null;
    this.#deliveryAttempts = null;
    this.#history = null;
    this.#alertNotifications = null;
    this.#underlyingStatistics = null;
  }

  get #batching(): Batching {
    this.#schedule ??= createLoaderSchedule();
    return { batchScheduleFn: this.#schedule.batchScheduleFn };
  }

  #loaderBy<Row>(
    isKey: (key: string) => boolean,
    load: (keys: readonly string[]) => Promise<readonly Row[]>,
    keyOf: (row: Row) => string,
  ): DataLoader<string, Row | null> {
    return new DataLoader(async (keys) => {
      const possible = keys.filter(isKey);
      const rows = possible.length === 0 ? [] : await load(possible);
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key) ?? null);
    }, this.#batching);
  }
}

function queryKey({ metric, fromMs, beforeMs }: StatisticsQuery): string {
  return JSON.stringify([metric.name, fromMs, beforeMs]);
}

const LONGEST_SYMBOL = 32;

function isSymbol(key: string): boolean {
  return key.length <= LONGEST_SYMBOL && !key.includes('\0');
}
