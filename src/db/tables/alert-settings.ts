import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { AlertSettingKind } from '../../domain/alerts/alert-setting.ts';

/** Alert rules, escalation policies, silences and inhibition rules as they are now. */
export const alertSettings = pgTable(
  'alert_settings',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    kind: text().$type<AlertSettingKind>().notNull(),
    name: text(),
    owner: text(),
    isPrivate: boolean().notNull(),
    revision: integer().notNull(),
    value: jsonb().notNull(),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** A deleted one stays as a row: alerts name it. */
    deletedAt: timestamp({ withTimezone: true, precision: 3 }),
    /** The caller's key of the creating mutation: repeating it finds this row again. */
    idempotencyKey: text().unique('alert_settings_idempotency_key_unique'),
  },
  (table) => [
    // What is shared must be told apart by everybody, what is private by its owner.
    uniqueIndex('alert_settings_name_unique')
      .on(table.kind, sql`lower(${table.name})`, sql`(case when ${table.isPrivate} then ${table.owner} else '' end)`)
      .where(sql`${table.deletedAt} is null and ${table.name} is not null`),
  ],
);
