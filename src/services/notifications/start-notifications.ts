import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Sql } from '../../db/client.ts';
import type { RetryBudget } from '../../domain/notifications/retry-schedule.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { startJobs } from '../jobs/job-queue.ts';
import { type ChannelConditionStore, createChannelConditionStore } from './channel-condition.ts';
import { createChannelSecretBox } from './channel-secret-box.ts';
import { type ChannelService, createChannelService } from './channel-service.ts';
import { createChannelStore } from './channel-store.ts';
import { createDeliver, type Senders } from './deliver.ts';
import { createDeliveryStore } from './delivery-store.ts';
import { createDispatcher } from './dispatcher.ts';
import { createNotificationMetrics } from './notification-metrics.ts';
import { createNotificationService, type NotificationService } from './notification-service.ts';
import { createNotificationStore } from './notification-store.ts';
import { createNotificationSurvey } from './notification-survey.ts';
import type { AddressGuard } from './outgoing/address-guard.ts';
import { createGuardedPost } from './outgoing/guarded-request.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import { createEmailSender } from './senders/email-sender.ts';
import { createLogSender } from './senders/log-sender.ts';
import { createSlackSender } from './senders/slack-sender.ts';
import { createSmsSender } from './senders/sms-sender.ts';
import { createTwilioProvider } from './senders/twilio-provider.ts';
import { createWebhookSender } from './senders/webhook-sender.ts';
import type { Wake } from './wake.ts';

export interface NotificationsOptions {
  readonly budget: RetryBudget;
  /** From the name to the encrypted connection. */
  readonly connectTimeoutMs: number;
  /** For a whole attempt. */
  readonly timeoutMs: number;
  /** Messages under way at the same time on one channel. */
  readonly concurrency: number;
  /** Channels one process sends on at the same time. */
  readonly maximumChannels: number;
  /** How often the queue is asked without being nudged. */
  readonly pollIntervalMs: number;
  /** How long one process sends on a channel before it makes room for others. */
  readonly turnMs: number;
  /** How often what a killed process had under way is looked for, and the queue is measured. */
  readonly upkeepIntervalMs: number;
  /** Also http:// addresses, and mail servers without encryption. */
  readonly allowInsecure: boolean;
  /** Notifications are kept for so many days. */
  readonly retentionDays: number;
}

export interface NotificationsDeps {
  /** Of the database, for the jobs. */
  readonly url: string;
  readonly sql: Sql;
  /** For what people change. */
  readonly writeSql: Sql;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** Null: there is no key, so channels with secrets cannot be made. */
  readonly secretBox: SecretBox | null;
  readonly guard: AddressGuard;
  readonly registry: Registry;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
}

export interface Notifications {
  readonly notifications: NotificationService;
  readonly channels: ChannelService;
  readonly conditions: ChannelConditionStore['conditions'];
  stop(remainingMs: number): Promise<void>;
}

/** Beside the turn and one attempt: writing down what came of it. */
const LEASE_MARGIN_MS = 2_000;
/** A due notification that nobody has looked at for this long was forgotten. */
const OVERDUE_MS = 60_000;
/** Standard Webhooks asks for 24 to 64 bytes. */
const SIGNING_KEY_BYTES = 32;

/** Everything that tells alerts on channels. Sends from the moment it returns. */
export async function startNotifications(deps: NotificationsDeps, options: NotificationsOptions): Promise<Notifications> {
  const { url, sql, writeSql, secretBox, registry, log, newId } = deps;
  const { turnMs, timeoutMs, upkeepIntervalMs, retentionDays } = options;
  const leaseMs = turnMs + timeoutMs + LEASE_MARGIN_MS;
  const jobs = await startJobs({ url, log, maintenanceIntervalMs: upkeepIntervalMs });
  try {
    const wakes = await jobs.queue<Wake>('notification-channels', leaseMs);
    const secrets = createChannelSecretBox(secretBox);
    const channelStore = createChannelStore({ sql });
    await secrets.resealAll(channelStore);
    const metrics = createNotificationMetrics(registry);
    const dispatcher = createDispatcher({
      ...deps,
      ...options,
      leaseMs,
      wakes,
      metrics,
      store: createDeliveryStore({ sql, wakes, newId }),
      channels: channelStore,
      deliver: createDeliver({ senders: createSenders(deps, options), secrets }),
    });
    const survey = createNotificationSurvey({
      sql,
      wakes,
      metrics,
      log,
      intervalMs: upkeepIntervalMs,
      overdueMs: OVERDUE_MS,
      retentionDays,
    });
    dispatcher.start();
    survey.start();
    return {
      notifications: createNotificationService({
        sql: writeSql,
        store: createNotificationStore({ sql }),
        channels: channelStore,
        wakes,
        nudge: dispatcher.nudge,
        newId,
      }),
      channels: createChannelService({
        ...deps,
        sql: writeSql,
        store: channelStore,
        secrets,
        allowInsecure: options.allowInsecure,
        newSigningSecret: () => `whsec_${randomBytes(SIGNING_KEY_BYTES).toString('base64')}`,
      }),
      conditions: createChannelConditionStore(deps).conditions,
      async stop(remainingMs) {
        // While the database is away, what asks it waits: closing the connection of the jobs ends that.
        await Promise.race([
          Promise.all([survey.stop(), dispatcher.stop(remainingMs)]),
          pause(remainingMs * 0.8, undefined, { ref: false }),
        ]);
        await jobs.stop();
      },
    };
  } catch (error) {
    await jobs.stop();
    throw error;
  }
}

function createSenders(
  { guard, log, clock }: NotificationsDeps,
  { allowInsecure, connectTimeoutMs, timeoutMs }: NotificationsOptions,
): Senders {
  const post = createGuardedPost({ guard, allowHttp: allowInsecure, connectTimeoutMs, timeoutMs });
  return {
    LOG: createLogSender({ log }),
    WEBHOOK: createWebhookSender({ post, clock }),
    SLACK: createSlackSender({ post, clock }),
    EMAIL: createEmailSender({ guard, connectTimeoutMs, timeoutMs }),
    SMS: createSmsSender({ provider: createTwilioProvider({ post, clock }) }),
  };
}
