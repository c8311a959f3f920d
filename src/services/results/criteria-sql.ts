import { columnName } from '../../db/column-name.ts';
import type { MetricName } from '../../domain/candidates/metric.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';

/** Collects the values of a statement; `add` answers with the placeholder. */
export interface SqlParameters {
  readonly values: unknown[];
  add(value: unknown, type: string): string;
}

export function createSqlParameters(): SqlParameters {
  const values: unknown[] = [];
  return {
    values,
    add(value, type) {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}

/**
 * Filter criteria as a condition on scan_results, with the meaning of the predicate in domain/filters: a metric that is unknown (NULL) lies in no range, and a
 * group in `none` that cannot be decided does not hold.
 */
export function criteriaSql(criteria: FilterCriteria, parameters: SqlParameters): string {
  const parts: string[] = [];
  const { symbols, strategies, expiration, metrics, all, any, none } = criteria;
  if (symbols?.in) parts.push(`symbol = any(${parameters.add(symbols.in, 'text[]')})`);
  if (symbols?.notIn) parts.push(`symbol <> all(${parameters.add(symbols.notIn, 'text[]')})`);
  if (strategies?.in) parts.push(`strategy = any(${parameters.add(strategies.in, 'text[]')})`);
  if (strategies?.notIn) parts.push(`strategy <> all(${parameters.add(strategies.notIn, 'text[]')})`);
  if (expiration?.min !== undefined) parts.push(`expiration >= ${parameters.add(expiration.min, 'date')}`);
  if (expiration?.max !== undefined) parts.push(`expiration <= ${parameters.add(expiration.max, 'date')}`);
  for (const [name, range] of Object.entries(metrics ?? {})) {
    const column = columnName(name as MetricName);
    if (range.isNull !== undefined) parts.push(`${column} is ${range.isNull ? '' : 'not '}null`);
    if (range.min !== undefined) parts.push(`${column} >= ${parameters.add(range.min, 'float8')}`);
    if (range.max !== undefined) parts.push(`${column} <= ${parameters.add(range.max, 'float8')}`);
  }
  for (const group of all ?? []) parts.push(criteriaSql(group, parameters));
  if (any && any.length > 0) parts.push(`(${any.map((group) => criteriaSql(group, parameters)).join(' or ')})`);
  for (const group of none ?? []) parts.push(`not coalesce(${criteriaSql(group, parameters)}, false)`);
  return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`;
}
