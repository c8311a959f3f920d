import { METRICS, type MetricName } from '../candidates/metric.ts';
import { type CriteriaIssues, childPath, statedMembers } from './criteria-issues.ts';
import type { FilterCriteria, MetricRange } from './filter-criteria.ts';

const METRIC_NAMES: readonly MetricName[] = METRICS.map((metric) => metric.name);

/** Ranges by metric, without those that state nothing. */
export function parseMetricRanges(input: unknown, path: string, issues: CriteriaIssues): FilterCriteria['metrics'] {
  const members = statedMembers(input, METRIC_NAMES, path, issues);
  if (members === null) return undefined;
  const ranges: Partial<Record<MetricName, MetricRange>> = {};
  for (const [name, value] of members) {
    const range = parseMetricRange(value, childPath(path, name), issues);
    if (range !== null) ranges[name as MetricName] = range;
  }
  return Object.keys(ranges).length > 0 ? ranges : undefined;
}

function parseMetricRange(input: unknown, path: string, issues: CriteriaIssues): MetricRange | null {
  const members = statedMembers(input, ['min', 'max', 'isNull'], path, issues);
  if (members === null) return null;
  const min = parseBound(members.get('min'), childPath(path, 'min'), issues);
  const max = parseBound(members.get('max'), childPath(path, 'max'), issues);
  if (min !== undefined && max !== undefined && min > max) issues.add(path, `min ≤ max (${max})`, min);
  const isNull = members.get('isNull');
  if (isNull !== undefined && typeof isNull !== 'boolean') issues.add(childPath(path, 'isNull'), 'true or false', isNull);
  const isBounded = min !== undefined || max !== undefined;
  if (isNull === true && isBounded) issues.add(path, 'isNull: true without min and max, an unknown value lies in no range', input);
  // A range asks for a known value already.
  if (isBounded) return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  return typeof isNull === 'boolean' ? { isNull } : null;
}

function parseBound(input: unknown, path: string, issues: CriteriaIssues): number | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'number' && Number.isFinite(input)) return input;
  issues.add(path, 'a finite number', input);
  return undefined;
}
