import type { ValidationIssue } from '../errors/validation-error.ts';
import { ROLLUP_DIMENSIONS, type RollupDimension, type RollupMetric, type RollupSource } from './rollup-metric.ts';

/** By what the values of each source can be told apart. */
export const SOURCE_DIMENSIONS: Readonly<Record<RollupSource, readonly RollupDimension[]>> = {
  SCAN_RESULTS: ROLLUP_DIMENSIONS,
  UNDERLYINGS: ['SYMBOL'],
  SCANS: ['SYMBOL'],
};

/** What an issue of narrowing a dimension is told of. */
const WHERE_PATHS: Readonly<Record<RollupDimension, string>> = {
  FILTER: 'filter.filterIds',
  SYMBOL: 'filter.symbols',
  STRATEGY: 'filter.strategies',
};

export interface DimensionChoice {
  readonly metric: RollupMetric;
  readonly groupBy: readonly RollupDimension[];
  readonly where: Readonly<Partial<Record<RollupDimension, readonly string[]>>>;
  readonly hasCriteria: boolean;
}

/** What is wrong with grouping and narrowing a metric like that. */
export function selectionIssues({ metric, groupBy, where, hasCriteria }: DimensionChoice): ValidationIssue[] {
  const known = SOURCE_DIMENSIONS[metric.source];
  const expected = `expected ${known.join(' or ')} for ${metric.name}`;
  const issues: ValidationIssue[] = [];
  for (const dimension of ROLLUP_DIMENSIONS) {
    if (known.includes(dimension)) continue;
    if (groupBy.includes(dimension)) issues.push({ path: 'groupBy', message: `${expected}, got ${dimension}` });
    if (where[dimension]) issues.push({ path: WHERE_PATHS[dimension], message: `${expected}, got ${dimension}` });
  }
  if (hasCriteria && metric.source !== 'SCAN_RESULTS') {
    issues.push({ path: 'filter.criteria', message: `expected none for ${metric.name}, which is not of results, got some` });
  }
  if (metric.source === 'UNDERLYINGS' && !groupBy.includes('SYMBOL') && where.SYMBOL?.length !== 1) {
    const got = where.SYMBOL ? `${where.SYMBOL.length} symbols` : 'neither';
    issues.push({
      path: 'filter.symbols',
      message: `expected one symbol, or SYMBOL in groupBy: numbers of several underlyings make no mean, got ${got}`,
    });
  }
  return issues;
}
