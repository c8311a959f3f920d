import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';

/** Copies strategy and legs of a candidate to another row of its batch; its metrics are the caller's to copy. */
export function moveCandidate(batch: CandidateBatch, from: number, to: number): void {
  batch.strategy[to] = batch.strategy[from]!;
  batch.legCount[to] = batch.legCount[from]!;
  batch.stockQuantity[to] = batch.stockQuantity[from]!;
  for (let leg = 0; leg < MAX_LEGS; leg++) {
    batch.legRow[to * MAX_LEGS + leg] = batch.legRow[from * MAX_LEGS + leg]!;
    batch.legQuantity[to * MAX_LEGS + leg] = batch.legQuantity[from * MAX_LEGS + leg]!;
  }
}
