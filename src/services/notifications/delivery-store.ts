import type { Sql, Transaction } from '../../db/client.ts';
import type { BreakerState } from '../../domain/notifications/circuit-breaker.ts';
import type { DeliveryAttempt } from '../../domain/notifications/delivery-attempt.ts';
import type { Notification } from '../../domain/notifications/notification.ts';
import type { RateAllowance } from '../../domain/notifications/rate-allowance.ts';
import { NOTIFICATION_COLUMNS } from './notification-columns.ts';
import type { WakeQueue } from './wake.ts';

/** How sending on a channel goes; of the process that holds the lease. */
export interface ChannelHealth {
  readonly breaker: BreakerState;
  /** What Retry-After said; epoch milliseconds, null: nothing. */
  readonly pausedUntilMs: number | null;
  /** Null: the rate limit has not been in use. */
  readonly allowance: RateAllowance | null;
}

export type Acquired = { readonly kind: 'mine'; readonly health: ChannelHealth } | { readonly kind: 'held'; readonly untilMs: number };

/** A message that is due: its notifications in order. */
export interface DueDelivery {
  readonly id: string;
  readonly notifications: readonly [DueNotification, ...DueNotification[]];
}

export interface DueNotification extends Notification {
  readonly queuedAtMs: number;
}

/** The store knows the number. */
export type MadeAttempt = Omit<DeliveryAttempt, 'number'>;

/** What becomes of the notifications of a message after an attempt. */
export type Verdict =
  | { readonly state: 'DELIVERED' }
  | { readonly state: 'QUEUED'; readonly delayMs: number }
  | { readonly state: 'DEAD'; readonly reason: string };

/** Rows of what is to be sent. Leases and due times are of the clock of PostgreSQL, which all processes share. */
export interface DeliveryStore {
  /** The right to send on a channel, alone of all processes, for a while. */
  acquire(channelId: string, leaseId: string, leaseMs: number): Promise<Acquired>;
  /** Ends the lease, with the health the turn ended with. What is still queued gets a wake of its own, not before the given time. */
  release(channelId: string, leaseId: string, health: ChannelHealth, notBeforeMs: number): Promise<void>;
  /** A wake for when somebody else's lease has ended. */
  defer(channelId: string, untilMs: number): Promise<void>;
  /** Messages that are due, up to a limit; of a digest, all that waits goes into one. */
  due(channelId: string, digest: boolean, limit: number): Promise<DueDelivery[]>;
  /** An attempt, what it means for its notifications, and for the channel. */
  record(attempt: MadeAttempt, verdict: Verdict, leaseId: string, health: ChannelHealth): Promise<void>;
  /** @returns the notifications that are too old to be sent */
  bury(channelId: string, maximumAgeMs: number, reason: string): Promise<readonly string[]>;
  /** Nothing of what waits will be sent. */
  skip(channelId: string, reason: string): Promise<void>;
  /** Switches a channel off. @param disabled called in the transaction; not when it was off */
  disable(
    channelId: string,
    reason: string,
    disabled: (transaction: Transaction, channel: DisabledChannel) => Promise<void>,
  ): Promise<void>;
}

/** As it is afterwards. */
export interface DisabledChannel {
  readonly name: string;
  readonly revision: number;
}

/** Longer digests are split: mails and chats show no more. */
const MOST_IN_DIGEST = 50;

