import type { ChunkVerdict } from './judge-chunk.ts';
import type { RetentionTier } from './retention-days.ts';

/** Of a chunk that has expired. IN_USE: it could not be removed now, because somebody was reading the table. */
export interface ExpiredChunkReport {
  /** Epoch milliseconds, inclusive. */
  readonly fromMs: number;
  /** Epoch milliseconds, exclusive. */
  readonly beforeMs: number;
  /** As PostgreSQL estimates. */
  readonly rows: number;
  readonly bytes: number;
  readonly outcome: Exclude<ChunkVerdict, 'NOT_EXPIRED'> | 'IN_USE';
}

export interface RetainedTableReport {
  readonly table: string;
  readonly tier: RetentionTier;
  readonly retentionDays: number;
  /** What is older goes, epoch milliseconds. */
  readonly cutoffMs: number;
  /** Those that have expired; none of a table that is not in chunks. */
  readonly chunks: readonly ExpiredChunkReport[];
  /** Removed, or in a dry run to be removed; of chunks estimated. */
  readonly removedRows: number;
  /** Given back to the disk, or in a dry run to be; of a table that is not in chunks none: PostgreSQL uses the space again. */
  readonly removedBytes: number;
}

/** What a run of the retention has removed, or in a dry run would remove. */
export interface RetentionReport {
  readonly isDryRun: boolean;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly tables: readonly RetainedTableReport[];
}
