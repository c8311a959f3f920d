import { createHash } from 'node:crypto';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { ChannelSettingsInput } from '../../src/domain/notifications/channel-input.ts';
import type { Notification, NotificationDraft } from '../../src/domain/notifications/notification.ts';
import { createAuditLog } from '../../src/services/access/audit-log.ts';
import type { MadeChannel } from '../../src/services/notifications/channel-service.ts';
import { createAddressGuard, parseAddressRange } from '../../src/services/notifications/outgoing/address-guard.ts';
import { createSecretBox } from '../../src/services/notifications/secrets/secret-box.ts';
import { parseSecretKey } from '../../src/services/notifications/secrets/secret-keys.ts';
import { type Notifications, type NotificationsOptions, startNotifications } from '../../src/services/notifications/start-notifications.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { logTo } from './log-to.ts';

/** The part of a server that deals with notifications, as app.ts puts it together, with short times. */
export interface NotificationProcess extends Notifications {
  readonly database: Database;
  readonly registry: Registry;
  readonly logs: Record<string, unknown>[];
  /** A channel that may be told something. */
  channel(settings: ChannelSettingsInput, limits?: { rateLimitPerMinute?: number; digestWindowMs?: number }): Promise<MadeChannel>;
  /** Stores notifications in a transaction of their own and asks for them to be sent. */
  tell(channelId: string, count?: number): Promise<NotificationDraft[]>;
  notification(id: string): Promise<Notification>;
  /** The value of a metric with exactly these labels. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  close(): Promise<void>;
}

export const TEST_SECRETS_KEY = createHash('sha256').update('for tests only').digest('base64');

export interface NotificationProcessOptions extends Partial<NotificationsOptions> {
  readonly databaseUrl: string;
  readonly allowed?: readonly string[];
  readonly secretsKeys?: readonly [string, ...string[]] | null;
}

export async function startNotificationProcess({
  databaseUrl,
  allowed = ['127.0.0.0/8', '::1'],
  secretsKeys = [TEST_SECRETS_KEY],
  ...options
}: NotificationProcessOptions): Promise<NotificationProcess> {
  const database = createDatabase({
    url: databaseUrl,
    poolSize: 4,
    statementTimeoutMs: 20_000,
    applicationName: 'notification-process',
  });
  const registry = new Registry();
  const logs: Record<string, unknown>[] = [];
  const [first, ...others] = (secretsKeys ?? []).map((text) => parseSecretKey(text)!);
  const parts = await startNotifications(
    {
      url: databaseUrl,
      sql: database.sql,
      writeSql: database.writeSql,
      auditLog: createAuditLog({
        sql: database.writeSql,
        streamLog: createStreamLog({ sql: database.writeSql }),
        clock: Date.now,
        onCommitted: () => {},
      }),
      secretBox: first ? createSecretBox([first, ...others]) : null,
      guard: createAddressGuard({ allowed: allowed.map(parseAddressRange) }),
      registry,
      log: logTo(logs),
      clock: Date.now,
      now: () => performance.now(),
      random: Math.random,
      newId: uuidv7,
    },
    {
      budget: { maximumAttempts: 4, maximumAgeMs: 60_000, firstDelayMs: 20, longestDelayMs: 100 },
      connectTimeoutMs: 5_000,
      timeoutMs: 5_000,
      concurrency: 4,
      maximumChannels: 50,
      pollIntervalMs: 20,
      turnMs: 2_000,
      upkeepIntervalMs: 1_000,
      allowInsecure: true,
      retentionDays: 90,
      ...options,
    },
  );
  return {
    ...parts,
    database,
    registry,
    logs,
    channel: (settings, limits = {}) =>
      parts.channels.create(
        { name: `channel ${uuidv7()}`, settings, enabled: true, rateLimitPerMinute: null, digestWindowMs: 0, ...limits },
        'alice',
      ),
    async tell(channelId, count = 1) {
      const drafts = Array.from({ length: count }, (_, index) => aNotificationDraft({ channelId, subject: `subject ${index}` }));
      await database.sql.begin((transaction) => parts.notifications.notify(transaction, drafts));
      parts.notifications.nudge();
      return drafts;
    },
    notification: async (id) => (await parts.notifications.byIds([id]))[0]!,
    async metric(name, labels = {}) {
      const found = await registry.getSingleMetric(name)!.get();
      const wanted = Object.entries(labels);
      return found.values
        .filter((value) => wanted.every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text))
        .reduce((sum, { value }) => sum + value, 0);
    },
    async close() {
      await parts.stop(4_000);
      await database.close();
    },
  };
}

export function aNotificationDraft(overrides: Partial<NotificationDraft> & Pick<NotificationDraft, 'channelId'>): NotificationDraft {
  return {
    id: uuidv7(),
    alertId: uuidv7(),
    kind: 'FIRED',
    subject: 'IV of SPX above 30 %',
    body: 'It is 31.4 %.',
    payload: { severity: 'WARNING', labels: { symbol: 'SPX' } },
    ...overrides,
  };
}
