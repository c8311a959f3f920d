import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ChannelKind, ChannelSettings } from '../../domain/notifications/notification-channel.ts';

export const notificationChannels = pgTable(
  'notification_channels',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    name: text().notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    settings: jsonb().$type<ChannelSettings>().notNull(),
    /** AES-256-GCM: `key id.nonce.text and tag`, base64url. Null: the kind has none. */
    sealedSecrets: text(),
    enabled: boolean().notNull(),
    disabledReason: text(),
    rateLimitPerMinute: integer(),
    digestWindowMs: integer().notNull(),
    owner: text().notNull(),
    revision: integer().notNull(),
    /** Subject and key of whoever made it: the same again makes no second one. */
    idempotencyKey: text().unique('notification_channels_idempotency_key_unique'),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** A deleted channel stays as a row: notifications and rules name it. */
    deletedAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [uniqueIndex('notification_channels_name_unique').on(sql`lower(${table.name})`).where(sql`${table.deletedAt} is null`)],
);

/** How sending on a channel goes, whichever process does it. */
export const notificationChannelStates = pgTable('notification_channel_states', {
  channelId: uuid().primaryKey(),
  /** The process and run that sends now; no other does before the lease has ended. */
  leasedBy: uuid(),
  leasedUntil: timestamp({ withTimezone: true, precision: 3 }),
  /** Failures in a row. */
  failures: integer().notNull().default(0),
  /** The circuit breaker is open, then half open from here on; null: closed. */
  openUntil: timestamp({ withTimezone: true, precision: 3 }),
  /** What Retry-After says. */
  pausedUntil: timestamp({ withTimezone: true, precision: 3 }),
  /** Messages that the rate limit allows at `tokensAt`; null: the limit has not been in use. */
  tokens: doublePrecision(),
  tokensAt: timestamp({ withTimezone: true, precision: 3 }),
});
