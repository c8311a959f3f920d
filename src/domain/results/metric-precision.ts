import type { MetricName } from '../candidates/metric.ts';

/**
 * Decimals to which a metric is compared with the result before it. Prices to a tick of 0.01, volatility to a hundredth of a point, probabilities and deltas to a
 * tenth of a percent, time to whole days, the score to whole points: what changes by less is the same opportunity, seen again.
 */
export const METRIC_PRECISION: Readonly<Record<MetricName, number>> = {
  underlyingPrice: 2,
  daysToExpiration: 0,
  moneyness: 2,
  bid: 2,
  ask: 2,
  mark: 2,
  spread: 2,
  spreadPercent: 3,
  volume: 0,
  openInterest: 0,
  volumeToOpenInterest: 3,
  premium: 2,
  impliedVolatility: 4,
  ivRank: 1,
  ivPercentile: 1,
  delta: 3,
  shortDelta: 3,
  gamma: 4,
  theta: 3,
  vega: 3,
  rho: 3,
  netCredit: 2,
  maxProfit: 2,
  maxLoss: 2,
  breakevenLower: 2,
  breakevenUpper: 2,
  probabilityOfProfit: 3,
  probabilityInTheMoney: 3,
  expectedValue: 2,
  returnOnRisk: 3,
  annualizedReturn: 2,
  expectedMove: 2,
  thetaYield: 3,
  score: 0,
};
