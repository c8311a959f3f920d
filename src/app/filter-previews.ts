import { createCandidateGenerator } from '../domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../domain/candidates/create-candidate-batch.ts';
import { scoreBatch } from '../domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../domain/strategies/strategies.ts';
import { requestContext } from '../server/request-context.ts';
import { createFilterExplanationService } from '../services/filters/filter-explanation.ts';
import { createFilterPreviewService } from '../services/filters/filter-preview.ts';
import type { Records } from './start-records.ts';
import type { Scanning } from './start-scanning.ts';

/** What criteria would find, and why they do not. */
export function filterPreviews({ filterRegistry, results, underlyings }: Records, { slicer }: Scanning) {
  const { hiddenFilterIds } = filterRegistry;
  const createBatch = () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
  return {
    filterPreviews: createFilterPreviewService({
      underlyings,
      results,
      hiddenFilterIds,
      generator: createCandidateGenerator(),
      createBatch,
      scoreBatch,
      slicer,
      isCancelled: () => requestContext.getStore()?.statements?.isCancelled ?? false,
    }),
    filterExplanations: createFilterExplanationService({
      underlyings,
      results,
      hiddenFilterIds,
      generator: createCandidateGenerator(),
      createBatch,
      scoreBatch,
    }),
  };
}
