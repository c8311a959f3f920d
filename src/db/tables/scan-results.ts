import { bigint, date, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { METRICS, type MetricName } from '../../domain/candidates/metric.ts';
import type { Leg, MarketState, ScoreComponent } from '../../domain/results/scan-result.ts';
import type { StrategyId } from '../../domain/strategies/strategy-id.ts';

/** One nullable double per metric; the list of metrics is the list of columns. */
const metricColumns = Object.fromEntries(METRICS.map((metric) => [metric.name, doublePrecision()])) as Record<
  MetricName,
  ReturnType<typeof doublePrecision>
>;

/** The stream of scan results: (detected_at, sequence) ascends in commit order. */
export const scanResults = pgTable(
  'scan_results',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    detectedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    scanRunId: uuid().notNull(),
    filterId: uuid().notNull(),
    filterRevision: integer().notNull(),
    symbol: text().notNull(),
    strategy: text().$type<StrategyId>().notNull(),
    expiration: date().notNull(),
    quotedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    marketState: text().$type<MarketState>().notNull(),
    legsKey: text().notNull(),
    legs: jsonb().$type<readonly Leg[]>().notNull(),
    scoreComponents: jsonb().$type<readonly ScoreComponent[]>().notNull(),
    reasons: text().array().notNull(),
    ...metricColumns,
  },
  (table) => [
    primaryKey({ columns: [table.detectedAt, table.sequence] }),
    index('scan_results_id').on(table.id),
    index('scan_results_filter').on(table.filterId, table.detectedAt, table.sequence),
    index('scan_results_symbol').on(table.symbol, table.detectedAt, table.sequence),
    index('scan_results_run').on(table.scanRunId, table.detectedAt, table.sequence),
    index('scan_results_score').on(table.score, table.sequence),
    index('scan_results_return_on_risk').on(table.returnOnRisk, table.sequence),
  ],
);
