import { type CandidateBatch, MAX_LEGS } from '../candidates/candidate-batch.ts';
import { expirationOfRow } from '../chain/contract-symbol.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { explainScore } from '../scoring/explain-score.ts';
import { scoreReasons } from '../scoring/score-reasons.ts';
import { STRATEGY_IDS } from '../strategies/strategy-id.ts';
import { candidateLegs } from './candidate-legs.ts';
import { candidateMetrics } from './candidate-metrics.ts';
import { legsKey } from './legs-key.ts';
import type { ScanResultDraft } from './scan-result.ts';

/** What a result says about itself beside the candidate. */
export type ResultIdentity = Pick<ScanResultDraft, 'id' | 'scanRunId' | 'filterId' | 'filterRevision' | 'marketState'>;

/**
 * A candidate as a scan result, detached from chain and batch. It costs strings and objects: only for candidates that passed a filter.
 *
 * @param row of the batch, its score filled
 */
export function extractResult(chain: PricedChain, batch: CandidateBatch, row: number, identity: ResultIdentity): ScanResultDraft {
  const { snapshot } = chain;
  const scoreComponents = explainScore(batch, row);
  return {
    id: identity.id,
    scanRunId: identity.scanRunId,
    filterId: identity.filterId,
    filterRevision: identity.filterRevision,
    symbol: snapshot.underlying.symbol,
    strategy: STRATEGY_IDS[batch.strategy[row]!]!,
    legs: candidateLegs(chain, batch, row),
    legsKey: legsKey(chain, batch, row),
    // Every leg of a candidate is of one expiration.
    expiration: expirationOfRow(snapshot, batch.legRow[row * MAX_LEGS]!).date,
    quotedAtMs: snapshot.quotedAtMs,
    marketState: identity.marketState,
    metrics: candidateMetrics(batch, row),
    scoreComponents,
    reasons: scoreReasons(batch, row, snapshot.underlying.currency, scoreComponents),
  };
}
