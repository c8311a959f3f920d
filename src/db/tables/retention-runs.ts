import { doublePrecision, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { RetentionRunOutcome } from '../../domain/history/retention-run-record.ts';

/** Runs of the retention, dry ones not: what each has removed is written together with its being removed. */
export const retentionRuns = pgTable('retention_runs', {
  /** UUIDv7: sorts by the moment the run began. */
  id: uuid().primaryKey(),
  startedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  endedAt: timestamp({ withTimezone: true, precision: 3 }),
  outcome: text().$type<RetentionRunOutcome>().notNull(),
  removedChunks: integer().notNull(),
  removedRows: doublePrecision().notNull(),
  removedBytes: doublePrecision().notNull(),
});
