import { pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';

/** The processes that have rows in client_connections. Unlogged like these. */
export const connectionProcesses = pgTable('connection_processes', {
  id: uuid().primaryKey(),
  /** By the clock of the database, which all processes share. */
  heartbeatAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
