import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { CANDIDATE_DROP_INDEX } from './candidate-drop-reason.ts';

/**
 * Adds a candidate without legs and answers with its row; -1, counted as `capacity`, when the batch is full.
 *
 * @param strategyCode index into STRATEGY_IDS
 * @param stockQuantity units of the underlying held per unit of the position
 */
export function appendCandidate(batch: CandidateBatch, strategyCode: number, stockQuantity: number): number {
  const row = batch.size;
  if (row >= batch.capacity) {
    batch.drops[CANDIDATE_DROP_INDEX.capacity]!++;
    return -1;
  }
  batch.strategy[row] = strategyCode;
  batch.legCount[row] = 0;
  batch.stockQuantity[row] = stockQuantity;
  batch.size = row + 1;
  return row;
}

/** Adds an option leg to a candidate; nothing for row -1. Legs are added in ascending strike: the payoff is walked in that order. */
export function appendLeg(batch: CandidateBatch, row: number, chainRow: number, quantity: number): void {
  if (row < 0) return;
  const leg = row * MAX_LEGS + batch.legCount[row]!;
  batch.legRow[leg] = chainRow;
  batch.legQuantity[leg] = quantity;
  batch.legCount[row]!++;
}
