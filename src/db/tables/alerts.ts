import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Alert, AlertStatus } from '../../domain/alerts/alert.ts';
import type { Severity } from '../../domain/alerts/alert-rule.ts';

/** Alerts as they are now. */
export const alerts = pgTable(
  'alerts',
  {
    /** UUIDv7: sorts by firing. */
    id: uuid().primaryKey(),
    ruleId: uuid().notNull(),
    seriesKey: text().notNull(),
    status: text().$type<AlertStatus>().notNull(),
    severity: text().$type<Severity>().notNull(),
    isTest: boolean().notNull(),
    firedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    snoozedUntil: timestamp({ withTimezone: true, precision: 3 }),
    resolvedAt: timestamp({ withTimezone: true, precision: 3 }),
    alert: jsonb().$type<Alert>().notNull(),
  },
  (table) => [
    index('alerts_rule').on(table.ruleId, table.id),
    index('alerts_open').on(table.id).where(sql`${table.status} <> 'RESOLVED'`),
    // A series has one alert at a time.
    uniqueIndex('alerts_series_open').on(table.ruleId, table.seriesKey).where(sql`${table.status} <> 'RESOLVED' and not ${table.isTest}`),
  ],
);
