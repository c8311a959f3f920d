import { LOCAL_ADMIN } from '../domain/access/viewer.ts';
import type { AlertChange } from '../domain/alerts/alert-change.ts';
import { eventOfOpportunityChange, eventOfResult, eventsOfObservation, eventsOfReport } from '../domain/alerts/alert-events-of.ts';
import type { AlertSettingChange } from '../domain/alerts/alert-setting.ts';
import { createMessageTemplates } from '../domain/alerts/message-templates.ts';
import type { UnderlyingObservation } from '../domain/analytics/underlying-observation.ts';
import type { OpportunityChange } from '../domain/opportunities/opportunity-change.ts';
import type { ScanReport } from '../domain/results/scan-report.ts';
import type { ScanResult } from '../domain/results/scan-result.ts';
import { createAlertChangeStore } from '../services/alerts/alert-change-store.ts';
import { alertChangeStream } from '../services/alerts/alert-change-stream.ts';
import { createAlertEvaluator } from '../services/alerts/alert-evaluator.ts';
import { createAlertMetrics } from '../services/alerts/alert-metrics.ts';
import { createAlertService } from '../services/alerts/alert-service.ts';
import { createAlertSettingService } from '../services/alerts/alert-setting-service.ts';
import { createAlertSettingStore } from '../services/alerts/alert-setting-store.ts';
import { alertSettingStream } from '../services/alerts/alert-setting-stream.ts';
import { createAlertStore } from '../services/alerts/alert-store.ts';
import { createBacktestService } from '../services/alerts/backtest-service.ts';
import { createEventSource } from '../services/alerts/event-source.ts';
import { createHiddenRules } from '../services/alerts/hidden-rules.ts';
import { createHistorySource } from '../services/alerts/history-source.ts';
import { createMakeAlertSetting } from '../services/alerts/make-alert-setting.ts';
import { createResultMetrics } from '../services/alerts/result-metrics.ts';
import { createRuleStateStore } from '../services/alerts/rule-state-store.ts';
import { createLease, type Lease } from '../services/cluster/lease.ts';
import { createStreamCursorStore } from '../services/cluster/stream-cursor-store.ts';
import type { Notifications } from '../services/notifications/start-notifications.ts';
import { opportunityChangeStream } from '../services/opportunities/opportunity-change-stream.ts';
import { RESULT_METRIC_COLUMNS } from '../services/results/scan-result-columns.ts';
import { scanResultStream } from '../services/results/scan-result-stream.ts';
import { scanReportStream } from '../services/scan-runs/scan-report-stream.ts';
import { alertChangeSubject } from '../services/subscriptions/alert-change-subject.ts';
import { createStreamChannel } from '../services/subscriptions/stream-channel.ts';
import { underlyingObservationStream } from '../services/underlyings/underlying-observation-stream.ts';
import type { Access } from './start-access.ts';
import type { LiveDelivery } from './start-live-delivery.ts';
import type { Records } from './start-records.ts';
import type { Scanning } from './start-scanning.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** How long alerts rest at most when the process that evaluates them is gone without a word. */
const LEASE_MS = 6_000;

export type Alerts = Awaited<ReturnType<typeof startAlerts>>;

