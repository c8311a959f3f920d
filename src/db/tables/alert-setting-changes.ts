import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { AlertSettingChangeKind, StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';

/** The stream of changes of alert settings: (at, sequence) ascends in commit order. */
export const alertSettingChanges = pgTable(
  'alert_setting_changes',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    change: text().$type<AlertSettingChangeKind>().notNull(),
    settingId: uuid().notNull(),
    revision: integer().notNull(),
    /** The whole setting as the change left it. */
    setting: jsonb().$type<StoredAlertSetting>().notNull(),
    actor: text().notNull(),
    reason: text(),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.sequence] }),
    index('alert_setting_changes_setting').on(table.settingId, table.revision),
  ],
);
