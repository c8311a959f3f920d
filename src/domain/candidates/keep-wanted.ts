import type { CandidateBatch } from './candidate-batch.ts';
import { copyPosition } from './copy-position.ts';
import { metricColumn } from './metric-column.ts';
import { SCREENED_METRICS } from './screened-metrics.ts';

/**
 * Removes the candidates that are not marked with 1, in place and in order, from a batch whose SCREENED_METRICS are filled; `isProfitAtZero`, by candidate too, goes
 * with them.
 */
export function keepWanted(batch: CandidateBatch, wanted: Uint8Array, isProfitAtZero: Uint8Array): void {
  const { size } = batch;
  let kept = 0;
  while (kept < size && wanted[kept] === 1) kept++;
  const untouched = kept;
  for (let row = untouched; row < size; row++) {
    if (wanted[row] !== 1) continue;
    copyPosition(batch, row, batch, kept);
    isProfitAtZero[kept++] = isProfitAtZero[row]!;
  }
  if (kept > untouched) for (const name of SCREENED_METRICS) compact(metricColumn(batch, name), wanted, untouched, size);
  batch.size = kept;
}

function compact(column: Float64Array, wanted: Uint8Array, from: number, size: number): void {
  let kept = from;
  for (let row = from; row < size; row++) {
    column[kept] = column[row]!;
    if (wanted[row] === 1) kept++;
  }
}
