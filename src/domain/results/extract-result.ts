import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { explainScore } from '../scoring/explain-score.ts';
import { scoreReasons } from '../scoring/score-reasons.ts';
import { extractPosition } from './extract-position.ts';
import type { ScanResultDraft } from './scan-result.ts';

/** What a result says about itself beside the candidate. */
export type ResultIdentity = Pick<ScanResultDraft, 'id' | 'scanRunId' | 'filterId' | 'filterRevision' | 'marketState'>;

/**
 * A candidate as a scan result, detached from chain and batch. It costs strings and objects: only for candidates that passed a filter.
 *
 * @param row of the batch, its score filled
 */
export function extractResult(chain: PricedChain, batch: CandidateBatch, row: number, identity: ResultIdentity): ScanResultDraft {
  const scoreComponents = explainScore(batch, row);
  return {
    id: identity.id,
    scanRunId: identity.scanRunId,
    filterId: identity.filterId,
    filterRevision: identity.filterRevision,
    marketState: identity.marketState,
    ...extractPosition(chain, batch, row),
    scoreComponents,
    reasons: scoreReasons(batch, row, chain.snapshot.underlying.currency, scoreComponents),
  };
}
