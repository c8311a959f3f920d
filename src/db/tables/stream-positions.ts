import { bigint, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** How far those who work through a durable stream, once for the whole cluster, have come. */
export const streamPositions = pgTable(
  'stream_positions',
  {
    consumer: text().notNull(),
    stream: text().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.consumer, table.stream] })],
);
