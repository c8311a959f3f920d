import type { PricedChain } from '../pricing/priced-chain.ts';
import { STRATEGIES } from '../strategies/strategies.ts';
import type { StrategyId } from '../strategies/strategy-id.ts';
import type { VolatilityRank } from '../volatility/volatility-rank.ts';
import { appraisePayoffs } from './appraise-payoffs.ts';
import type { CandidateBatch } from './candidate-batch.ts';
import { CANDIDATE_DROP_INDEX } from './candidate-drop-reason.ts';
import { fillContextMetrics } from './fill-context-metrics.ts';
import { fillLegMetrics } from './fill-leg-metrics.ts';
import { fillModelMetrics } from './fill-model-metrics.ts';
import { createProbabilityScratch, fillProbabilityOfProfit, type ProbabilityScratch } from './fill-probability-of-profit.ts';
import { fillQuoteMetrics } from './fill-quote-metrics.ts';
import { keepWanted } from './keep-wanted.ts';
import { createLegValues, fillLegValues, type LegValues } from './leg-values.ts';
import { metricColumn } from './metric-column.ts';
import type { ScreeningStage } from './screened-metrics.ts';
import { selectTradableRows } from './select-tradable-rows.ts';
import { createStrikeLadder, fillStrikeLadder, type StrikeLadder } from './strike-ladder.ts';
import {
  createVolatilitySmile,
  fillVolatilitySmile,
  refineVolatilitySmile,
  type VolatilitySmile,
  volatilityAt,
} from './volatility-smile.ts';

/** Options of more than about thirteen months have few quotes worth trading and margins that returns per year do not describe. */
export const MAXIMUM_DAYS_TO_EXPIRATION = 400;

export interface CandidateGenerator {
  /**
   * Empties the batch, counters included, and fills it with the candidates of one expiration: every metric but the score (see scoreBatch).
   *
   * @param expirationIndex index into chain.snapshot.expirations
   * @param enabled the strategies to use; all when left out
   * @param screen when it is given, only the candidates it wants, in both stages, get their other metrics and stay in the batch
   * @returns the number of candidates, wanted or not
   */
  generateExpiration(
    chain: PricedChain,
    expirationIndex: number,
    volatility: VolatilityRank,
    batch: CandidateBatch,
    enabled?: ReadonlySet<StrategyId>,
    screen?: CandidateScreen,
  ): number;
}

/**
 * Writes 1 for every candidate of the batch that is wanted and 0 for the others, and answers with the number of those that are. Of their metrics it finds the
 * SCREENED_METRICS of the stage only.
 */
export type CandidateScreen = (batch: CandidateBatch, wanted: Uint8Array, stage: ScreeningStage) => number;

/** Room for the rows of one chain; grows to the longest chain seen and is reused from then on. */
interface Scratch {
  readonly tradable: Uint8Array;
  readonly calls: StrikeLadder;
  readonly puts: StrikeLadder;
  readonly smile: VolatilitySmile;
  readonly legValues: LegValues;
}

/** Not reentrant: one generator per chain being worked on. */
export function createCandidateGenerator(): CandidateGenerator {
  const opensForCredit = Uint8Array.from(STRATEGIES, (strategy) => (strategy.shortPremium ? 1 : 0));
  let probabilities = createProbabilityScratch(0);
  let scratch = createScratch(1024);

  return {
    generateExpiration(chain, expirationIndex, volatility, batch, enabled, screen) {
      const slice = chain.snapshot.expirations[expirationIndex];
      if (slice === undefined) {
        throw new RangeError(`expirationIndex must be 0 to ${chain.snapshot.expirations.length - 1}, got ${expirationIndex}`);
      }
      batch.size = 0;
      batch.drops.fill(0);
      const expiration = chain.expirations[expirationIndex];
      if (!expiration || !(expiration.forward > 0) || !(expiration.yearFraction > 0)) {
        batch.drops[CANDIDATE_DROP_INDEX['expiration-not-priced']]!++;
        return 0;
      }
      if (expiration.yearFraction * 365 > MAXIMUM_DAYS_TO_EXPIRATION) {
        batch.drops[CANDIDATE_DROP_INDEX['expiration-too-far']]!++;
        return 0;
      }
      if (scratch.tradable.length < chain.snapshot.size) scratch = createScratch(chain.snapshot.size);
      const { tradable, calls, puts, smile, legValues } = scratch;
      selectTradableRows(chain, slice, tradable, batch.drops);
      fillVolatilitySmile(smile, chain, slice, expiration, tradable);
      if (smile.count === 0) return 0;
      fillStrikeLadder(calls, chain, tradable, slice.start, slice.putStart);
      fillStrikeLadder(puts, chain, tradable, slice.putStart, slice.end);
      const standardDeviation = expiration.forward * volatilityAt(smile, expiration.forward) * Math.sqrt(expiration.yearFraction);
      const context = { chain, slice, expiration, standardDeviation, calls, puts };
      for (const strategy of STRATEGIES) {
        if (enabled === undefined || enabled.has(strategy.id)) strategy.generate(context, batch);
      }
      if (probabilities.belowLower.length < batch.capacity) probabilities = createProbabilityScratch(batch.capacity);
      appraisePayoffs(batch, chain, slice.putStart, opensForCredit, probabilities.isProfitAtZero);
      fillLegMetrics(batch, chain);
      fillContextMetrics(batch, chain, expiration, volatility);
      const candidates = batch.size;
      if (screen) screenBatch(batch, screen, 'UNQUOTED', probabilities);
      // Of most expirations nobody wants any.
      if (batch.size === 0) return candidates;
      fillQuoteMetrics(batch, chain);
      if (screen) screenBatch(batch, screen, 'QUOTED', probabilities);
      if (batch.size === 0) return candidates;
      refineVolatilitySmile(smile, chain);
      fillProbabilityOfProfit(batch, expiration, smile, probabilities);
      fillLegValues(legValues, batch, chain, slice, expiration, smile);
      fillModelMetrics(batch, chain, legValues);
      metricColumn(batch, 'score').fill(Number.NaN, 0, batch.size);
      return candidates;
    },
  };
}

function screenBatch(
  batch: CandidateBatch,
  screen: CandidateScreen,
  stage: ScreeningStage,
  { isWanted, isProfitAtZero, keptRows }: ProbabilityScratch,
): void {
  if (batch.size === 0) return;
  const count = screen(batch, isWanted, stage);
  if (count === 0) batch.size = 0;
  else if (count < batch.size) keepWanted(batch, isWanted, stage, isProfitAtZero, keptRows);
}

function createScratch(rows: number): Scratch {
  return {
    tradable: new Uint8Array(rows),
    calls: createStrikeLadder(rows),
    puts: createStrikeLadder(rows),
    smile: createVolatilitySmile(rows),
    legValues: createLegValues(rows),
  };
}
