import { type CandidateBatch, MAX_LEGS } from '../candidates/candidate-batch.ts';
import { expirationOfRow } from '../chain/contract-symbol.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { STRATEGY_IDS } from '../strategies/strategy-id.ts';
import { candidateLegs } from './candidate-legs.ts';
import { candidateMetrics } from './candidate-metrics.ts';
import { legsKey } from './legs-key.ts';
import type { Position } from './position.ts';

/**
 * A candidate detached from chain and batch. It costs strings and objects: only for candidates that somebody is going to see.
 *
 * @param row of the batch, its score filled
 */
export function extractPosition(chain: PricedChain, batch: CandidateBatch, row: number): Position {
  const { snapshot } = chain;
  return {
    symbol: snapshot.underlying.symbol,
    strategy: STRATEGY_IDS[batch.strategy[row]!]!,
    legs: candidateLegs(chain, batch, row),
    legsKey: legsKey(chain, batch, row),
    // Every leg of a candidate is of one expiration.
    expiration: expirationOfRow(snapshot, batch.legRow[row * MAX_LEGS]!).date,
    quotedAtMs: snapshot.quotedAtMs,
    metrics: candidateMetrics(batch, row),
  };
}
