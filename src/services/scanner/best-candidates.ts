import type { CandidateBatch } from '../../domain/candidates/candidate-batch.ts';
import { copyPosition } from '../../domain/candidates/copy-position.ts';
import { createCandidateBatch } from '../../domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX } from '../../domain/candidates/metric.ts';

const SCORE = METRIC_INDEX.score;

/** The candidates with the highest scores seen so far, copied out of the batch they came in: batches are reused while a chain is worked on. */
export interface BestCandidates {
  /** Unordered; valid until `reset`. Row i came from `expirationIndex[i]`. */
  readonly batch: CandidateBatch;
  readonly expirationIndex: Int32Array;
  /** Takes what is selected and good enough. */
  offer(from: CandidateBatch, selection: Uint8Array, expirationIndex: number): void;
  /** Selected candidates that were or became too low for a place. */
  outranked(): number;
  reset(): void;
}

export function createBestCandidates(limit: number): BestCandidates {
  const batch = createCandidateBatch(limit);
  const scores = batch.metrics[SCORE]!;
  const expirationIndex = new Int32Array(limit);
  let lowest = 0;
  let outranked = 0;

  function findLowest(): void {
    lowest = 0;
    for (let row = 1; row < batch.size; row++) if (scores[row]! < scores[lowest]!) lowest = row;
  }

  return {
    batch,
    expirationIndex,
    offer(from, selection, fromExpiration) {
      const offered = from.metrics[SCORE]!;
      for (let row = 0; row < from.size; row++) {
        if (selection[row] === 0) continue;
        if (batch.size < limit) {
          copyCandidate(from, row, batch, batch.size);
          expirationIndex[batch.size] = fromExpiration;
          batch.size++;
          if (batch.size === limit) findLowest();
          continue;
        }
        outranked++;
        // An unknown score compares false and finds no place among known ones.
        if (!(offered[row]! > scores[lowest]!)) continue;
        copyCandidate(from, row, batch, lowest);
        expirationIndex[lowest] = fromExpiration;
        findLowest();
      }
    },
    outranked: () => outranked,
    reset() {
      batch.size = 0;
      outranked = 0;
      lowest = 0;
    },
  };
}

function copyCandidate(from: CandidateBatch, row: number, to: CandidateBatch, slot: number): void {
  copyPosition(from, row, to, slot);
  for (let metric = 0; metric < to.metrics.length; metric++) to.metrics[metric]![slot] = from.metrics[metric]![row]!;
}
