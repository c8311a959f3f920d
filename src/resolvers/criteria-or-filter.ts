import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import type { FilterCriteria } from '../domain/filters/filter-criteria.ts';
import { overrideCriteria } from '../domain/filters/override-criteria.ts';
import { parseFilterCriteria } from '../domain/filters/parse-filter-criteria.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { toFilterCriteria } from '../schema/filter-criteria-input.ts';
import type { CriteriaOrFilterShape } from '../schema/filter-explanation.ts';
import { parseUuid } from './parse-uuid.ts';

/** The criteria an input gives or names, parsed. @throws ValidationError, NotFoundError when the viewer sees no such filter */
export async function criteriaOrFilter(
  { criteria, filterId, overrides }: CriteriaOrFilterShape,
  { services, viewer }: Pick<GraphQLContext, 'services' | 'viewer'>,
): Promise<FilterCriteria> {
  if ((criteria == null) === (filterId == null)) {
    const got = criteria == null ? 'neither' : 'both';
    throw new ValidationError([{ path: '', message: `expected either criteria or filterId, got ${got}` }]);
  }
  if (overrides != null && filterId == null) {
    throw new ValidationError([{ path: 'overrides', message: 'expected a filterId whose criteria they override, got none' }]);
  }
  const stated =
    filterId == null
      ? toFilterCriteria(criteria!)
      : overrideCriteria(
          (await services.filters.visible(parseUuid(filterId, 'filterId'), viewer)).criteria,
          toFilterCriteria(overrides ?? {}),
        );
  const parsed = parseFilterCriteria(stated);
  if (parsed.kind === 'valid') return parsed.criteria;
  throw new ValidationError(
    parsed.issues.map(({ path, message }): ValidationIssue => ({ path: path === '' ? 'criteria' : `criteria.${path}`, message })),
  );
}
