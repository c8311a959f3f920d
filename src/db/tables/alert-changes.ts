import { bigint, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { AlertChangeDraft, AlertChangeKind } from '../../domain/alerts/alert-change.ts';

/** The stream of changes of alerts: (at, sequence) ascends in commit order. */
export const alertChanges = pgTable(
  'alert_changes',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    kind: text().$type<AlertChangeKind>().notNull(),
    alertId: uuid().notNull(),
    ruleId: uuid().notNull(),
    /** The whole change. */
    change: jsonb().$type<AlertChangeDraft>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.at, table.sequence] }), index('alert_changes_alert').on(table.alertId, table.sequence)],
);