export function createDeliveryStore({
  sql,
  wakes,
  newId,
}: {
  sql: Sql;
  wakes: Pick<WakeQueue, 'add'>;
  newId: () => string;
}): DeliveryStore {
  const select = (conditions: string, values: readonly unknown[]) =>
    sql.unsafe<DueNotification[]>(
      `select ${NOTIFICATION_COLUMNS}, queued_at as "queuedAtMs" from notifications where channel_id = $1 and state = 'QUEUED' and ${conditions}`,
      values as never[],
    );

  /** Decides, for good, which message carries which of those that are in none yet. */
  async function assign(fresh: readonly DueNotification[], digest: boolean): Promise<DueNotification[]> {
    const shared = digest && fresh.length > 1 ? newId() : null;
    const assigned = fresh.map((notification) => ({ ...notification, deliveryId: shared ?? notification.id }));
    if (assigned.length > 0) {
      await sql.unsafe(
        'update notifications set delivery_id = given.delivery_id from unnest($1::uuid[], $2::uuid[]) as given (id, delivery_id) where notifications.id = given.id',
        [assigned.map(({ id }) => id), assigned.map(({ deliveryId }) => deliveryId)],
      );
    }
    return assigned;
  }

  return {
    async acquire(channelId, leaseId, leaseMs) {
      // Waits for a process that releases it at this moment: its last look at the queue may have been before what woke us.
      const [row] = await sql.unsafe<StateRow[]>(
        `insert into notification_channel_states as state (channel_id, leased_by, leased_until) values ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond')
         on conflict (channel_id) do update set
           leased_by = case when state.leased_until > clock_timestamp() then state.leased_by else excluded.leased_by end,
           leased_until = case when state.leased_until > clock_timestamp() then state.leased_until else excluded.leased_until end
         returning leased_by as "leasedBy", leased_until as "leasedUntilMs", failures, open_until as "openUntilMs", paused_until as "pausedUntilMs", tokens, tokens_at as "tokensAtMs"`,
        [channelId, leaseId, leaseMs],
      );
      const { leasedBy, leasedUntilMs, failures, openUntilMs, pausedUntilMs, tokens, tokensAtMs } = row!;
      if (leasedBy !== leaseId) return { kind: 'held', untilMs: leasedUntilMs };
      const allowance = tokens === null || tokensAtMs === null ? null : { tokens, countedAtMs: tokensAtMs };
      return { kind: 'mine', health: { breaker: { failures, openUntilMs }, pausedUntilMs, allowance } };
    },

    async release(channelId, leaseId, health, notBeforeMs) {
      await sql.begin(async (transaction) => {
        // Of messages that were sent beside each other, the one recorded last need not be the one that ended last.
        await saveHealth(transaction, channelId, leaseId, health);
        await transaction.unsafe(
          'update notification_channel_states set leased_by = null, leased_until = null where channel_id = $1 and leased_by = $2',
          [channelId, leaseId],
        );
        const [queue] = await transaction.unsafe<{ dueAtMs: number | null }[]>(
          `select min(next_attempt_at) as "dueAtMs" from notifications where channel_id = $1 and state = 'QUEUED'`,
          [channelId],
        );
        const dueAtMs = queue?.dueAtMs ?? null;
        if (dueAtMs !== null) await wakes.add(transaction, [{ data: { channelId }, startAtMs: Math.max(dueAtMs, notBeforeMs) }]);
      });
    },

    async defer(channelId, untilMs) {
      await sql.begin((transaction) => wakes.add(transaction, [{ data: { channelId }, startAtMs: untilMs }]));
    },

    async due(channelId, digest, limit) {
      const due = await select('next_attempt_at <= clock_timestamp() order by id limit $2', [channelId, limit]);
      const fresh = due.filter(({ deliveryId }) => deliveryId === null);
      const together =
        digest && fresh.length > 0 ? await select('delivery_id is null order by id limit $2', [channelId, MOST_IN_DIGEST]) : fresh;
      const again = due.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [deliveryId]));
      // A message is sent whole, also when some of it has become due a moment later.
      const whole = again.length === 0 ? [] : await select('delivery_id = any($2::uuid[]) order by id', [channelId, [...new Set(again)]]);
      return deliveriesOf([...whole, ...(await assign(together, digest))]);
    },

    async record(attempt, verdict, leaseId, health) {
      await sql.begin(async (transaction) => {
        await insertAttempt(transaction, attempt);
        await transaction.unsafe(
          `update notifications set state = $2::text, reason = $3::text, attempts = attempts + 1,
             next_attempt_at = case when $2::text = 'QUEUED' then clock_timestamp() + $4::float8 * interval '1 millisecond' end,
             delivered_at = case when $2::text = 'DELIVERED' then clock_timestamp() end
           where delivery_id = $1 and state = 'QUEUED'`,
          [
            attempt.deliveryId,
            verdict.state,
            verdict.state === 'DEAD' ? verdict.reason : null,
            verdict.state === 'QUEUED' ? verdict.delayMs : 0,
          ],
        );
        await saveHealth(transaction, attempt.channelId, leaseId, health);
      });
    },

    async bury(channelId, maximumAgeMs, reason) {
      const rows = await sql.unsafe<{ id: string }[]>(
        `update notifications set state = 'DEAD', reason = $3, next_attempt_at = null
         where channel_id = $1 and state = 'QUEUED' and queued_at < clock_timestamp() - $2::float8 * interval '1 millisecond' returning id`,
        [channelId, maximumAgeMs, reason],
      );
      return rows.map(({ id }) => id);
    },

    async skip(channelId, reason) {
      await sql.unsafe(
        `update notifications set state = 'SKIPPED', reason = $2, next_attempt_at = null where channel_id = $1 and state = 'QUEUED'`,
        [channelId, reason],
      );
    },

    async disable(channelId, reason, disabled) {
      await sql.begin(async (transaction) => {
        const [channel] = await transaction.unsafe<DisabledChannel[]>(
          `update notification_channels set enabled = false, disabled_reason = $2, revision = revision + 1, updated_at = now()
           where id = $1 and enabled and deleted_at is null returning name, revision`,
          [channelId, reason],
        );
        if (channel) await disabled(transaction, channel);
      });
    },
  };
}

