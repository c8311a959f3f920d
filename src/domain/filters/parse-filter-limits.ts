import type { ValidationIssue } from '../errors/validation-error.ts';
import { createCriteriaIssues, statedMembers } from './criteria-issues.ts';
import type { FilterLimits } from './filter-limits.ts';

/** Kept while a chain is scanned, about 330 bytes each, for every filter. */
export const MOST_FILTER_RESULTS = 1_000;
/** A week: what is quiet for longer is better switched off. */
export const LONGEST_COOLDOWN_SECONDS = 604_800;

export type ParsedFilterLimits =
  | { readonly kind: 'valid'; readonly limits: FilterLimits | undefined }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/** Checks limits from outside; null counts as not stated, and undefined comes back when nothing is. */
export function parseFilterLimits(input: unknown): ParsedFilterLimits {
  const issues = createCriteriaIssues();
  const members = statedMembers(input, ['resultsPerUnderlying', 'minimumScore', 'cooldownSeconds'], '', issues);

  function bounded(name: string, least: number, most: number, isAllowed: (value: unknown) => boolean, what: string): object {
    const value = members?.get(name);
    if (value === undefined) return {};
    if (!isAllowed(value) || (value as number) < least || (value as number) > most) {
      issues.add(name, `${what}, ${least} to ${most}`, value);
    }
    return { [name]: value };
  }

  const limits: FilterLimits = {
    ...bounded('resultsPerUnderlying', 1, MOST_FILTER_RESULTS, Number.isInteger, 'a whole number'),
    ...bounded('minimumScore', 0, 100, Number.isFinite, 'a number'),
    ...bounded('cooldownSeconds', 1, LONGEST_COOLDOWN_SECONDS, Number.isInteger, 'a whole number'),
  };
  if (issues.list.length > 0) return { kind: 'invalid', issues: issues.list };
  return { kind: 'valid', limits: Object.keys(limits).length > 0 ? limits : undefined };
}
