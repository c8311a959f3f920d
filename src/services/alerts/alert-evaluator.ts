import type { Logger } from 'pino';
import type { Sql, Transaction } from '../../db/client.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertChange, AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import { type AlertEngine, createAlertEngine, type RuleOutcome } from '../../domain/alerts/alert-engine.ts';
import { createAlertOfOutcome } from '../../domain/alerts/alert-of-outcome.ts';
import type { AlertSettingChange, StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import { wakeAlert } from '../../domain/alerts/change-alert.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import type { SavedSeries } from '../../domain/alerts/number-index.ts';
import type { ChannelKind } from '../../domain/notifications/notification-channel.ts';
import type { Lease } from '../cluster/lease.ts';
import type { StreamCursorStore } from '../cluster/stream-cursor-store.ts';
import type { NotificationService } from '../notifications/notification-service.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { alertChangeStream } from './alert-change-stream.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import { type AlertRegistry, createAlertRegistry } from './alert-registry.ts';
import type { AlertSettingStore } from './alert-setting-store.ts';
import type { AlertStore } from './alert-store.ts';
import type { EventSource } from './event-source.ts';
import { notificationsOf } from './notifications-of.ts';
import type { RuleStateStore } from './rule-state-store.ts';
import { createWakeSignal, type WakeSignal } from './wake-signal.ts';

/** Under which the evaluator keeps its places in the streams. */
const CONSUMER = 'alerts';
/** What time brings about is looked at this much later: a row of a little earlier may still be on its way from another process. */
const GRACE_MS = 250;
/** How often the places and what rules look back on are stored when nothing else is. */
const SAVE_INTERVAL_MS = 2_000;

export interface AlertEvaluatorDeps {
  readonly sql: Sql;
  readonly streamLog: Pick<StreamLog, 'append' | 'head'>;
  readonly sources: readonly EventSource[];
  /** Changes of alerts and of settings that all processes make, this one's included. */
  readonly alertChanges: { follow(handler: (changes: readonly AlertChange[]) => void): () => void };
  readonly settingChanges: { follow(handler: (changes: readonly AlertSettingChange[]) => void): () => void };
  readonly settings: Pick<AlertSettingStore, 'all'>;
  readonly alerts: Pick<AlertStore, 'open' | 'newestOf' | 'lock'>;
  readonly states: RuleStateStore;
  readonly cursors: StreamCursorStore;
  readonly lease: Pick<Lease, 'confirm'>;
  readonly notifications: Pick<NotificationService, 'notify' | 'nudge'>;
  readonly channelKinds: (ids: readonly string[]) => Promise<ReadonlyMap<string, ChannelKind>>;
  readonly templates: MessageTemplates;
  readonly metrics: AlertMetrics;
  readonly log: Logger;
  /** Called with what has been committed here, for all processes. */
  readonly onCommitted: (changes: readonly AlertChange[]) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/**
 * Works through the streams that rules read, once in the whole cluster, and tells what becomes of alerts. What an event leads to is stored in one transaction with how
 * far the evaluator has come, so that after a crash every event has its effect once.
 *
 * @returns the work of a lease: resolves when the signal has fired
 */
export function createAlertEvaluator(deps: AlertEvaluatorDeps): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    const wake = createWakeSignal();
    const inbox: { alerts: AlertChange[]; settings: AlertSettingChange[] } = { alerts: [], settings: [] };
    const ends = [
      deps.alertChanges.follow((changes) => {
        inbox.alerts.push(...changes);
        wake.set();
      }),
      deps.settingChanges.follow((changes) => {
        inbox.settings.push(...changes);
        wake.set();
      }),
      ...deps.sources.map((source) => source.onRows(wake.set)),
    ];
    signal.addEventListener('abort', wake.set, { once: true });
    try {
      await run(deps, inbox, wake, signal);
    } finally {
      signal.removeEventListener('abort', wake.set);
      deps.metrics.rules(0);
      for (const end of ends) end();
    }
  };
}

interface Inbox {
  alerts: AlertChange[];
  settings: AlertSettingChange[];
}

