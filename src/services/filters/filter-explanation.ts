import type { Viewer } from '../../domain/access/viewer.ts';
import type { CandidateBatch } from '../../domain/candidates/candidate-batch.ts';
import { CANDIDATE_DROP_REASONS } from '../../domain/candidates/candidate-drop-reason.ts';
import type { CandidateGenerator } from '../../domain/candidates/candidate-generator.ts';
import { type CandidateLeg, findCandidate } from '../../domain/candidates/find-candidate.ts';
import { findContract } from '../../domain/chain/find-contract.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import { type CriteriaExplanation, explainCriteria } from '../../domain/filters/explain-criteria.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import type { PreviewPosition } from '../../domain/filters/preview-positions.ts';
import { constantMaturityVolatility } from '../../domain/pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';
import { extractPosition } from '../../domain/results/extract-position.ts';
import type { scoreBatch } from '../../domain/scoring/score-batch.ts';
import type { StrategyId } from '../../domain/strategies/strategy-id.ts';
import type { ScanResultStore } from '../results/scan-result-store.ts';
import type { UnderlyingService } from '../underlyings/underlying-service.ts';

/** No strategy has more: four contracts and the underlying. */
const MOST_LEGS = 5;

/** A position of a live chain. */
export interface PositionInput {
  readonly symbol: string;
  readonly strategy: StrategyId;
  readonly legs: readonly { readonly symbol: string; readonly quantity: number }[];
}

export interface FilterExplanation extends CriteriaExplanation {
  readonly position: PreviewPosition;
}

export interface FilterExplanationServiceDeps {
  readonly underlyings: Pick<UnderlyingService, 'latestChain' | 'rank'>;
  readonly results: Pick<ScanResultStore, 'byIds'>;
  /** Private filters of others, whose results the viewer does not see. */
  readonly hiddenFilterIds: (viewer: Viewer) => readonly string[];
  /** Of its own: neither is shared with anything that computes in slices. */
  readonly generator: CandidateGenerator;
  readonly createBatch: () => CandidateBatch;
  readonly scoreBatch: typeof scoreBatch;
}

/** Why a position passes criteria or does not. */
export interface FilterExplanationService {
  /** Null when there is no such result, or none that the viewer sees. */
  explainResult(criteria: FilterCriteria, resultId: string, viewer: Viewer): Promise<FilterExplanation | null>;
  /**
   * By the newest chain of this process.
   * @throws ValidationError when the legs are none of one expiration, NotFoundError when there is no chain or the scanner does not consider such a position
   */
  explainPosition(criteria: FilterCriteria, position: PositionInput): FilterExplanation;
}

export function createFilterExplanationService(deps: FilterExplanationServiceDeps): FilterExplanationService {
  const { underlyings, results, hiddenFilterIds, generator, createBatch, scoreBatch } = deps;
  let batch: CandidateBatch | null = null;

  return {
    async explainResult(criteria, resultId, viewer) {
      const [result] = await results.byIds([resultId]);
      if (!result || hiddenFilterIds(viewer).includes(result.filterId)) return null;
      const { symbol, strategy, legs, legsKey, expiration, quotedAtMs, metrics, id } = result;
      const position = { symbol, strategy, legs, legsKey, expiration, quotedAtMs, metrics, resultId: id };
      return { ...explainCriteria(criteria, position), position };
    },

    explainPosition(criteria, { symbol, strategy, legs }) {
      const chain = underlyings.latestChain(symbol);
      if (!chain) {
        const got = JSON.stringify(symbol.slice(0, 60));
        throw new NotFoundError(`expected an underlying that this server process has scanned, got ${got}`);
      }
      const wanted = parseLegs(chain, legs);
      batch ??= createBatch();
      const { quotedAtMs, expirations } = chain.snapshot;
      const rank = underlyings.rank(symbol, quotedAtMs, constantMaturityVolatility(chain));
      generator.generateExpiration(chain, wanted.expirationIndex, rank, batch, new Set([strategy]));
      const row = findCandidate(batch, wanted.contracts, wanted.stockQuantity);
      if (row < 0) {
        const { date } = expirations[wanted.expirationIndex]!;
        throw new NotFoundError(
          `expected a position that is considered, got none of those ${batch.size} of ${symbol} ${date} as ${strategy}${leftOut(batch)}`,
        );
      }
      scoreBatch(batch);
      const position = { ...extractPosition(chain, batch, row), resultId: null };
      return { ...explainCriteria(criteria, position), position };
    },
  };
}

interface WantedLegs {
  readonly contracts: readonly CandidateLeg[];
  readonly stockQuantity: number;
  readonly expirationIndex: number;
}

function parseLegs({ snapshot }: PricedChain, legs: PositionInput['legs']): WantedLegs {
  const issues: ValidationIssue[] = [];
  if (legs.length === 0 || legs.length > MOST_LEGS) {
    throw new ValidationError([{ path: 'position.legs', message: `expected 1 to ${MOST_LEGS} legs, got ${legs.length}` }]);
  }
  const contracts: CandidateLeg[] = [];
  const seen = new Set<string>();
  let stockQuantity = 0;
  let expirationIndex = -1;
  for (const [index, { symbol, quantity }] of legs.entries()) {
    const path = `position.legs.${index}`;
    const got = JSON.stringify(symbol.slice(0, 60));
    if (seen.has(symbol)) issues.push({ path: `${path}.symbol`, message: `expected each leg once, got ${got} again` });
    seen.add(symbol);
    if (quantity === 0) issues.push({ path: `${path}.quantity`, message: 'expected a quantity other than 0, got 0' });
    if (symbol === snapshot.underlying.symbol) {
      stockQuantity = quantity;
      continue;
    }
    const found = findContract(snapshot, symbol);
    if (!found) {
      issues.push({
        path: `${path}.symbol`,
        message: `expected a contract of the newest chain of ${snapshot.underlying.symbol}, got ${got}`,
      });
      continue;
    }
    if (expirationIndex >= 0 && found.expirationIndex !== expirationIndex) {
      issues.push({ path: `${path}.symbol`, message: `expected a contract of the same expiration as the legs before, got ${got}` });
    }
    expirationIndex = found.expirationIndex;
    contracts.push({ row: found.row, quantity });
  }
  if (issues.length === 0 && expirationIndex < 0)
    issues.push({ path: 'position.legs', message: 'expected a contract among the legs, got none' });
  if (issues.length > 0) throw new ValidationError(issues);
  return { contracts, stockQuantity, expirationIndex };
}

/** What may be the reason that a position is not among the candidates. */
function leftOut({ drops }: CandidateBatch): string {
  const counts = CANDIDATE_DROP_REASONS.flatMap((reason, index) => (drops[index]! > 0 ? `${drops[index]} ${reason}` : []));
  return counts.length === 0 ? '' : `; left out there: ${counts.join(', ')}`;
}
