import type { CandidateBatch } from '../../domain/candidates/candidate-batch.ts';
import type { ScreeningStage } from '../../domain/candidates/screened-metrics.ts';
import type { BatchContext } from '../../domain/filters/row-narrower.ts';
import type { ActiveFilter } from '../filters/filter-registry.ts';

/** With more filters nearly every candidate is wanted by one of them, and to find out would hold up the event loop. */
const MOST_FILTERS = 100;

/**
 * Marks the candidates that a filter may pass, as far as the SCREENED_METRICS of the stage tell (see CandidateScreen). All of them once more than half are wanted: leaving out the
 * others would save less than finding them costs.
 * @returns how many are marked
 */
export function screenCandidates(
  batch: CandidateBatch,
  context: BatchContext,
  filters: readonly ActiveFilter[],
  wanted: Uint8Array,
  stage: ScreeningStage,
): number {
  wanted.fill(0, 0, batch.size);
  let count = filters.length > MOST_FILTERS ? batch.size : 0;
  for (let i = 0; i < filters.length && count * 2 <= batch.size; i++) count += filters[i]!.compiled.screen(batch, context, wanted, stage);
  if (count * 2 <= batch.size) return count;
  wanted.fill(1, 0, batch.size);
  return batch.size;
}
