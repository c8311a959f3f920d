import { jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { SavedWindow } from '../../domain/alerts/series-window.ts';

/** What rules look back on: the samples of a transform of a series. */
export const alertSeries = pgTable(
  'alert_series',
  {
    source: text().notNull(),
    subject: text().notNull(),
    metric: text().notNull(),
    transform: text().notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    window: jsonb().$type<SavedWindow>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.subject, table.metric, table.transform] })],
);
