import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { CANDIDATE_DROP_REASONS } from './candidate-drop-reason.ts';
import { METRICS } from './metric.ts';

/**
 * An empty batch. The candidates of one expiration are at most MAXIMUM_CANDIDATES_PER_EXPIRATION; in a smaller batch the rest is counted as `capacity`.
 *
 * @param capacity rows, an integer > 0; about 330 bytes each
 */
export function createCandidateBatch(capacity: number): CandidateBatch {
  if (!Number.isInteger(capacity) || capacity <= 0) throw new RangeError(`capacity must be an integer > 0, got ${capacity}`);
  return {
    size: 0,
    capacity,
    strategy: new Uint8Array(capacity),
    legCount: new Uint8Array(capacity),
    legRow: new Int32Array(capacity * MAX_LEGS),
    legQuantity: new Int8Array(capacity * MAX_LEGS),
    stockQuantity: new Int8Array(capacity),
    metrics: METRICS.map(() => new Float64Array(capacity)),
    scratch: new Float64Array(capacity),
    drops: new Uint32Array(CANDIDATE_DROP_REASONS.length),
  };
}
