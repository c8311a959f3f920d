import { requirePermission } from '../domain/access/require-permission.ts';
import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { FilterExplainInput, FilterExplanationRef } from '../schema/filter-explanation.ts';
import { FilterPreviewInput, FilterPreviewRef } from '../schema/filter-preview.ts';
import { criteriaOrFilter } from './criteria-or-filter.ts';
import { parseUuid } from './parse-uuid.ts';

const MOST_SYMBOLS = 100;
const MOST_RESULTS = 10_000;
const MOST_BEST = 50;

builder.queryFields((t) => ({
  filterPreview: t.field({
    type: FilterPreviewRef,
    authScopes: { permission: 'READ_FILTERS' },
    description:
      'What criteria would find, before they are saved: how many match, what each criterion does to that, the best matches, and what nearly matches. Two at a time per viewer.',
    args: { input: t.arg({ type: FilterPreviewInput, required: true, description: 'The criteria, and what to hold them against.' }) },
    resolve: async (_root, { input }, context) => {
      requirePermission(context.viewer, 'READ_RESULTS');
      const { over, symbols, results, best } = input;
      const issues: ValidationIssue[] = [
        ...outOfBounds('symbols', symbols?.length ?? 1, 1, MOST_SYMBOLS),
        ...outOfBounds('results', results, 1, MOST_RESULTS),
        ...outOfBounds('best', best, 0, MOST_BEST),
      ];
      if (issues.length > 0) throw new ValidationError(issues);
      const criteria = await criteriaOrFilter(input, context);
      const wanted = symbols ? [...new Set(symbols.map((symbol) => symbol.trim().toUpperCase()))] : null;
      return context.services.filterPreviews.preview({ criteria, over, symbols: wanted, results, best }, context.viewer);
    },
  }),
  filterExplain: t.field({
    type: FilterExplanationRef,
    authScopes: { permission: 'READ_FILTERS' },
    nullable: true,
    description:
      'Why one position passes criteria, or does not: each criterion with the value, the bound and how far it is off. Null when there is no such result.',
    args: { input: t.arg({ type: FilterExplainInput, required: true, description: 'The criteria, and the position.' }) },
    resolve: async (_root, { input }, context) => {
      requirePermission(context.viewer, 'READ_RESULTS');
      const { resultId, position } = input;
      if ((resultId == null) === (position == null)) {
        const got = resultId == null ? 'neither' : 'both';
        throw new ValidationError([{ path: '', message: `expected either resultId or position, got ${got}` }]);
      }
      const criteria = await criteriaOrFilter(input, context);
      const { filterExplanations } = context.services;
      if (resultId != null) return filterExplanations.explainResult(criteria, parseUuid(resultId, 'resultId'), context.viewer);
      return filterExplanations.explainPosition(criteria, { ...position!, symbol: position!.symbol.trim().toUpperCase() });
    },
  }),
}));

function outOfBounds(path: string, value: number, least: number, most: number): ValidationIssue[] {
  return value >= least && value <= most ? [] : [{ path, message: `expected ${least} to ${most}, got ${value}` }];
}
