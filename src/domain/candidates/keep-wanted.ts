import type { CandidateBatch } from './candidate-batch.ts';
import { copyPosition } from './copy-position.ts';
import { metricColumn } from './metric-column.ts';
import { SCREENED_METRICS, type ScreeningStage } from './screened-metrics.ts';

/**
 * Removes the candidates that are not marked with 1, in place and in order, from a batch whose SCREENED_METRICS of the stage are filled; `isProfitAtZero`, by
 * candidate too, goes with them.
 *
 * @param rows room for a number per candidate
 */
export function keepWanted(
  batch: CandidateBatch,
  wanted: Uint8Array,
  stage: ScreeningStage,
  isProfitAtZero: Uint8Array,
  rows: Int32Array,
): void {
  const { size } = batch;
  let untouched = 0;
  while (untouched < size && wanted[untouched] === 1) untouched++;
  let kept = untouched;
  for (let row = untouched; row < size; row++) {
    if (wanted[row] !== 1) continue;
    copyPosition(batch, row, batch, kept);
    isProfitAtZero[kept] = isProfitAtZero[row]!;
    rows[kept++] = row;
  }
  if (kept > untouched) for (const name of SCREENED_METRICS[stage]) gather(metricColumn(batch, name), rows, untouched, kept);
  batch.size = kept;
}

function gather(column: Float64Array, rows: Int32Array, from: number, end: number): void {
  for (let i = from; i < end; i++) column[i] = column[rows[i]!]!;
}