async function run(deps: AlertEvaluatorDeps, inbox: Inbox, wake: WakeSignal, signal: AbortSignal): Promise<void> {
  const { sql, sources, alerts, states, cursors, lease, metrics, clock, log } = deps;
  const registry = createAlertRegistry(deps);
  const engine = createAlertEngine({
    suppressionOf: (rule, seriesKey, group, _state, nowMs) => registry.suppressionOf(rule, seriesKey, group, nowMs),
  });
  const alertOfOutcome = createAlertOfOutcome(deps);
  const positions = new Map<string, StreamPosition>();
  const savedSeries = new Map<string, number>();
  /** In force. */
  const rules = new Set<string>();
  let savedAtMs = clock();
  let arePositionsSaved = true;

  function putSetting(setting: StoredAlertSetting, nowMs: number): RuleOutcome[] {
    registry.putSetting(setting);
    if (setting.kind === 'RULE' && setting.value.enabled && setting.deletedAtMs === null) rules.add(setting.id);
    else rules.delete(setting.id);
    return setting.kind === 'RULE' ? engine.put(setting.value, nowMs) : engine.reconsider(null, nowMs);
  }

  async function load(): Promise<void> {
    const nowMs = clock();
    for (const alert of await alerts.open()) registry.putAlert(alert);
    const outcomes: RuleOutcome[] = [];
    for (const setting of await deps.settings.all()) outcomes.push(...putSetting(setting, nowMs));
    const series = await states.series();
    for (const one of series) savedSeries.set(seriesId(one), one.atMs);
    const revisions = await states.revisions();
    outcomes.push(
      ...engine.restore(await states.states(), series, nowMs, (ruleId, revision) => revisions.get(`${ruleId} ${revision}`) ?? null),
    );
    const known = await cursors.load(CONSUMER);
    // Who has never looked at a stream begins with what comes.
    for (const { name } of sources) positions.set(name, known.get(name) ?? (await deps.streamLog.head(name)));
    arePositionsSaved = known.size === sources.length;
    await commit(outcomes, [], nowMs);
  }

  /** What has been decided, with how far it came. @throws LeaseLostError, or an error of the database: then all that is known here is to be thrown away */
  async function commit(outcomes: readonly RuleOutcome[], timely: readonly AlertChangeDraft[], nowMs: number): Promise<void> {
    const stale = engine.saveSeries().filter((series) => savedSeries.get(seriesId(series)) !== series.atMs);
    const committed = await sql.begin(async (transaction) => {
      await lease.confirm(transaction);
      await states.saveStates(
        transaction,
        outcomes.filter(({ isChanged, isOver }) => isChanged || isOver),
      );
      await states.saveSeries(transaction, stale);
      for (const [stream, position] of positions) await cursors.save(transaction, CONSUMER, stream, position);
      return store(transaction, [...(await changesOf(transaction, outcomes, nowMs)), ...(await stillTrue(transaction, timely))], nowMs);
    });
    for (const series of stale) savedSeries.set(seriesId(series), series.atMs);
    savedAtMs = clock();
    arePositionsSaved = true;
    for (const { alert } of committed) registry.putAlert(alert);
    if (committed.length === 0) return;
    metrics.changed(committed);
    deps.onCommitted(committed);
    deps.notifications.nudge();
  }

  async function changesOf(transaction: Transaction, outcomes: readonly RuleOutcome[], nowMs: number): Promise<AlertChangeDraft[]> {
    const telling = outcomes.filter(({ transitions, notify }) => transitions.length > 0 || notify.send !== null);
    const newest = new Map((await alerts.newestOf(transaction, telling)).map((alert) => [`${alert.ruleId} ${alert.seriesKey}`, alert]));
    return telling.flatMap((outcome) => {
      const key = `${outcome.ruleId} ${outcome.seriesKey}`;
      const changes = alertOfOutcome(outcome, newest.get(key) ?? null, nowMs);
      const last = changes.at(-1);
      if (last) newest.set(key, last.alert);
      return changes;
    });
  }

  /** Somebody may have changed the alert since; then the step is decided anew when that is known here. */
  async function stillTrue(transaction: Transaction, changes: readonly AlertChangeDraft[]): Promise<AlertChangeDraft[]> {
    if (changes.length === 0) return [];
    const locked = await alerts.lock(
      transaction,
      changes.map(({ alert }) => alert.id),
    );
    const statuses = new Map(locked.map(({ id, status }) => [id, status]));
    return changes.filter(({ kind, alert }) => statuses.get(alert.id) === (kind === 'UNSNOOZED' ? 'SNOOZED' : alert.status));
  }

  async function store(transaction: Transaction, drafts: readonly AlertChangeDraft[], nowMs: number): Promise<readonly AlertChange[]> {
    if (drafts.length === 0) return [];
    const kinds = await deps.channelKinds([...new Set(drafts.flatMap(({ channelIds }) => channelIds))]);
    const changes = await deps.streamLog.append(transaction, alertChangeStream, drafts, nowMs);
    await deps.notifications.notify(
      transaction,
      changes.flatMap((change) => notificationsOf(change, (id) => kinds.get(id) ?? null)),
    );
    return changes;
  }

  /** What other processes and people have done. */
  function takeInbox(nowMs: number): RuleOutcome[] {
    const { alerts: changes, settings } = inbox;
    inbox.alerts = [];
    inbox.settings = [];
    if (settings.length > 0) metrics.rules(rules.size);
    const outcomes = settings.flatMap(({ setting }) => putSetting(setting, nowMs));
    for (const { kind, alert, actor } of changes) {
      if (actor === null) continue;
      registry.putAlert(alert);
      if (kind === 'RESOLVED') outcomes.push(...engine.resolve(alert.ruleId, alert.seriesKey, nowMs));
      else if (kind === 'UNACKNOWLEDGED' || kind === 'UNSNOOZED') outcomes.push(...engine.reconsider(alert.ruleId, nowMs));
    }
    return outcomes;
  }

  /** Rows in the order of their streams. */
  async function takeRows(): Promise<RuleOutcome[]> {
    const outcomes: RuleOutcome[] = [];
    for (const source of sources) {
      const batch = await source.read(positions.get(source.name)!);
      for (const { event, atMs } of batch.events) outcomes.push(...engine.accept(event, atMs));
      metrics.accepted(batch.events.length);
      if (batch.position.sequence > positions.get(source.name)!.sequence) arePositionsSaved = false;
      positions.set(source.name, batch.position);
      if (batch.hasMore) wake.set();
    }
    return outcomes;
  }

  /** What time has brought about. */
  async function takeTime(nowMs: number): Promise<{ outcomes: RuleOutcome[]; changes: AlertChangeDraft[] }> {
    const dueMs = nowMs - GRACE_MS;
    const outcomes = engine.nextDeadlineMs() <= dueMs ? engine.due(dueMs) : [];
    const changes: AlertChangeDraft[] = [];
    const draft = (kind: AlertChangeDraft['kind'], alert: Alert, channelIds: readonly string[]): AlertChangeDraft => {
      return { id: deps.newId(), kind, actor: null, comment: null, alert, notify: null, channelIds };
    };
    for (const alert of registry.dueSnoozes(nowMs)) {
      const woken = wakeAlert(alert, nowMs);
      if (woken?.kind === 'changed') changes.push(draft(woken.change, woken.alert, []));
    }
    for (const { alert, steps } of registry.dueEscalations(nowMs)) {
      const escalation = { ...alert.escalation, stepsDone: steps.at(-1)!.ordinal + 1 };
      changes.push(draft('ESCALATED', { ...alert, escalation }, [...new Set(steps.flatMap(({ channelIds }) => channelIds))]));
    }
    return { outcomes, changes };
  }

  await load();
  metrics.rules(rules.size);
  log.info({ rules: rules.size }, 'alert rules are evaluated here');
  while (!signal.aborted) {
    const nowMs = clock();
    const told = takeInbox(nowMs);
    const rows = await takeRows();
    const { outcomes, changes } = await takeTime(nowMs);
    const all = [...told, ...rows, ...outcomes];
    const isSaveDue = !arePositionsSaved && nowMs - savedAtMs >= SAVE_INTERVAL_MS;
    if (all.length > 0 || changes.length > 0 || isSaveDue) await commit(all, changes, nowMs);
    // What ends may have held others back.
    if (all.some(({ transitions }) => transitions.some(({ to }) => to === 'NORMAL')) && registry.holdsOthersBack()) {
      const released = engine.reconsider(null, clock());
      if (released.length > 0) await commit(released, [], clock());
    }
    await wake.wait(pauseMs(engine, registry, clock(), arePositionsSaved));
  }
  await commit([], [], clock());
}

function pauseMs(engine: AlertEngine, registry: AlertRegistry, nowMs: number, isSaved: boolean): number {
  const dueMs = Math.min(engine.nextDeadlineMs() + GRACE_MS, registry.nextDeadlineMs(nowMs));
  return Math.max(1, Math.min(dueMs - nowMs, isSaved ? 60_000 : SAVE_INTERVAL_MS));
}

function seriesId({ of, subject, metric, transformKey }: SavedSeries): string {
  return `${of}\n${subject}\n${metric}\n${transformKey}`;
}
