import type { PricedExpiration } from '../pricing/priced-chain.ts';
import type { CandidateBatch } from './candidate-batch.ts';
import { metricColumn } from './metric-column.ts';
import { tabulatedNormalCdf } from './tabulated-normal-cdf.ts';
import { fillVolatilitiesAt, type VolatilitySmile } from './volatility-smile.ts';

/** Room for intermediate columns, by candidate. */
export interface ProbabilityScratch {
  /** 1 when the candidate wins where the underlying ends at 0. */
  readonly isProfitAtZero: Uint8Array;
  /** 1 when somebody wants the candidate. */
  readonly isWanted: Uint8Array;
  /** Rows of those that stay. */
  readonly keptRows: Int32Array;
  readonly belowLower: Float64Array;
  readonly belowUpper: Float64Array;
}

export function createProbabilityScratch(capacity: number): ProbabilityScratch {
  return {
    isProfitAtZero: new Uint8Array(capacity),
    isWanted: new Uint8Array(capacity),
    keptRows: new Int32Array(capacity),
    belowLower: new Float64Array(capacity),
    belowUpper: new Float64Array(capacity),
  };
}

/** Fills the probability of ending where the position wins, from its break-evens; within 2e-9. The smile must be refined. */
export function fillProbabilityOfProfit(
  batch: CandidateBatch,
  expiration: PricedExpiration,
  smile: VolatilitySmile,
  { isProfitAtZero, belowLower, belowUpper }: ProbabilityScratch,
): void {
  const probabilityOfProfit = metricColumn(batch, 'probabilityOfProfit');
  fillProbabilityBelow(metricColumn(batch, 'breakevenLower'), batch.size, expiration, smile, belowLower);
  fillProbabilityBelow(metricColumn(batch, 'breakevenUpper'), batch.size, expiration, smile, belowUpper);
  const { size } = batch;
  for (let row = 0; row < size; row++) {
    const lower = belowLower[row]!;
    const upper = belowUpper[row]!;
    // Quoted volatilities that jump between strikes must not make a probability negative.
    const winning = Number.isNaN(upper) ? lower : 1 - Math.max(0, upper - lower);
    probabilityOfProfit[row] = isProfitAtZero[row] === 1 ? winning : 1 - winning;
  }
}

/**
 * The underlying ends below a price with probability N(-d2): lognormal around the forward, under the volatility quoted at that price (Hull, ch. 15). NaN stays NaN.
 */
function fillProbabilityBelow(
  prices: Float64Array,
  size: number,
  { forward, yearFraction }: PricedExpiration,
  smile: VolatilitySmile,
  probabilities: Float64Array,
): void {
  const rootTime = Math.sqrt(yearFraction);
  fillVolatilitiesAt(smile, prices, size, probabilities);
  for (let row = 0; row < size; row++) {
    const price = prices[row]!;
    // Most candidates have no second break-even.
    if (Number.isNaN(price)) continue;
    const deviation = probabilities[row]! * rootTime;
    probabilities[row] = tabulatedNormalCdf(Math.log(price / forward) / deviation + 0.5 * deviation);
  }
}
