import { pgTable, serial, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { RollupSource } from '../../domain/rollups/rollup-metric.ts';

/** What cells are of: a metric, and the values it is narrowed to; null: all. */
export const rollupSeries = pgTable(
  'rollup_series',
  {
    id: serial().primaryKey(),
    source: text().$type<RollupSource>().notNull(),
    /** See domain/rollups/rollup-metric.ts. */
    metric: text().notNull(),
    filterId: uuid(),
    symbol: text(),
    strategy: text(),
  },
  (table) => [unique('rollup_series_key').on(table.source, table.metric, table.filterId, table.symbol, table.strategy).nullsNotDistinct()],
);
