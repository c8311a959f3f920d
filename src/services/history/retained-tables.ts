import type { RetentionTier } from '../../domain/history/retention-days.ts';
import { ROLLUP_STREAMS } from '../rollups/rollup-streams.ts';

/** A table whose old rows go, chunk by chunk. */
export interface RetainedTable {
  readonly table: string;
  readonly tier: RetentionTier;
  /** The durable stream of its rows, whose rollups must have been made before they go; null: they are rollups. */
  readonly stream: string | null;
}

export const RETAINED_TABLES: readonly RetainedTable[] = [
  ...Object.values(ROLLUP_STREAMS).map(({ table, stream }) => ({ table, tier: 'RAW' as const, stream })),
  { table: 'rollup_minutes', tier: 'MINUTE', stream: null },
  { table: 'rollup_hours', tier: 'HOUR', stream: null },
];