/** Alert rules, and the alerts they fire. One process of the cluster evaluates them for all. */
export async function startAlerts(
  { config, deps, lifecycle, registry, component }: Wiring,
  { database, bus, streamLog, follow }: Storage,
  { auditLog }: Access,
  { results, opportunityFollower, filterRegistry }: Records,
  { slicer }: Scanning,
  { resultFollower }: LiveDelivery,
  { notifications, channels }: Notifications,
) {
  const { clock, now, newId } = deps;
  const { sql, writeSql } = database;
  const changeFollower = follow(alertChangeStream);
  const settingFollower = follow(alertSettingStream);
  const observationFollower = follow(underlyingObservationStream);
  const reportFollower = follow(scanReportStream);
  for (const follower of [changeFollower, settingFollower, observationFollower, reportFollower]) {
    await follower.start();
    lifecycle.onStop('follower of alerts', follower.stop);
  }
  const changesCommitted = (changes: readonly AlertChange[]) =>
    bus.publish(alertChangeStream.name, { firstSequence: changes[0]!.sequence, rows: changes });
  const settingsCommitted = (changes: readonly AlertSettingChange[]) =>
    bus.publish(alertSettingStream.name, { firstSequence: changes[0]!.sequence, rows: changes });

  const templates = createMessageTemplates();
  const store = createAlertStore({ sql });
  const settingStore = createAlertSettingStore({ sql, streamLog, clock });
  const hiddenRules = createHiddenRules({ follower: settingFollower, store: settingStore });
  await hiddenRules.start();
  lifecycle.onStop('hidden alert rules', hiddenRules.stop);
  const settings = createAlertSettingService({
    sql: writeSql,
    store: settingStore,
    make: createMakeAlertSetting({
      templates,
      knownChannels: async (ids) => new Set((await channels.byIds(ids)).flatMap(({ id, deletedAtMs }) => (deletedAtMs === null ? id : []))),
      isPolicy: async (id) =>
        (await settingStore.byIds([id])).some(({ kind, deletedAtMs }) => kind === 'ESCALATION_POLICY' && deletedAtMs === null),
    }),
    auditLog,
    onCommitted: settingsCommitted,
    clock,
    newId,
  });
  const channelKinds = async (ids: readonly string[]) =>
    new Map(ids.length === 0 ? [] : (await channels.byIds(ids)).map(({ id, settings: { kind } }) => [id, kind] as const));
  const changeStore = createAlertChangeStore({ sql });
  const liveAlerts = createStreamChannel({
    subject: alertChangeSubject(changeStore),
    follower: changeFollower,
    head: () => streamLog.head(alertChangeStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });

  const resultMetrics = createResultMetrics({ byIds: (ids) => results.byIds(ids, RESULT_METRIC_COLUMNS), follower: resultFollower });
  lifecycle.onStop('metrics of results', async () => resultMetrics.stop());
  const toEvents = {
    results: async (rows: readonly ScanResult[]) => rows.map((row) => [eventOfResult(row)]),
    opportunities: async (rows: readonly OpportunityChange[]) => {
      const metrics = await resultMetrics.of(rows.map(({ opportunity }) => opportunity.latestResultId));
      return rows.map((row) => [eventOfOpportunityChange(row, metrics.get(row.opportunity.latestResultId) ?? null)]);
    },
    observations: async (rows: readonly UnderlyingObservation[]) => rows.map(eventsOfObservation),
    reports: async (rows: readonly ScanReport[]) => rows.map(eventsOfReport),
  };
  const alertBacktests = createBacktestService({
    histories: [
      createHistorySource({ stream: scanResultStream, streamLog, toEvents: toEvents.results }),
      createHistorySource({ stream: opportunityChangeStream, streamLog, toEvents: toEvents.opportunities }),
      createHistorySource({ stream: underlyingObservationStream, streamLog, toEvents: toEvents.observations }),
      createHistorySource({ stream: scanReportStream, streamLog, toEvents: toEvents.reports }),
    ],
    hiddenFilterIds: filterRegistry.hiddenFilterIds,
    slicer,
    clock,
    now,
    newId,
  });
  const lease: Lease = createLease({
    name: 'alerts',
    owner: newId(),
    sql: writeSql,
    log: component('alerts'),
    ttlMs: LEASE_MS,
    work: createAlertEvaluator({
      sql: writeSql,
      streamLog,
      sources: [
        createEventSource({
          stream: scanResultStream,
          streamLog,
          follower: resultFollower,
          toEvents: toEvents.results,
        }),
        createEventSource({
          stream: opportunityChangeStream,
          streamLog,
          follower: opportunityFollower,
          toEvents: toEvents.opportunities,
        }),
        createEventSource({
          stream: underlyingObservationStream,
          streamLog,
          follower: observationFollower,
          toEvents: toEvents.observations,
        }),
        createEventSource({
          stream: scanReportStream,
          streamLog,
          follower: reportFollower,
          toEvents: toEvents.reports,
        }),
      ],
      alertChanges: changeFollower,
      settingChanges: settingFollower,
      settings: settingStore,
      alerts: store,
      states: createRuleStateStore({ sql }),
      cursors: createStreamCursorStore({ sql }),
      lease: { confirm: (transaction) => lease.confirm(transaction) },
      notifications,
      channelKinds,
      templates,
      // Whose roles may have changed since: nobody reads more than their own.
      mayRead: ({ owner }, filterId) => !filterRegistry.isHidden(filterId, { ...LOCAL_ADMIN, subject: owner ?? '', roles: [] }),
      metrics: createAlertMetrics(registry),
      slicer,
      log: component('alerts'),
      onCommitted: changesCommitted,
      clock,
      newId,
    }),
  });
  lease.start();
  lifecycle.onStop('alert evaluation', lease.stop);

  return {
    settings,
    alerts: createAlertService({
      sql: writeSql,
      store,
      streamLog,
      notifications,
      channelKinds,
      templates,
      hiddenRuleIds: hiddenRules.of,
      onCommitted: changesCommitted,
      clock,
      newId,
    }),
    hiddenRuleIds: hiddenRules.of,
    liveAlerts,
    isEvaluating: lease.isHeld,
    alertBacktests,
    subscribers: () => liveAlerts.subscribers() + alertBacktests.running(),
    /** Completes every subscription. */
    stop() {
      liveAlerts.stop();
      alertBacktests.stop();
    },
  };
}
