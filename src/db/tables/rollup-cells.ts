import { bigint, customType, doublePrecision, integer, pgTable, primaryKey, timestamp } from 'drizzle-orm/pg-core';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const moment = () => timestamp({ withTimezone: true, precision: 3 }).notNull();

/** One cell: what is known of the values of a series in a bucket. See domain/rollups/rollup-cell.ts. */
const cellColumns = () => ({
  seriesId: integer().notNull(),
  /** Start, by market time. */
  bucket: moment(),
  count: bigint({ mode: 'number' }).notNull(),
  sum: doublePrecision().notNull(),
  min: doublePrecision().notNull(),
  max: doublePrecision().notNull(),
  m2: doublePrecision().notNull(),
  first: doublePrecision().notNull(),
  firstAt: moment(),
  last: doublePrecision().notNull(),
  lastAt: moment(),
  p50: doublePrecision().notNull(),
  p95: doublePrecision().notNull(),
  p99: doublePrecision().notNull(),
  /** See domain/rollups/sketch-codec.ts. */
  sketch: bytes().notNull(),
  /** By the server's clock. */
  updatedAt: moment(),
});

export const rollupMinutes = pgTable('rollup_minutes', cellColumns(), (table) => [primaryKey({ columns: [table.seriesId, table.bucket] })]);

export const rollupHours = pgTable('rollup_hours', cellColumns(), (table) => [primaryKey({ columns: [table.seriesId, table.bucket] })]);

/** Days of UTC. */
export const rollupDays = pgTable('rollup_days', cellColumns(), (table) => [primaryKey({ columns: [table.seriesId, table.bucket] })]);
