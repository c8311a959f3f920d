import type { MetricName } from './metric.ts';

/**
 * Candidates are screened twice: first by what takes nothing but their payoff and two columns of their legs, then, those that are left, by what the quotes of their
 * legs add up to as well.
 */
export type ScreeningStage = 'UNQUOTED' | 'QUOTED';

const UNQUOTED_METRICS: readonly MetricName[] = [
  'underlyingPrice',
  'daysToExpiration',
  'ivRank',
  'ivPercentile',
  'expectedMove',
  'impliedVolatility',
  'shortDelta',
  'netCredit',
  'maxProfit',
  'maxLoss',
  'breakevenLower',
  'breakevenUpper',
  'returnOnRisk',
  'annualizedReturn',
];

const QUOTE_METRICS: readonly MetricName[] = [
  'bid',
  'ask',
  'mark',
  'spread',
  'spreadPercent',
  'volume',
  'openInterest',
  'volumeToOpenInterest',
  'premium',
];

/** What is known of a candidate when it is asked whether it is wanted, by stage: the metrics that take no logarithm and no distribution per candidate. */
export const SCREENED_METRICS: Readonly<Record<ScreeningStage, ReadonlySet<MetricName>>> = {
  UNQUOTED: new Set(UNQUOTED_METRICS),
  QUOTED: new Set([...UNQUOTED_METRICS, ...QUOTE_METRICS]),
};
