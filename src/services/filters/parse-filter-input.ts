import { textIssue } from '../../domain/errors/text-issue.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import type { FilterLimits } from '../../domain/filters/filter-limits.ts';
import type { FilterVisibility } from '../../domain/filters/filter-visibility.ts';
import { parseFilterCriteria } from '../../domain/filters/parse-filter-criteria.ts';
import { parseFilterLimits } from '../../domain/filters/parse-filter-limits.ts';

export interface FilterInput {
  readonly name: string;
  readonly description: string;
  readonly criteria: FilterCriteria;
  /** Replaces the limits as a whole: an empty object takes them away. */
  readonly limits?: FilterLimits | undefined;
  readonly enabled: boolean;
  readonly visibility: FilterVisibility;
}

/** What is to change of a filter; what is left out stays. */
export interface FilterChangeInput extends Partial<FilterInput> {
  /** Criteria in place of the same ones of the filter; the others stay. Not together with `criteria`. */
  readonly overrides?: FilterCriteria | undefined;
}

/** Long enough for a sentence-like name, short enough for a table column on screen. */
export const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 2_000;

/** @throws ValidationError with every issue. */
export function parseNewFilter(input: FilterInput): FilterInput {
  return { ...input, ...parseFilterChange(input) };
}

/** Checks what is given; what is not given stays absent. @throws ValidationError with every issue. */
export function parseFilterChange(input: Partial<FilterInput>): Partial<FilterInput> {
  const issues: ValidationIssue[] = [];
  const change: { -readonly [Key in keyof FilterInput]?: FilterInput[Key] } = {};
  if (input.name !== undefined) {
    change.name = input.name.trim();
    const issue = textIssue('name', change.name, 1, LONGEST_NAME);
    if (issue) issues.push(issue);
  }
  if (input.description !== undefined) {
    change.description = input.description;
    const issue = textIssue('description', input.description, 0, LONGEST_DESCRIPTION);
    if (issue) issues.push(issue);
  }
  if (input.criteria !== undefined) {
    const parsed = parseFilterCriteria(input.criteria);
    if (parsed.kind === 'valid') change.criteria = parsed.criteria;
    else issues.push(...parsed.issues.map((issue) => ({ ...issue, path: issue.path === '' ? 'criteria' : `criteria.${issue.path}` })));
  }
  if (input.limits !== undefined) {
    const parsed = parseFilterLimits(input.limits);
    if (parsed.kind === 'valid') change.limits = parsed.limits;
    else issues.push(...parsed.issues.map((issue) => ({ ...issue, path: issue.path === '' ? 'limits' : `limits.${issue.path}` })));
  }
  if (input.enabled !== undefined) change.enabled = input.enabled;
  if (input.visibility !== undefined) change.visibility = input.visibility;
  if (issues.length > 0) throw new ValidationError(issues);
  return change;
}
