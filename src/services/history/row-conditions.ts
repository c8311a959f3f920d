import { columnName } from '../../db/column-name.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import { ROLLUP_DIMENSIONS, type RollupDimension, type RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import { criteriaSql, type SqlParameters } from '../results/criteria-sql.ts';
import { ROLLUP_STREAMS } from '../rollups/rollup-streams.ts';

/** Which rows of the source of a metric are meant. */
export interface RowQuery {
  readonly metric: RollupMetric;
  /** Market time, epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly beforeMs: number;
  /** Only these values of a dimension; one that is left out is not narrowed. Empty: none. */
  readonly where: Readonly<Partial<Record<RollupDimension, readonly string[]>>>;
  /** Of results only; null: none. */
  readonly criteria: FilterCriteria | null;
  /** Private filters of others: their results do not count. */
  readonly hiddenFilterIds: readonly string[];
}

/** How far the clock of a source may be ahead of ours. */
const CLOCK_DIFFERENCE_MS = 3_600_000;

const DIMENSION_TYPES: Readonly<Record<RollupDimension, string>> = { FILTER: 'uuid[]', SYMBOL: 'text[]', STRATEGY: 'text[]' };

/** The column of a metric. */
export function valueColumn({ property }: RollupMetric): string {
  return columnName(property);
}

/**
 * SQL conditions for the table of the source: rows with a value, by market time. A row is stored after it was quoted, so that what was stored before the range can be left
 * out without looking: whole chunks of it.
 */
export function rowConditions(query: RowQuery, parameters: SqlParameters): string[] {
  const { metric, fromMs, beforeMs, where, criteria, hiddenFilterIds } = query;
  const { timeColumn, dimensionColumns } = ROLLUP_STREAMS[metric.source];
  const conditions = [
    `${timeColumn} >= ${parameters.add(new Date(fromMs - CLOCK_DIFFERENCE_MS), 'timestamptz')}`,
    `quoted_at >= ${parameters.add(new Date(fromMs), 'timestamptz')}`,
    `quoted_at < ${parameters.add(new Date(beforeMs), 'timestamptz')}`,
    `${valueColumn(metric)} is not null`,
  ];
  for (const dimension of ROLLUP_DIMENSIONS) {
    const values = where[dimension];
    if (values) conditions.push(`${dimensionColumns[dimension]} = any(${parameters.add(values, DIMENSION_TYPES[dimension])})`);
  }
  if (criteria) conditions.push(criteriaSql(criteria, parameters));
  if (metric.source === 'SCAN_RESULTS' && hiddenFilterIds.length > 0) {
    conditions.push(`filter_id <> all(${parameters.add(hiddenFilterIds, 'uuid[]')})`);
  }
  return conditions;
}
