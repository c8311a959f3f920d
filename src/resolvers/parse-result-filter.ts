import { ValidationError } from '../domain/errors/validation-error.ts';
import { parseFilterCriteria } from '../domain/filters/parse-filter-criteria.ts';
import { toFilterCriteria } from '../schema/filter-criteria-input.ts';
import type { ScanResultFilterShape } from '../schema/scan-result.ts';
import type { ScanResultQuery } from '../services/results/scan-result-query.ts';
import { parseUuid } from './parse-uuid.ts';

/** @throws ValidationError when the criteria are not acceptable. */
export function parseResultFilter(filter: ScanResultFilterShape | null | undefined): ScanResultQuery {
  if (!filter) return {};
  const { filterIds, scanRunIds, ...criteria } = filter;
  const parsed = parseFilterCriteria(toFilterCriteria(criteria));
  if (parsed.kind === 'invalid') {
    throw new ValidationError(parsed.issues.map((issue) => ({ ...issue, path: issue.path === '' ? 'filter' : `filter.${issue.path}` })));
  }
  return {
    criteria: parsed.criteria,
    filterIds: filterIds?.map((id, index) => parseUuid(id, `filter.filterIds.${index}`)),
    scanRunIds: scanRunIds?.map((id, index) => parseUuid(id, `filter.scanRunIds.${index}`)),
  };
}
