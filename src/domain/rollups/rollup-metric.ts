import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../analytics/underlying-metric.ts';

/** What is rolled up: stored results, what chains say of their underlyings, how scans went. */
export const ROLLUP_SOURCES = ['SCAN_RESULTS', 'UNDERLYINGS', 'SCANS'] as const;
export type RollupSource = (typeof ROLLUP_SOURCES)[number];

/** By what a source can be told apart. */
export const ROLLUP_DIMENSIONS = ['FILTER', 'SYMBOL', 'STRATEGY'] as const;
export type RollupDimension = (typeof ROLLUP_DIMENSIONS)[number];

export interface RollupMetric {
  /** Unique; what it is called in the API and in `rollup_series`. */
  readonly name: string;
  readonly source: RollupSource;
  /** The property of a row of its source, and in snake_case the column of its table. */
  readonly property: string;
  /** With its unit. */
  readonly description: string;
}

const RESULTS = [
  ['RESULT_SCORE', 'score', 'Score of results, 0 to 100.'],
  ['RESULT_IMPLIED_VOLATILITY', 'impliedVolatility', 'Implied volatility of results, decimal (0.25 = 25 %).'],
  ['RESULT_RETURN_ON_RISK', 'returnOnRisk', 'Return on risk of results, fraction (0.2 = 20 %).'],
  ['RESULT_ANNUALIZED_RETURN', 'annualizedReturn', 'Annualised return of results, fraction, simple.'],
  ['RESULT_PROBABILITY_OF_PROFIT', 'probabilityOfProfit', 'Probability of profit of results, 0 to 1.'],
  ['RESULT_EXPECTED_VALUE', 'expectedValue', 'Expected value of results, quote currency per unit of the underlying.'],
] as const;

const SCANS = [
  ['SCAN_DURATION', 'durationMs', 'Duration of the scans of chains, milliseconds.'],
  ['SCAN_CONTRACTS', 'contracts', 'Contracts of the chains that were scanned.'],
  ['SCAN_CANDIDATES', 'candidates', 'Candidates that were built and judged.'],
] as const;

function ofSource(source: RollupSource, rows: readonly (readonly [string, string, string])[]): RollupMetric[] {
  return rows.map(([name, property, description]) => ({ name, source, property, description }));
}

/** `impliedVolatility30d` is UNDERLYING_IMPLIED_VOLATILITY_30D. */
const underlyingName = (name: UnderlyingMetricName) =>
  `UNDERLYING_${name.replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Z])/g, '_').toUpperCase()}`;

/**
 * Every number whose history is rolled up. This one list is the room for a new one: a line here, and a column of that name in the table of its source. A metric is
 * rolled up from when it is listed.
 */
export const ROLLUP_METRICS: readonly RollupMetric[] = [
  ...ofSource('SCAN_RESULTS', RESULTS),
  ...UNDERLYING_METRICS.map(({ name, description }) => ({
    name: underlyingName(name),
    source: 'UNDERLYINGS' as const,
    property: name,
    description,
  })),
  ...ofSource('SCANS', SCANS),
];
