import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Where the data in this database comes from: one row normally, more where somebody chose to mix. */
export const dataOrigins = pgTable('data_origins', {
  /** A DataOrigin. */
  origin: text().primaryKey(),
  firstUsedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
