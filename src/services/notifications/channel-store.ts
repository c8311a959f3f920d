import type { Sql, Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { NotificationChannel } from '../../domain/notifications/notification-channel.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';

/** A channel as it is stored: what is secret is sealed. */
export interface StoredChannel extends NotificationChannel {
  readonly sealedSecrets: string | null;
}

/** Rows of channels. Deleted ones are found by id only. */
export interface ChannelStore {
  /** @throws ConflictError when the name is taken */
  insert(transaction: Transaction, channel: StoredChannel, idempotencyKey: string | null): Promise<void>;
  /** Stores the next revision if the one before it is still in force; false when it is not. @throws ConflictError when the name is taken */
  replace(transaction: Transaction, channel: StoredChannel): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<StoredChannel[]>;
  /** What was made with the key, deleted or not. */
  byIdempotencyKey(key: string): Promise<StoredChannel | null>;
  /** How many are in use. */
  count(transaction: Transaction): Promise<number>;
  /** In order of creation; the cursor is the id of a channel. @param owner null: of everybody */
  page(request: PageRequest, owner: string | null): Promise<Page<StoredChannel>>;
  /** Those with secrets, deleted ones left out. */
  withSecrets(): Promise<StoredChannel[]>;
  /** Replaces the seal of the same secrets, unless somebody has changed them meanwhile. */
  reseal(id: string, from: string, to: string): Promise<void>;
}

const COLUMNS = `id, name, settings, sealed_secrets as "sealedSecrets", enabled, disabled_reason as "disabledReason", rate_limit_per_minute as "rateLimitPerMinute",
  digest_window_ms as "digestWindowMs", owner, revision, created_at as "createdAtMs", updated_at as "updatedAtMs", deleted_at as "deletedAtMs"`;

export function createChannelStore({ sql }: { sql: Sql }): ChannelStore {
  const select = (condition: string, values: readonly unknown[] = []) =>
    sql.unsafe<StoredChannel[]>(`select ${COLUMNS} from notification_channels where ${condition}`, values as never[]);

  return {
    insert: (transaction, channel, idempotencyKey) =>
      refusingTakenNames(channel.name, async () => {
        await transaction`
          insert into notification_channels (id, name, kind, settings, sealed_secrets, enabled, disabled_reason, rate_limit_per_minute, digest_window_ms, owner, revision, idempotency_key, created_at, updated_at)
          values (${channel.id}, ${channel.name}, ${channel.settings.kind}, ${transaction.json({ ...channel.settings } as never)}, ${channel.sealedSecrets}, ${channel.enabled},
            ${channel.disabledReason}, ${channel.rateLimitPerMinute}, ${channel.digestWindowMs}, ${channel.owner}, ${channel.revision}, ${idempotencyKey},
            ${transaction.typed.timestamptz(channel.createdAtMs)}, ${transaction.typed.timestamptz(channel.updatedAtMs)})`;
      }),
    replace: (transaction, channel) =>
      refusingTakenNames(channel.name, async () => {
        const { count } = await transaction`
          update notification_channels set name = ${channel.name}, settings = ${transaction.json({ ...channel.settings } as never)}, sealed_secrets = ${channel.sealedSecrets},
            enabled = ${channel.enabled}, disabled_reason = ${channel.disabledReason}, rate_limit_per_minute = ${channel.rateLimitPerMinute},
            digest_window_ms = ${channel.digestWindowMs}, revision = ${channel.revision}, updated_at = ${transaction.typed.timestamptz(channel.updatedAtMs)},
            deleted_at = ${channel.deletedAtMs === null ? null : transaction.typed.timestamptz(channel.deletedAtMs)}
          where id = ${channel.id} and revision = ${channel.revision - 1} and deleted_at is null`;
        return count > 0;
      }),
    byIds: async (ids) => select('id = any($1::uuid[])', [[...ids]]),
    byIdempotencyKey: async (key) => (await select('idempotency_key = $1', [key]))[0] ?? null,
    async count(transaction) {
      const [row] = await transaction<{ count: number }[]>`select count(*) from notification_channels where deleted_at is null`;
      return row!.count;
    },
    async page(request, owner) {
      const forward = request.direction === 'forward';
      const rows = await select(
        `deleted_at is null and ($1::text is null or owner = $1) and ($2::uuid is null or id ${forward ? '>' : '<'} $2)
         order by id ${forward ? 'asc' : 'desc'} limit $3::int`,
        [owner, request.cursor, request.limit + 1],
      );
      return pageOf(rows, request);
    },
    withSecrets: async () => select('sealed_secrets is not null and deleted_at is null'),
    async reseal(id, from, to) {
      await sql`update notification_channels set sealed_secrets = ${to} where id = ${id} and sealed_secrets = ${from}`;
    },
  };
}

async function refusingTakenNames<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, 'notification_channels_name_unique'))
      throw new ConflictError(`expected a name that is free, got ${JSON.stringify(name)}`);
    throw error;
  }
}
