import fc from 'fast-check';
import { METRICS, type MetricName, type MetricValues } from '../../../../src/domain/candidates/metric.ts';
import type { FilterCriteria, MetricRange } from '../../../../src/domain/filters/filter-criteria.ts';
import type { FilterSubject } from '../../../../src/domain/filters/matches-node.ts';
import type { StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';

const SYMBOLS = ['SPX', 'RUT', 'BTC'];
const DATES = ['2024-01-19', '2024-02-16', '2024-03-15'];
const STRATEGIES: readonly StrategyId[] = ['LONG_CALL', 'IRON_CONDOR', 'CASH_SECURED_PUT'];
const NAMES: readonly MetricName[] = ['delta', 'shortDelta', 'ivRank'];
/** Few values, so that bounds are often met exactly. */
const numbers = fc.integer({ min: 0, max: 4 });

export const subjects: fc.Arbitrary<FilterSubject> = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  strategy: fc.constantFrom(...STRATEGIES),
  expiration: fc.constantFrom(...DATES),
  metrics: fc
    .tuple(...NAMES.map(() => fc.option(numbers, { nil: null })))
    .map((values) => metricValues(Object.fromEntries(NAMES.map((name, index) => [name, values[index]!])))),
});

const ranges: fc.Arbitrary<MetricRange> = fc.oneof(
  fc.tuple(numbers, numbers).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
  numbers.map((min) => ({ min })),
  numbers.map((max) => ({ max })),
  fc.boolean().map((isNull) => ({ isNull })),
);

function sets<T>(values: readonly T[]) {
  return fc.record(
    { in: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), notIn: fc.uniqueArray(fc.constantFrom(...values)) },
    { requiredKeys: [] },
  );
}

function criteria(groupDepth: number): fc.Arbitrary<FilterCriteria> {
  const stated = {
    symbols: sets(SYMBOLS),
    strategies: sets(STRATEGIES),
    expiration: fc.record({ min: fc.constantFrom(...DATES), max: fc.constantFrom(...DATES) }, { requiredKeys: [] }),
    metrics: fc.dictionary(fc.constantFrom(...NAMES), ranges, { maxKeys: 2 }),
  };
  if (groupDepth === 0) return fc.record(stated, { requiredKeys: [] }) as fc.Arbitrary<FilterCriteria>;
  const groups = fc.array(criteria(groupDepth - 1), { maxLength: 2 });
  return fc.record({ ...stated, all: groups, any: groups, none: groups }, { requiredKeys: [] }) as fc.Arbitrary<FilterCriteria>;
}

/** Groups in groups; not in canonical form, and sometimes impossible. */
export const anyCriteria = criteria(2);

/** Every metric unknown but those given. */
export function metricValues(known: Partial<Record<MetricName, number | null>>): MetricValues {
  return Object.fromEntries(METRICS.map(({ name }) => [name, known[name] ?? null])) as unknown as MetricValues;
}
