import { pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';

/** The processes that scan into this database: one row from their start to their end. */
export const scanProcesses = pgTable('scan_processes', {
  id: uuid().primaryKey(),
  /** By the clock of the database, which all processes share. */
  heartbeatAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
