import type { ValidationIssue } from '../errors/validation-error.ts';
import { type CriteriaIssues, childPath, createCriteriaIssues, statedMembers } from './criteria-issues.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import { parseDateRange } from './parse-date-range.ts';
import { parseMetricRanges } from './parse-metric-ranges.ts';
import { parseStrategies, parseSymbols } from './parse-set-criterion.ts';

/** Groups inside groups, the outermost counted. Nobody reads a deeper one, and evaluation recurses. */
export const DEEPEST_GROUP = 8;
/** Criteria objects in one filter, groups included: bounds what one filter costs per candidate. */
export const MOST_GROUPS = 200;

const MEMBERS = ['symbols', 'strategies', 'expiration', 'metrics', 'all', 'any', 'none'];

export type ParsedFilterCriteria =
  | { readonly kind: 'valid'; readonly criteria: FilterCriteria }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/**
 * Checks criteria from outside. Valid criteria come back in canonical form: symbols in upper case, lists without repetition, parts that state nothing left out;
 * null counts as not stated. Parsing them again changes nothing.
 *
 * @returns every issue found (50 at most), with its path, e.g. `any.0.metrics.delta`
 */
export function parseFilterCriteria(input: unknown): ParsedFilterCriteria {
  const issues = createCriteriaIssues();
  const criteria = parseGroup(input, '', 1, { groups: 0 }, issues);
  return issues.list.length > 0 ? { kind: 'invalid', issues: issues.list } : { kind: 'valid', criteria };
}

function parseGroup(input: unknown, path: string, depth: number, total: { groups: number }, issues: CriteriaIssues): FilterCriteria {
  total.groups++;
  if (depth > DEEPEST_GROUP) {
    issues.add(path, `groups at most ${DEEPEST_GROUP} deep`, depth);
    return {};
  }
  const members = statedMembers(input, MEMBERS, path, issues);
  if (members === null) return {};

  function member<T>(name: string, parse: (value: unknown, path: string, issues: CriteriaIssues) => T | undefined): T | undefined {
    return members?.has(name) ? parse(members.get(name), childPath(path, name), issues) : undefined;
  }
  function groups(value: unknown, at: string): FilterCriteria[] | undefined {
    if (!Array.isArray(value)) {
      issues.add(at, 'a list of groups', value);
      return undefined;
    }
    if (total.groups + value.length > MOST_GROUPS) {
      issues.add(at, `at most ${MOST_GROUPS} groups in all`, total.groups + value.length);
      return undefined;
    }
    const parsed = value.map((group, index) => parseGroup(group, childPath(at, index), depth + 1, total, issues));
    return parsed.length > 0 ? parsed : undefined;
  }

  const stated = {
    symbols: member('symbols', parseSymbols),
    strategies: member('strategies', parseStrategies),
    expiration: member('expiration', parseDateRange),
    metrics: member('metrics', parseMetricRanges),
    all: member('all', groups),
    any: member('any', groups),
    none: member('none', groups),
  };
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
}
