import type { Viewer } from '../domain/access/viewer.ts';
import type { AlertChange } from '../domain/alerts/alert-change.ts';
import type { FilterChange } from '../domain/filters/filter-change.ts';
import type { Limits } from '../domain/limits/limit-policy.ts';
import type { OpportunityChange } from '../domain/opportunities/opportunity-change.ts';
import type { ScanResult } from '../domain/results/scan-result.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { ApiKeyService } from '../services/access/api-key-service.ts';
import type { AuditEntryStore } from '../services/access/audit-entry-store.ts';
import type { ConnectionService } from '../services/access/connection-service.ts';
import type { EventTokens } from '../services/access/event-tokens.ts';
import type { Session } from '../services/access/session.ts';
import type { SessionRenewal } from '../services/access/session-renewal.ts';
import type { TokenRevocationService } from '../services/access/token-revocation-service.ts';
import type { AlertChangeQuery } from '../services/alerts/alert-change-store.ts';
import type { AlertService } from '../services/alerts/alert-service.ts';
import type { AlertSettingService } from '../services/alerts/alert-setting-service.ts';
import type { BacktestService } from '../services/alerts/backtest-service.ts';
import type { DerivedFilterService } from '../services/filters/derived-filter-service.ts';
import type { FilterChangeQuery, FilterChangeStore } from '../services/filters/filter-change-store.ts';
import type { FilterEffectivenessService } from '../services/filters/filter-effectiveness.ts';
import type { FilterExchangeService } from '../services/filters/filter-exchange.ts';
import type { FilterExplanationService } from '../services/filters/filter-explanation.ts';
import type { FilterPreviewService } from '../services/filters/filter-preview.ts';
import type { FilterService } from '../services/filters/filter-service.ts';
import type { AggregateService } from '../services/history/aggregate-service.ts';
import type { CorrelationService } from '../services/history/correlation-service.ts';
import type { DistributionService } from '../services/history/distribution-service.ts';
import type { LiveAggregates } from '../services/history/live-aggregates.ts';
import type { Retention } from '../services/history/retention.ts';
import type { ScoreCalibrationService } from '../services/history/score-calibration.ts';
import type { StorageSurvey } from '../services/history/storage-survey.ts';
import type { StrikeSightingStore } from '../services/history/strike-sightings.ts';
import type { UnderlyingAnalytics } from '../services/history/underlying-analytics.ts';
import type { UnderlyingHistory } from '../services/history/underlying-history.ts';
import type { RateLeft } from '../services/limits/rate-limiter.ts';
import type { ChannelConditionStore } from '../services/notifications/channel-condition.ts';
import type { OwnedChannels } from '../services/notifications/owned-channels.ts';
import type { OwnedNotifications } from '../services/notifications/owned-notifications.ts';
import type { OpportunityChangeStore } from '../services/opportunities/opportunity-change-store.ts';
import type { OpportunityQuery } from '../services/opportunities/opportunity-query.ts';
import type { OpportunityStore } from '../services/opportunities/opportunity-store.ts';
import type { PageLimits } from '../services/paging/page-request.ts';
import type { ScanResultQuery } from '../services/results/scan-result-query.ts';
import type { ScanResultStore } from '../services/results/scan-result-store.ts';
import type { ScanRunService } from '../services/scan-runs/scan-run-service.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import type { ScanRequestService } from '../services/scanner/scan-request-service.ts';
import type { Scanner } from '../services/scanner/scanner.ts';
import type { ScannerControl } from '../services/scanner/scanner-control.ts';
import type { ScannerStatus } from '../services/scanner/scanner-status.ts';
import type { DeliveryLimits } from '../services/subscriptions/delivery-grant.ts';
import type { FilterPrivacy } from '../services/subscriptions/row-visibility.ts';
import type { StatusChannel } from '../services/subscriptions/status-channel.ts';
import type { StreamChannel } from '../services/subscriptions/stream-channel.ts';
import type { UnderlyingService } from '../services/underlyings/underlying-service.ts';

