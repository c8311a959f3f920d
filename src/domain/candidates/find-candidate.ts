import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';

/** What is looked for: a chain row and the contracts held of it. */
export interface CandidateLeg {
  readonly row: number;
  readonly quantity: number;
}

/** The row of the batch that has exactly these legs, in any order; -1 when there is none. */
export function findCandidate(batch: CandidateBatch, legs: readonly CandidateLeg[], stockQuantity: number): number {
  for (let row = 0; row < batch.size; row++) {
    if (batch.legCount[row] !== legs.length || batch.stockQuantity[row] !== stockQuantity) continue;
    if (legs.every((leg) => hasLeg(batch, row, leg))) return row;
  }
  return -1;
}

function hasLeg(batch: CandidateBatch, row: number, leg: CandidateLeg): boolean {
  const first = row * MAX_LEGS;
  for (let i = first; i < first + batch.legCount[row]!; i++) {
    if (batch.legRow[i] === leg.row) return batch.legQuantity[i] === leg.quantity;
  }
  return false;
}
