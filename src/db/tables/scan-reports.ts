import { bigint, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { ScanReportDraft } from '../../domain/results/scan-report.ts';

/** The stream of how scans of chains went: (reported_at, sequence) ascends in commit order. */
export const scanReports = pgTable(
  'scan_reports',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    reportedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    symbol: text().notNull(),
    scanRunId: uuid().notNull(),
    quotedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    durationMs: doublePrecision().notNull(),
    contracts: integer().notNull(),
    candidates: integer().notNull(),
    filters: jsonb().$type<ScanReportDraft['filters']>().notNull(),
    strategies: jsonb().$type<ScanReportDraft['strategies']>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.reportedAt, table.sequence] }),
    index('scan_reports_id').on(table.id),
    index('scan_reports_symbol').on(table.symbol, table.reportedAt, table.sequence),
  ],
);
