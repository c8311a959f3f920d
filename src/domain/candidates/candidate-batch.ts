/** The most option legs a strategy may have. */
export const MAX_LEGS = 4;

/**
 * Candidates in columns, reused from one expiration to the next so that scanning allocates nothing per candidate.
 * Row i of every column is one candidate.
 */
export interface CandidateBatch {
  size: number;
  readonly capacity: number;
  /** Index into STRATEGY_IDS. */
  readonly strategy: Uint8Array;
  readonly legCount: Uint8Array;
  /** Rows of the chain snapshot: legs of candidate i at [i·MAX_LEGS, i·MAX_LEGS + legCount[i]). */
  readonly legRow: Int32Array;
  /** Contracts per leg, beside legRow: positive long, negative short. */
  readonly legQuantity: Int8Array;
  /** Units of the underlying held per unit of the position: 1 for a covered call, else 0. */
  readonly stockQuantity: Int8Array;
  /** One column per metric, by METRIC_INDEX; NaN: unknown. */
  readonly metrics: readonly Float64Array[];
  /** Room for a number per candidate, for whoever works on the batch. */
  readonly scratch: Float64Array;
  /** What was left out on the way to this batch, one counter per CANDIDATE_DROP_REASONS. */
  readonly drops: Uint32Array;
}
