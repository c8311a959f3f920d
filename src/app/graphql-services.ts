import { randomBytes } from 'node:crypto';
import type { GraphQLServices } from '../schema/context.ts';
import { createEventTokens } from '../services/access/event-tokens.ts';
import { createDerivedFilterService } from '../services/filters/derived-filter-service.ts';
import { createFilterEffectivenessService } from '../services/filters/filter-effectiveness.ts';
import { createFilterExchangeService } from '../services/filters/filter-exchange.ts';
import { createOwnedChannels } from '../services/notifications/owned-channels.ts';
import { createOwnedNotifications } from '../services/notifications/owned-notifications.ts';
import type { Notifications } from '../services/notifications/start-notifications.ts';
import { createSettledOpportunityStore } from '../services/opportunities/settled-opportunities.ts';
import { createScanRunService } from '../services/scan-runs/scan-run-service.ts';
import { createScanRequestService } from '../services/scanner/scan-request-service.ts';
import { createScannerControl } from '../services/scanner/scanner-control.ts';
import { analyticsServices } from './analytics-services.ts';
import { filterPreviews } from './filter-previews.ts';
import type { Access } from './start-access.ts';
import type { Alerts } from './start-alerts.ts';
import type { History } from './start-history.ts';
import type { LiveDelivery } from './start-live-delivery.ts';
import type { Records } from './start-records.ts';
import type { StartedRetention } from './start-retention.ts';
import type { Scanning } from './start-scanning.ts';
import type { StartedSessions } from './start-sessions.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

const DEFAULT_PAGE_SIZE = 50;

/** What resolvers may call. */
export function graphqlServices(
  { config, deps: { clock, newId } }: Wiring,
  { database: { sql, writeSql } }: Storage,
  { apiKeys, auditEntries, auditLog, tokenRevocations }: Access,
  { connections, sessionRenewal }: StartedSessions,
  records: Records,
  scanning: Scanning,
  live: LiveDelivery,
  { settings: alertSettings, alerts, alertBacktests, liveAlerts, hiddenRuleIds }: Alerts,
  { notifications, channels, conditions }: Notifications,
  { reader, aggregates, liveAggregates, distributions, correlations }: History,
  { retention, storageSurvey }: StartedRetention,
): GraphQLServices {
  const { filters, filterRegistry, opportunityStore, runStore, underlyings } = records;
  const { feed, scanner } = scanning;
  const settled = createSettledOpportunityStore({ sql, clock });
  return {
    apiKeys,
    auditEntries,
    tokenRevocations,
    eventTokens: createEventTokens({ sql, randomBytes }),
    filters,
    derivedFilters: createDerivedFilterService({ filters, changes: live.filterChanges }),
    filterPrivacy: filterRegistry,
    filterExchange: createFilterExchangeService({ filters, clock, newId }),
    filterEffectiveness: createFilterEffectivenessService({ sql, settled, clock }),
    ...filterPreviews(records, scanning),
    ...analyticsServices({ sql, reader, slicer: scanning.slicer, clock, settled }),
    filterChanges: live.filterChanges,
    liveFilterChanges: live.liveFilterChanges,
    opportunities: opportunityStore,
    opportunityChanges: live.opportunityChanges,
    liveOpportunities: live.liveOpportunities,
    results: live.recentResults,
    liveResults: live.liveResults,
    scanRuns: createScanRunService({ store: runStore, liveRun: scanner.liveRun }),
    scanRequests: createScanRequestService({
      scanner,
      knownSymbols: async (signal) => new Set((await feed.listUnderlyings(signal)).map((underlying) => underlying.symbol)),
      filters,
      sql: writeSql,
      store: runStore,
      auditLog,
      clock,
      newId,
      maximumQueued: config.scanner.maximumQueuedRequests,
    }),
    alerts,
    alertSettings,
    alertBacktests,
    liveAlerts,
    hiddenRuleIds,
    notifications: createOwnedNotifications({ notifications, channels, auditLog, newId }),
    notificationChannels: createOwnedChannels({ notifications, channels, auditLog, newId }),
    channelConditions: { conditions },
    connections,
    sessionRenewal,
    scanner,
    scannerControl: createScannerControl({ scanner, auditLog, newId }),
    liveScanner: live.liveScanner,
    underlyings,
    retention,
    storageSurvey,
    aggregates,
    liveAggregates,
    distributions,
    correlations,
    slicer: scanning.slicer,
    pageLimits: { defaultSize: Math.min(DEFAULT_PAGE_SIZE, config.graphql.maximumPageSize), maximumSize: config.graphql.maximumPageSize },
    deliveryLimits: { maximumBuffer: config.graphql.subscriptionBufferEvents, bufferBytes: config.graphql.subscriptionBufferBytes },
  };
}
