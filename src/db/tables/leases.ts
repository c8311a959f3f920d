import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Work that one process of the cluster does for all. */
export const leases = pgTable('leases', {
  /** The work, e.g. `alerts`. */
  name: text().primaryKey(),
  /** The process that does it. */
  owner: uuid().notNull(),
  /** By the clock of the database: from then on others may take over. */
  until: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
