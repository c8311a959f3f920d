import type { MetricName } from './metric.ts';

/** What is worked out for every candidate, before it is asked which of them are wanted: the metrics that take no logarithm and no distribution per candidate. */
export const SCREENED_METRICS: ReadonlySet<MetricName> = new Set<MetricName>([
  'underlyingPrice',
  'daysToExpiration',
  'ivRank',
  'ivPercentile',
  'expectedMove',
  'bid',
  'ask',
  'mark',
  'spread',
  'spreadPercent',
  'volume',
  'openInterest',
  'volumeToOpenInterest',
  'premium',
  'impliedVolatility',
  'shortDelta',
  'netCredit',
  'maxProfit',
  'maxLoss',
  'breakevenLower',
  'breakevenUpper',
  'returnOnRisk',
  'annualizedReturn',
]);
