import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import { type AlertEngine, createAlertEngine } from '../../domain/alerts/alert-engine.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import type { AlertSettingChange, StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import type { SavedSeries } from '../../domain/alerts/number-index.ts';
import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import type { ChannelKind } from '../../domain/notifications/notification-channel.ts';
import type { Lease } from '../cluster/lease.ts';
import type { StreamCursorStore } from '../cluster/stream-cursor-store.ts';
import type { NotificationService } from '../notifications/notification-service.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import { type AlertRegistry, createAlertRegistry } from './alert-registry.ts';
import type { AlertSettingStore } from './alert-setting-store.ts';
import type { AlertStore } from './alert-store.ts';
import type { EventSource } from './event-source.ts';
import type { RuleStateStore } from './rule-state-store.ts';

export interface AlertEvaluatorDeps {
  readonly sql: Sql;
  readonly streamLog: Pick<StreamLog, 'append' | 'head' | 'reach'>;
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
  /** Whether a rule may know of what a filter finds. */
  readonly mayRead: (rule: AlertRule, filterId: string) => boolean;
  readonly metrics: AlertMetrics;
  readonly slicer: EventLoopSlicer;
  readonly log: Logger;
  /** Called with what has been committed here, for all processes. */
  readonly onCommitted: (changes: readonly AlertChange[]) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/** By as much rows of different streams and processes may be out of order. */
const OVERTAKING_MS = 5_000;

/** What one process knows while it evaluates; thrown away with the lease. */
export interface Evaluation {
  readonly registry: AlertRegistry;
  readonly engine: AlertEngine;
  /** By stream, how far its rows have been taken. */
  readonly positions: Map<string, StreamPosition>;
  /** By stream, how far its rows are known here, those among them that are not to be taken yet. */
  readonly read: Map<string, StreamPosition>;
  /** By series, what is stored of it. */
  readonly savedSeries: Map<string, number>;
  /** Ids of those in force. */
  readonly rules: Set<string>;
  /** When something was stored last, epoch milliseconds. */
  savedAtMs: number;
  arePositionsSaved: boolean;
  /** Up to when all streams have been taken while there are more rows, epoch milliseconds; null: nothing is left to take. */
  behindAtMs: number | null;
  /** While time is about to pass: what comes later waits for it. */
  mark: TimeMark | null;
}

/** A moment before which no row will be stored any more. */
export interface TimeMark {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** By stream, the last row that may be earlier. */
  readonly heads: ReadonlyMap<string, StreamPosition>;
  /** By the clock, epoch milliseconds. */
  readonly madeAtMs: number;
}

export function createEvaluation({ templates, mayRead, clock }: Pick<AlertEvaluatorDeps, 'templates' | 'mayRead' | 'clock'>): Evaluation {
  const registry = createAlertRegistry({ templates });
  return {
    registry,
    engine: createAlertEngine({
      overtakingMs: OVERTAKING_MS,
      mayRead,
      suppressionOf: (rule, seriesKey, group, _state, nowMs) => registry.suppressionOf(rule, seriesKey, group, nowMs),
    }),
    positions: new Map(),
    read: new Map(),
    savedSeries: new Map(),
    rules: new Set(),
    savedAtMs: clock(),
    arePositionsSaved: true,
    behindAtMs: null,
    mark: null,
  };
}

/** The time by the streams: while rows of the past are taken, what they lead to happens then. */
export function evaluatedAtMs({ behindAtMs }: Evaluation, nowMs: number): number {
  return behindAtMs === null ? nowMs : Math.min(behindAtMs, nowMs);
}

export function putSetting({ registry, engine, rules }: Evaluation, setting: StoredAlertSetting, nowMs: number): RuleOutcome[] {
  registry.putSetting(setting);
  if (setting.kind === 'RULE' && setting.value.enabled && setting.deletedAtMs === null) rules.add(setting.id);
  else rules.delete(setting.id);
  return setting.kind === 'RULE' ? engine.put(setting.value, nowMs) : engine.reconsider(null, nowMs);
}

export function seriesId({ of, subject, metric, transformKey }: SavedSeries): string {
  return `${of}\n${subject}\n${metric}\n${transformKey}`;
}
