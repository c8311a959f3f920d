import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';

/** Copies strategy and legs of a candidate to a row of its batch or of another; its metrics are the caller's to copy. */
export function copyPosition(from: CandidateBatch, row: number, to: CandidateBatch, slot: number): void {
  to.strategy[slot] = from.strategy[row]!;
  to.legCount[slot] = from.legCount[row]!;
  to.stockQuantity[slot] = from.stockQuantity[row]!;
  for (let leg = 0; leg < MAX_LEGS; leg++) {
    to.legRow[slot * MAX_LEGS + leg] = from.legRow[row * MAX_LEGS + leg]!;
    to.legQuantity[slot * MAX_LEGS + leg] = from.legQuantity[row * MAX_LEGS + leg]!;
  }
}
