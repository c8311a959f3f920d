import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import { createCriteriaIssues, statedMembers } from '../../domain/filters/criteria-issues.ts';
import { fromDocumentCriteria } from '../../domain/filters/document-criteria.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import { FILTER_DOCUMENT_FORMAT, FILTER_DOCUMENT_VERSION, MOST_DOCUMENT_FILTERS } from '../../domain/filters/filter-document.ts';
import type { FilterLimits } from '../../domain/filters/filter-limits.ts';
import { FILTER_VISIBILITIES } from '../../domain/filters/filter-visibility.ts';
import { type FilterInput, parseNewFilter } from './parse-filter-input.ts';

const MEMBERS = ['name', 'description', 'criteria', 'limits', 'enabled', 'visibility'];

/** The filters of a document from outside. @throws ValidationError with every issue, its path beginning with `document` */
export function parseFilterDocument(document: unknown): FilterInput[] {
  const head = createCriteriaIssues();
  const members = statedMembers(document, ['$schema', 'format', 'version', 'filters'], 'document', head);
  const format = members?.get('format');
  const version = members?.get('version');
  const filters = members?.get('filters');
  if (members && format !== FILTER_DOCUMENT_FORMAT) head.add('document.format', JSON.stringify(FILTER_DOCUMENT_FORMAT), format);
  if (members && version !== FILTER_DOCUMENT_VERSION) head.add('document.version', String(FILTER_DOCUMENT_VERSION), version);
  const isList = Array.isArray(filters) && filters.length > 0 && filters.length <= MOST_DOCUMENT_FILTERS;
  if (members && !isList) head.add('document.filters', `a list of 1 to ${MOST_DOCUMENT_FILTERS} filters`, filters);
  if (!isList || head.list.length > 0) throw new ValidationError(head.list);

  const issues: ValidationIssue[] = [];
  const parsed: FilterInput[] = [];
  const names = new Map<string, number>();
  for (const [index, entry] of filters.entries()) {
    try {
      const filter = parseEntry(entry, index);
      parsed.push(filter);
      const name = `${filter.visibility} ${filter.name.toLowerCase()}`;
      const first = names.get(name);
      if (first === undefined) names.set(name, index);
      else
        issues.push({
          path: `document.filters.${index}.name`,
          message: `expected another name than filters.${first}, got ${JSON.stringify(filter.name)}`,
        });
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      issues.push(...error.issues);
    }
  }
  if (issues.length > 0) throw new ValidationError(issues);
  return parsed;
}

function parseEntry(entry: unknown, index: number): FilterInput {
  const path = `document.filters.${index}`;
  const issues = createCriteriaIssues();
  const members = statedMembers(entry, MEMBERS, path, issues);
  const name = members?.get('name');
  const description = members?.get('description') ?? '';
  const enabled = members?.get('enabled') ?? true;
  const stated = members?.get('visibility') ?? 'SHARED';
  const visibility = FILTER_VISIBILITIES.find((known) => known === stated);
  if (members) {
    if (typeof name !== 'string') issues.add(`${path}.name`, 'a text', name);
    if (typeof description !== 'string') issues.add(`${path}.description`, 'a text', description);
    if (typeof enabled !== 'boolean') issues.add(`${path}.enabled`, 'true or false', enabled);
    if (!visibility) issues.add(`${path}.visibility`, `one of ${FILTER_VISIBILITIES.join(', ')}`, stated);
    if (!members.has('criteria')) issues.add(`${path}.criteria`, 'criteria', undefined);
  }
  const criteria = fromDocumentCriteria(members?.get('criteria') ?? {}) as FilterCriteria;
  const limits = (members?.get('limits') ?? {}) as FilterLimits;
  // What is of the wrong kind has been noted: the rest is checked all the same, so that everything is told at once.
  const rest = {
    name: text(name, 'name'),
    description: text(description, ''),
    criteria,
    limits,
    enabled: enabled === true,
    visibility: visibility ?? 'SHARED',
  };
  try {
    const parsed = parseNewFilter(rest);
    if (issues.list.length === 0) return parsed;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError([...issues.list, ...error.issues.map((issue) => ({ ...issue, path: `${path}.${issue.path}` }))]);
  }
  throw new ValidationError(issues.list);
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
