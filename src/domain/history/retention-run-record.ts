/**
 * RUNNING: under way. DONE: to its end. FAILED: the server that did it met an error, which is in its log. CUT: it ended without a word, because its server was killed or
 * lost the database; the next run has noticed.
 */
export const RETENTION_RUN_OUTCOMES = ['RUNNING', 'DONE', 'FAILED', 'CUT'] as const;
export type RetentionRunOutcome = (typeof RETENTION_RUN_OUTCOMES)[number];

/** What a run has removed. */
export interface RemovedByRetention {
  readonly chunks: number;
  /** Of chunks estimated. */
  readonly rows: number;
  /** Given back to the disk. */
  readonly bytes: number;
}

/** A run that is or was under way; dry ones are not kept. */
export interface RetentionRunRecord {
  /** UUIDv7 of its beginning. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  /** Epoch milliseconds; null: it has not ended, or nobody knows when. */
  readonly endedAtMs: number | null;
  readonly outcome: RetentionRunOutcome;
  /** Also of one that was cut exactly what is gone. */
  readonly removed: RemovedByRetention;
}