interface StateRow {
  readonly leasedBy: string;
  readonly leasedUntilMs: number;
  readonly failures: number;
  readonly openUntilMs: number | null;
  readonly pausedUntilMs: number | null;
  readonly tokens: number | null;
  readonly tokensAtMs: number | null;
}

function deliveriesOf(notifications: readonly DueNotification[]): DueDelivery[] {
  const byId = new Map<string, [DueNotification, ...DueNotification[]]>();
  for (const notification of notifications) {
    const together = byId.get(notification.deliveryId!);
    if (together) together.push(notification);
    else byId.set(notification.deliveryId!, [notification]);
  }
  return [...byId].map(([id, members]) => ({ id, notifications: members }));
}

async function insertAttempt(transaction: Transaction, attempt: MadeAttempt): Promise<void> {
  await transaction.unsafe(
    `insert into notification_attempts (id, delivery_id, channel_id, number, notifications, started_at, duration_ms, outcome, status, response_excerpt, error)
     select $1::uuid, $2::uuid, $3::uuid, coalesce(max(number), 0) + 1, $4::int, to_timestamp($5::float8 / 1000), $6::int, $7::text, $8::int, $9::text, $10::text
     from notification_attempts where delivery_id = $2`,
    [
      attempt.id,
      attempt.deliveryId,
      attempt.channelId,
      attempt.notifications,
      attempt.startedAtMs,
      attempt.durationMs,
      attempt.outcome,
      attempt.status,
      attempt.responseExcerpt,
      attempt.error,
    ],
  );
}

async function saveHealth(
  transaction: Transaction,
  channelId: string,
  leaseId: string,
  { breaker, pausedUntilMs, allowance }: ChannelHealth,
): Promise<void> {
  await transaction.unsafe(
    `update notification_channel_states set failures = $2, open_until = to_timestamp($3::float8 / 1000), paused_until = to_timestamp($4::float8 / 1000), tokens = $5,
       tokens_at = to_timestamp($6::float8 / 1000)
     where channel_id = $1 and leased_by = $7`,
    [channelId, breaker.failures, breaker.openUntilMs, pausedUntilMs, allowance?.tokens ?? null, allowance?.countedAtMs ?? null, leaseId],
  );
}
