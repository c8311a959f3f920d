import type { MetricName } from '../candidates/metric.ts';
import { STRATEGY_IDS } from '../strategies/strategy-id.ts';
import type { FilterCriteria, SetCriterion } from './filter-criteria.ts';
import type { FilterNode, NullTest, RangeTest, StringSetTest } from './filter-node.ts';
import { passesSet } from './filter-node.ts';

/** Criteria as parseFilterCriteria leaves them, prepared for evaluation. */
export function filterNodeOf(criteria: FilterCriteria): FilterNode {
  const { symbols, strategies, expiration, metrics, all, any, none } = criteria;
  const ranges: RangeTest[] = [];
  const nullTests: NullTest[] = [];
  for (const [name, range] of Object.entries(metrics ?? {})) {
    const metric = name as MetricName;
    const { min, max, isNull } = range;
    if (isNull !== undefined) nullTests.push({ metric, isNull });
    if (min !== undefined || max !== undefined) {
      ranges.push({ metric, min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY });
    }
  }
  return {
    symbols: symbols ? setTest(symbols) : null,
    strategies: strategies ? Uint8Array.from(STRATEGY_IDS, (id) => (passesSet(setTest(strategies), id) ? 1 : 0)) : null,
    expiration: expiration ? { min: expiration.min ?? '', max: expiration.max ?? '\uffff' } : null,
    ranges,
    nullTests,
    all: (all ?? []).map(filterNodeOf),
    any: (any ?? []).map(filterNodeOf),
    none: (none ?? []).map(filterNodeOf),
  };
}

function setTest(criterion: SetCriterion<string>): StringSetTest {
  return { included: criterion.in ? new Set(criterion.in) : null, excluded: new Set(criterion.notIn) };
}
