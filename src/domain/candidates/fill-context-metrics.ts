import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';
import type { VolatilityRank } from '../volatility/volatility-rank.ts';
import type { CandidateBatch } from './candidate-batch.ts';
import { metricColumn } from './metric-column.ts';

/** Year fractions are act/365. */
const DAYS_PER_YEAR = 365;

/** Fills what is the same for the whole expiration, and the return that needs it. The payoff must be there. */
export function fillContextMetrics(
  batch: CandidateBatch,
  chain: PricedChain,
  expiration: PricedExpiration,
  volatility: VolatilityRank,
): void {
  const { underlyingPrice } = chain.snapshot;
  const { yearFraction, atTheMoneyVolatility } = expiration;
  const size = batch.size;
  metricColumn(batch, 'underlyingPrice').fill(underlyingPrice, 0, size);
  metricColumn(batch, 'daysToExpiration').fill(yearFraction * DAYS_PER_YEAR, 0, size);
  metricColumn(batch, 'ivRank').fill(volatility.ivRank, 0, size);
  metricColumn(batch, 'ivPercentile').fill(volatility.ivPercentile, 0, size);
  metricColumn(batch, 'expectedMove').fill(underlyingPrice * atTheMoneyVolatility * Math.sqrt(yearFraction), 0, size);
  const annualizedReturn = metricColumn(batch, 'annualizedReturn');
  const returnOnRisk = metricColumn(batch, 'returnOnRisk');
  for (let row = 0; row < size; row++) annualizedReturn[row] = returnOnRisk[row]! / yearFraction;
}
