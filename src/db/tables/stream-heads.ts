import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** The newest number of every durable stream. The row is locked while a batch is appended, which makes commit order and number order the same. */
export const streamHeads = pgTable('stream_heads', {
  stream: text().primaryKey(),
  lastSequence: bigint({ mode: 'number' }).notNull(),
  /** Never goes back: the time of the newest row. */
  lastAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
