import { MAX_LEGS } from '../../../../src/domain/candidates/candidate-batch.ts';
import { CANDIDATE_DROP_REASONS, type CandidateDropReason } from '../../../../src/domain/candidates/candidate-drop-reason.ts';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRICS, type MetricName } from '../../../../src/domain/candidates/metric.ts';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { STRATEGY_IDS, type StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';

export interface ListedCandidate {
  readonly strategy: StrategyId;
  /** `-1 P95, +1 C105`, as the batch has them. */
  readonly legs: string;
  readonly rows: readonly number[];
  readonly quantities: readonly number[];
  readonly stockQuantity: number;
  /** NaN: unknown. */
  readonly metrics: Readonly<Record<MetricName, number>>;
}

export interface CandidateList {
  readonly candidates: readonly ListedCandidate[];
  readonly drops: Readonly<Record<CandidateDropReason, number>>;
}

export interface ListOptions {
  readonly strategies?: readonly StrategyId[];
  readonly expirationIndex?: number;
  readonly ivRank?: number;
  readonly ivPercentile?: number;
  readonly capacity?: number;
}

/** The candidates of one expiration, scored, as objects. */
export function listCandidates(chain: PricedChain, options: ListOptions = {}): CandidateList {
  const { strategies, expirationIndex = 0, ivRank = Number.NaN, ivPercentile = Number.NaN } = options;
  const batch = createCandidateBatch(options.capacity ?? MAXIMUM_CANDIDATES_PER_EXPIRATION);
  createCandidateGenerator().generateExpiration(chain, expirationIndex, { ivRank, ivPercentile }, batch, strategies && new Set(strategies));
  scoreBatch(batch);
  const { strike } = chain.snapshot.quotes;
  const { putStart } = chain.snapshot.expirations[expirationIndex]!;
  const candidates = Array.from({ length: batch.size }, (_, row) => {
    const legs = Array.from({ length: batch.legCount[row]! }, (_, leg) => row * MAX_LEGS + leg);
    const rows = legs.map((leg) => batch.legRow[leg]!);
    const quantities = legs.map((leg) => batch.legQuantity[leg]!);
    return {
      strategy: STRATEGY_IDS[batch.strategy[row]!]!,
      legs: rows
        .map(
          (chainRow, leg) => `${quantities[leg]! > 0 ? '+' : ''}${quantities[leg]} ${chainRow < putStart ? 'C' : 'P'}${strike[chainRow]}`,
        )
        .join(', '),
      rows,
      quantities,
      stockQuantity: batch.stockQuantity[row]!,
      metrics: Object.fromEntries(METRICS.map(({ name }, index) => [name, batch.metrics[index]![row]!])) as Record<MetricName, number>,
    };
  });
  const drops = Object.fromEntries(CANDIDATE_DROP_REASONS.map((reason, index) => [reason, batch.drops[index]!])) as Record<
    CandidateDropReason,
    number
  >;
  return { candidates, drops };
}

/** The one candidate of a strategy with these legs. */
export function candidateWith(chain: PricedChain, strategy: StrategyId, legs: string, options: ListOptions = {}): ListedCandidate {
  const { candidates } = listCandidates(chain, { ...options, strategies: [strategy] });
  const found = candidates.filter((candidate) => candidate.legs === legs);
  if (found.length !== 1)
    throw new Error(`expected one ${strategy} ${legs}, got ${found.length} among ${candidates.map((c) => c.legs).join(' | ')}`);
  return found[0]!;
}
