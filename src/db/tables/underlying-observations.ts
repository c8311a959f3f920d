import { bigint, doublePrecision, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../../domain/analytics/underlying-metric.ts';

/** One nullable double per metric; the list of metrics is the list of columns. */
const metricColumns = Object.fromEntries(UNDERLYING_METRICS.map((metric) => [metric.name, doublePrecision()])) as Record<
  UnderlyingMetricName,
  ReturnType<typeof doublePrecision>
>;

/** The stream of what chains said of their underlyings: (observed_at, sequence) ascends in commit order. */
export const underlyingObservations = pgTable(
  'underlying_observations',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    observedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    symbol: text().notNull(),
    scanRunId: uuid().notNull(),
    quotedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    ...metricColumns,
  },
  (table) => [
    primaryKey({ columns: [table.observedAt, table.sequence] }),
    index('underlying_observations_id').on(table.id),
    index('underlying_observations_symbol').on(table.symbol, table.observedAt, table.sequence),
  ],
);
