import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { AttemptOutcome } from '../../domain/notifications/delivery-attempt.ts';
import type { NotificationKind, NotificationState } from '../../domain/notifications/notification.ts';

/** One row per alert and channel to be told. */
export const notifications = pgTable(
  'notifications',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    channelId: uuid().notNull(),
    alertId: uuid(),
    kind: text().$type<NotificationKind>().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    payload: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    state: text().$type<NotificationState>().notNull(),
    reason: text(),
    /** Of the message that carries it; decided before the first attempt and kept for all. */
    deliveryId: uuid(),
    attempts: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** When the budget of age began: `createdAt`, or the replay. */
    queuedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    nextAttemptAt: timestamp({ withTimezone: true, precision: 3 }),
    deliveredAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [
    index('notifications_due').on(table.channelId, table.nextAttemptAt).where(sql`${table.state} = 'QUEUED'`),
    index('notifications_channel').on(table.channelId, table.id),
    index('notifications_alert').on(table.alertId, table.id),
    index('notifications_delivery').on(table.deliveryId),
    index('notifications_dead').on(table.id).where(sql`${table.state} = 'DEAD'`),
  ],
);

export const notificationAttempts = pgTable(
  'notification_attempts',
  {
    /** UUIDv7: sorts by start. */
    id: uuid().primaryKey(),
    deliveryId: uuid().notNull(),
    channelId: uuid().notNull(),
    number: integer().notNull(),
    notifications: integer().notNull(),
    startedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    durationMs: integer().notNull(),
    outcome: text().$type<AttemptOutcome>().notNull(),
    status: integer(),
    responseExcerpt: text(),
    error: text(),
  },
  (table) => [
    index('notification_attempts_delivery').on(table.deliveryId, table.number),
    index('notification_attempts_channel').on(table.channelId, table.id),
  ],
);
