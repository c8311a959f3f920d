import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import { parseFilterCriteria } from '../domain/filters/parse-filter-criteria.ts';
import { ROLLUP_METRICS, type RollupDimension } from '../domain/rollups/rollup-metric.ts';
import { selectionIssues } from '../domain/rollups/selection-issues.ts';
import type { GraphQLContext } from '../schema/context.ts';
import type { DimensionFilterShape } from '../schema/dimension-filter.ts';
import { toFilterCriteria } from '../schema/filter-criteria-input.ts';
import type { ValueSelection } from '../services/history/aggregate-request.ts';
import { parseUuid } from './parse-uuid.ts';

const METRICS = new Map(ROLLUP_METRICS.map((metric) => [metric.name, metric]));
const MOST_VALUES = 100;

export interface ValueSelectionArguments {
  /** Of the enum. */
  readonly metric: string;
  readonly groupBy?: readonly RollupDimension[] | null | undefined;
  readonly filter?: DimensionFilterShape | null | undefined;
}

/** @param path of what the arguments are part of, e.g. `other.` @throws ValidationError */
export function parseValueSelection(
  { metric: name, groupBy, filter }: ValueSelectionArguments,
  { services, viewer }: Pick<GraphQLContext, 'services' | 'viewer'>,
  path = '',
): ValueSelection {
  const metric = METRICS.get(name)!;
  const { filterIds, symbols, strategies, criteria } = filter ?? {};
  const where: Partial<Record<RollupDimension, readonly string[]>> = {};
  if (filterIds) where.FILTER = unique(filterIds.map((id, index) => parseUuid(id, `${path}filter.filterIds.${index}`)));
  if (symbols) where.SYMBOL = unique(symbols.map((symbol) => symbol.trim().toUpperCase()));
  if (strategies) where.STRATEGY = unique(strategies);
  const parsed = criteria ? parseFilterCriteria(toFilterCriteria(criteria)) : null;
  const issues: ValidationIssue[] = [
    ...selectionIssues({ metric, groupBy: groupBy ?? [], where, hasCriteria: parsed !== null }),
    ...tooMany('filter.filterIds', filterIds),
    ...tooMany('filter.symbols', symbols),
    ...(symbols ?? []).flatMap((symbol, index) =>
      symbol.includes('\0') ? [{ path: `filter.symbols.${index}`, message: 'expected a symbol, got a text with U+0000' }] : [],
    ),
    ...(parsed?.kind === 'invalid'
      ? parsed.issues.map((issue) => ({ ...issue, path: issue.path === '' ? 'filter.criteria' : `filter.criteria.${issue.path}` }))
      : []),
  ];
  if (issues.length > 0) throw new ValidationError(issues.map((issue) => ({ ...issue, path: `${path}${issue.path}` })));
  return {
    metric,
    where,
    criteria: parsed?.kind === 'valid' ? parsed.criteria : null,
    hiddenFilterIds: services.filterPrivacy.hiddenFilterIds(viewer),
  };
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

function tooMany(path: string, values: readonly unknown[] | null | undefined): ValidationIssue[] {
  const count = values?.length ?? 0;
  return count > MOST_VALUES ? [{ path, message: `expected at most ${MOST_VALUES}, got ${count}` }] : [];
}
