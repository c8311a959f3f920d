import type { FilterCriteria } from './filter-criteria.ts';

/** Criteria with those of `overrides` in place of the same ones: each member as a whole, each metric by itself. */
export function overrideCriteria(criteria: FilterCriteria, overrides: FilterCriteria): FilterCriteria {
  const { metrics, ...members } = overrides;
  return {
    ...criteria,
    ...members,
    ...((criteria.metrics || metrics) && { metrics: { ...criteria.metrics, ...metrics } }),
  };
}
