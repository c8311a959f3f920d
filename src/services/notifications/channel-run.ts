import type { Logger } from 'pino';
import { type AuditEntry, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import { breakerPhase } from '../../domain/notifications/circuit-breaker.ts';
import type { AttemptOutcome } from '../../domain/notifications/delivery-attempt.ts';
import { fullAllowance, takeAllowance } from '../../domain/notifications/rate-allowance.ts';
import type { RetryBudget } from '../../domain/notifications/retry-schedule.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { ChannelStore, StoredChannel } from './channel-store.ts';
import type { Deliver, SentKind } from './deliver.ts';
import type { ChannelHealth, DeliveryStore, DueDelivery } from './delivery-store.ts';
import { judgeAttempt } from './judge-attempt.ts';
import type { NotificationMetrics } from './notification-metrics.ts';

export interface ChannelRunDeps {
  readonly store: DeliveryStore;
  readonly channels: Pick<ChannelStore, 'byIds'>;
  readonly deliver: Deliver;
  readonly metrics: NotificationMetrics;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  readonly log: Logger;
  readonly budget: RetryBudget;
  /** Messages under way at the same time on one channel. */
  readonly concurrency: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

/** Messages looked up at once. */
const LOOKAHEAD = 100;

/** One process's turn at one channel. */
export interface Turn {
  readonly channelId: string;
  readonly leaseId: string;
  /** Changes as messages are sent. */
  health: ChannelHealth;
  /** Monotonic milliseconds: nothing is begun afterwards. */
  readonly untilMs: number;
  /** Nothing is begun any more. */
  readonly stopping: AbortSignal;
  /** What is under way is given up, and not recorded. */
  readonly cut: AbortSignal;
}

/**
 * Sends what is due on one channel until nothing is, or the turn is over; the caller holds the lease.
 * @returns the moment (epoch milliseconds) before which nothing more is to be tried; 0: none
 * @throws what the database says, or the reason of `cut`; nothing is under way any more
 */
export async function runChannel(turn: Turn, deps: ChannelRunDeps): Promise<number> {
  const { store, channels, metrics, log, budget, clock, now } = deps;
  const { channelId } = turn;
  while (now() < turn.untilMs && !turn.stopping.aborted) {
    const [channel] = await channels.byIds([channelId]);
    if (!channel?.enabled || channel.deletedAtMs !== null) {
      await store.skip(channelId, channel && channel.deletedAtMs === null ? 'the channel is disabled' : 'the channel has been deleted');
      return 0;
    }
    const old = await store.bury(channelId, budget.maximumAgeMs, 'given up: too old to be of use');
    metrics.buried(channel.settings.kind as SentKind, old.length);
    if (old.length > 0) log.warn({ channelId, notifications: old.length }, 'notifications are given up: too old to be of use');
    const heldUntilMs = heldUntil(turn.health, clock());
    if (heldUntilMs > 0) return heldUntilMs;
    const due = await store.due(channelId, channel.digestWindowMs > 0, LOOKAHEAD);
    if (due.length === 0) return 0;
    // What was changed before a message came holds for it: a secret that was taken back must not sign it.
    const [newest] = await channels.byIds([channelId]);
    if (newest?.revision !== channel.revision) continue;
    const waitUntilMs = await sendAll(channel, due, turn, deps);
    if (waitUntilMs > 0) return waitUntilMs;
  }
  return 0;
}

/** Until when nothing is to be sent: Retry-After, or the open breaker; 0: nothing holds it up. */
function heldUntil({ breaker, pausedUntilMs }: ChannelHealth, nowMs: number): number {
  const openUntilMs = breakerPhase(breaker, nowMs) === 'OPEN' ? breaker.openUntilMs! : 0;
  return Math.max(openUntilMs, pausedUntilMs !== null && pausedUntilMs > nowMs ? pausedUntilMs : 0);
}

/** A few at a time; while the breaker is half open, one. @returns as runChannel */
async function sendAll(channel: StoredChannel, due: readonly DueDelivery[], turn: Turn, deps: ChannelRunDeps): Promise<number> {
  const { clock, now, concurrency } = deps;
  const underWay = new Set<Promise<void>>();
  let isGone = false;
  try {
    for (const delivery of due) {
      const most = breakerPhase(turn.health.breaker, clock()) === 'CLOSED' ? concurrency : 1;
      while (underWay.size >= most) await Promise.race(underWay);
      if (isGone || turn.stopping.aborted || now() >= turn.untilMs) return 0;
      const waitUntilMs = heldUntil(turn.health, clock()) || takeTurn(channel, turn, clock());
      if (waitUntilMs > 0) return waitUntilMs;
      const sending = sendOne(channel, delivery, turn, deps)
        .then((outcome) => {
          isGone ||= outcome === 'GONE';
        })
        .finally(() => underWay.delete(sending));
      // Whoever waits for it hears of a failure; until somebody does, it is nobody's.
      sending.catch(() => {});
      underWay.add(sending);
    }
    await Promise.all(underWay);
    return 0;
  } finally {
    await Promise.allSettled(underWay);
  }
}

/** Counts a message against the rate limit. @returns as runChannel */
function takeTurn({ rateLimitPerMinute }: StoredChannel, turn: Turn, nowMs: number): number {
  if (rateLimitPerMinute === null) return 0;
  const { allowance, waitMs } = takeAllowance(turn.health.allowance ?? fullAllowance(rateLimitPerMinute, nowMs), rateLimitPerMinute, nowMs);
  turn.health = { ...turn.health, allowance };
  return waitMs === 0 ? 0 : nowMs + waitMs;
}

async function sendOne(channel: StoredChannel, delivery: DueDelivery, turn: Turn, deps: ChannelRunDeps): Promise<AttemptOutcome> {
  const { store, deliver, metrics, log, budget, clock, now, random, newId } = deps;
  const kind = channel.settings.kind as SentKind;
  const startedAtMs = clock();
  const started = now();
  const { retryAfterMs, ...told } = await deliver(channel, { ...delivery, atMs: startedAtMs }, turn.cut);
  const durationMs = Math.round(now() - started);
  const { verdict, health } = judgeAttempt({ ...told, retryAfterMs }, delivery, turn.health, budget, clock(), random());
  turn.health = health;
  const facts = { id: newId(), deliveryId: delivery.id, channelId: channel.id, notifications: delivery.notifications.length };
  await store.record({ ...facts, ...told, startedAtMs, durationMs }, verdict, turn.leaseId, health);
  metrics.attempted(kind, told.outcome, durationMs);
  if (verdict.state === 'DEAD') {
    metrics.buried(kind, delivery.notifications.length);
    log.warn({ channelId: channel.id, deliveryId: delivery.id, kind, reason: verdict.reason }, 'a notification could not be delivered');
  }
  if (told.outcome === 'GONE') await disable(channel, deps);
  return told.outcome;
}

const GONE = 'the endpoint says that it is gone (410)';

async function disable({ id, settings: { kind } }: StoredChannel, { store, auditLog, log, newId }: ChannelRunDeps): Promise<void> {
  let entries: readonly AuditEntry[] = [];
  await store.disable(id, GONE, async (transaction, { name, revision }) => {
    const done = { action: 'CHANNEL_DISABLED', objectKind: 'NOTIFICATION_CHANNEL', objectId: id, objectName: name } as const;
    const draft = draftAuditEntry(newId(), null, { ...done, fromRevision: revision - 1, toRevision: revision, reason: GONE });
    entries = await auditLog.append(transaction, [draft]);
  });
  if (entries.length === 0) return;
  auditLog.committed(entries);
  log.warn({ channelId: id, kind }, 'a notification channel is disabled: its endpoint says that it is gone');
}
