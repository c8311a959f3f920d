import { bigint, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { ScanDrop, ScanFailure, ScanRunKind, ScanRunState } from '../../domain/results/scan-run.ts';

export const scanRuns = pgTable(
  'scan_runs',
  {
    /** UUIDv7: sorts by the moment the run was asked for. */
    id: uuid().primaryKey(),
    kind: text().$type<ScanRunKind>().notNull(),
    state: text().$type<ScanRunState>().notNull(),
    symbols: text().array().notNull(),
    /** Null: every enabled filter. */
    filterIds: uuid().array(),
    requestedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    startedAt: timestamp({ withTimezone: true, precision: 3 }),
    finishedAt: timestamp({ withTimezone: true, precision: 3 }),
    symbolsDone: integer().notNull(),
    contracts: bigint({ mode: 'number' }).notNull(),
    candidates: bigint({ mode: 'number' }).notNull(),
    results: bigint({ mode: 'number' }).notNull(),
    duplicates: bigint({ mode: 'number' }).notNull(),
    drops: jsonb().$type<readonly ScanDrop[]>().notNull(),
    failures: jsonb().$type<readonly ScanFailure[]>().notNull(),
    /** The process that works on it, of scan_processes while that is alive; null: a run from before processes were told apart. */
    processId: uuid(),
    idempotencyKey: text().unique('scan_runs_idempotency_key_unique'),
  },
  (table) => [index('scan_runs_state').on(table.state)],
);
