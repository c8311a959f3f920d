import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { RollupSource } from '../../domain/rollups/rollup-metric.ts';

/** What has been seen of each source. How far its stream has been rolled up is in `stream_positions`. */
export const rollupSources = pgTable('rollup_sources', {
  source: text().$type<RollupSource>().primaryKey(),
  /** Newest market time of the rows that were rolled up. */
  newestAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});
