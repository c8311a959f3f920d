import { join } from 'node:path';
import { createAddressGuard, parseAddressRange } from '../services/notifications/outgoing/address-guard.ts';
import { createSecretBox, type SecretBox } from '../services/notifications/secrets/secret-box.ts';
import { keptSecretKey, parseSecretKey } from '../services/notifications/secrets/secret-keys.ts';
import { type Notifications, startNotifications as startParts } from '../services/notifications/start-notifications.ts';
import type { Access } from './start-access.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** Messages under way at the same time on one channel: enough to work off a backlog, too few to be a burden to a receiver. */
const CONCURRENCY = 4;
/** Each costs a connection to a receiver at most. */
const MAXIMUM_CHANNELS = 100;
const TURN_MS = 10_000;
const UPKEEP_INTERVAL_MS = 15_000;

/** What tells alerts on channels. */
export async function startNotifications(wiring: Wiring, storage: Storage, { auditLog }: Pick<Access, 'auditLog'>): Promise<Notifications> {
  const { config, deps, lifecycle, registry, component } = wiring;
  const settings = config.notifications;
  const parts = await startParts(
    {
      ...deps,
      url: storage.databaseUrl,
      sql: storage.database.sql,
      writeSql: storage.database.writeSql,
      auditLog,
      secretBox: await secretBoxOf(wiring, storage),
      guard: createAddressGuard({ allowed: settings.allowedAddresses.map(parseAddressRange) }),
      registry,
      log: component('notifications'),
    },
    {
      budget: {
        maximumAttempts: settings.maximumAttempts,
        maximumAgeMs: settings.maximumAgeMinutes * 60_000,
        firstDelayMs: settings.firstRetryMs,
        longestDelayMs: settings.longestRetryMs,
      },
      connectTimeoutMs: settings.timeoutMs / 2,
      timeoutMs: settings.timeoutMs,
      concurrency: CONCURRENCY,
      maximumChannels: MAXIMUM_CHANNELS,
      pollIntervalMs: settings.pollIntervalMs,
      turnMs: TURN_MS,
      upkeepIntervalMs: UPKEEP_INTERVAL_MS,
      allowInsecure: settings.allowInsecure,
      retentionDays: settings.retentionDays,
    },
  );
  lifecycle.onStop('notifications', parts.stop);
  return parts;
}

/** Several processes on one database need one key, so only the embedded one may have a key of its own making. */
async function secretBoxOf({ config }: Wiring, { embedded, dataDirectory }: Storage): Promise<SecretBox | null> {
  const { secretsKey, previousSecretsKey } = config.notifications;
  const previous = previousSecretsKey === undefined ? [] : [parseSecretKey(previousSecretsKey)!];
  if (secretsKey !== undefined) {
    // Whoever begins to set a key may have used the one in the data directory before.
    const kept = embedded ? [await keptSecretKey(secretsFile(dataDirectory))] : [];
    return createSecretBox([parseSecretKey(secretsKey)!, ...previous, ...kept]);
  }
  return embedded ? createSecretBox([await keptSecretKey(secretsFile(dataDirectory)), ...previous]) : null;
}

/** Beside the database, not in its directory: that one belongs to another user where the server runs as root. */
function secretsFile(dataDirectory: string): string {
  return join(`${dataDirectory}-secrets`, 'notification-channels.key');
}