/** What resolvers may call. */
export interface GraphQLServices {
  readonly apiKeys: ApiKeyService;
  readonly auditEntries: AuditEntryStore;
  readonly tokenRevocations: TokenRevocationService;
  readonly eventTokens: EventTokens;
  readonly sessionRenewal: SessionRenewal;
  readonly connections: ConnectionService;
  readonly filters: FilterService;
  readonly derivedFilters: DerivedFilterService;
  /** Private filters of others. */
  readonly filterPrivacy: FilterPrivacy;
  readonly filterExchange: FilterExchangeService;
  readonly filterEffectiveness: FilterEffectivenessService;
  readonly filterPreviews: FilterPreviewService;
  readonly filterExplanations: FilterExplanationService;
  readonly filterChanges: FilterChangeStore;
  readonly liveFilterChanges: StreamChannel<FilterChange, FilterChangeQuery>;
  readonly opportunities: OpportunityStore;
  readonly opportunityChanges: OpportunityChangeStore;
  readonly liveOpportunities: StreamChannel<OpportunityChange, OpportunityQuery>;
  readonly results: ScanResultStore;
  readonly liveResults: StreamChannel<ScanResult, ScanResultQuery>;
  readonly alerts: AlertService;
  readonly alertSettings: AlertSettingService;
  readonly alertBacktests: BacktestService;
  readonly liveAlerts: StreamChannel<AlertChange, AlertChangeQuery>;
  /** Private alert rules of others. */
  readonly hiddenRuleIds: (viewer: Viewer) => readonly string[];
  readonly notifications: OwnedNotifications;
  readonly notificationChannels: OwnedChannels;
  readonly channelConditions: ChannelConditionStore;
  readonly scanRuns: ScanRunService;
  readonly scanRequests: ScanRequestService;
  readonly scanner: Scanner;
  readonly scannerControl: ScannerControl;
  readonly liveScanner: StatusChannel<ScannerStatus>;
  readonly aggregates: AggregateService;
  readonly liveAggregates: LiveAggregates;
  readonly distributions: DistributionService;
  readonly correlations: CorrelationService;
  readonly underlyings: UnderlyingService;
  readonly retention: Retention;
  readonly storageSurvey: StorageSurvey;
  readonly underlyingHistory: UnderlyingHistory;
  readonly underlyingAnalytics: UnderlyingAnalytics;
  readonly strikeSightings: StrikeSightingStore;
  readonly scoreCalibrations: ScoreCalibrationService;
  readonly pageLimits: PageLimits;
  /** Turns of the event loop for what takes long; shared with the scanner. */
  readonly slicer: EventLoopSlicer;
  readonly deliveryLimits: DeliveryLimits;
}

export interface GraphQLContext {
  readonly requestId: string;
  /** Who calls. */
  readonly viewer: Viewer;
  /** What it is granted. */
  readonly limits: Limits;
  rateLeft(): Promise<RateLeft>;
  readonly services: GraphQLServices;
  /** Cursor from which a durable subscription goes on, told outside of the operation and newer than its `after`; null: not told. */
  readonly resumeAfter: string | null;
  /** The connection it came over, when that lasts: a WebSocket, or an event stream for many operations. */
  readonly session: Session | null;
  /** Fresh for every request; subscriptions renew them for every event. */
  readonly loaders: Loaders;
  /** Set when a list was so long that it is answered in turns of the event loop. */
  hasLongList?: boolean;
  /** Where the answer is made text by who knows of them (see `useLongAnswers`): lists that are text already. In the answer as an object they are empty. */
  writtenLists?: WrittenList[];
}

/** A list of an answer as JSON text. */
export interface WrittenList {
  /** From the root of the answer on. */
  readonly path: readonly (string | number)[];
  /** In the order in which they follow one another. Of a long list many, none of them long. */
  readonly pieces: readonly string[];
}
