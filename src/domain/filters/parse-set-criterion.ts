import { STRATEGY_IDS, type StrategyId } from '../strategies/strategy-id.ts';
import { type CriteriaIssues, childPath, statedMembers } from './criteria-issues.ts';
import type { SetCriterion } from './filter-criteria.ts';
import { nearestNameHint } from './nearest-name.ts';

/** More than the underlyings of any venue's watchlist worth filtering by name. */
export const MOST_VALUES = 1_000;
/** BRK.B, SOL_USDC, SPXW: upper case, no exchange prefix. */
const SYMBOL = /^[A-Z0-9][A-Z0-9._/-]{0,31}$/;

export function parseSymbols(input: unknown, path: string, issues: CriteriaIssues): SetCriterion<string> | undefined {
  return parseSet(input, path, issues, (value, at) => {
    const symbol = typeof value === 'string' ? value.trim().toUpperCase() : '';
    if (SYMBOL.test(symbol)) return symbol;
    issues.add(at, 'a symbol of 1 to 32 letters, digits, ".", "_", "/" or "-"', value);
    return undefined;
  });
}

export function parseStrategies(input: unknown, path: string, issues: CriteriaIssues): SetCriterion<StrategyId> | undefined {
  return parseSet(input, path, issues, (value, at) => {
    const id = STRATEGY_IDS.find((known) => known === value);
    if (id === undefined) issues.add(at, 'a strategy', value, typeof value === 'string' ? nearestNameHint(value, STRATEGY_IDS) : '');
    return id;
  });
}

function parseSet<T extends string>(
  input: unknown,
  path: string,
  issues: CriteriaIssues,
  parseValue: (value: unknown, path: string) => T | undefined,
): SetCriterion<T> | undefined {
  const members = statedMembers(input, ['in', 'notIn'], path, issues);
  if (members === null) return undefined;
  const listed = members.get('in');
  const included = parseList(listed, childPath(path, 'in'), issues, parseValue);
  const excluded = parseList(members.get('notIn'), childPath(path, 'notIn'), issues, parseValue);
  // Nothing could ever be in an empty list: certainly a mistake of the caller. Excluding nothing is harmless.
  if (Array.isArray(listed) && listed.length === 0) issues.add(childPath(path, 'in'), 'at least one value', listed);
  if (included === undefined && (excluded === undefined || excluded.length === 0)) return undefined;
  return { ...(included && { in: included }), ...(excluded && excluded.length > 0 && { notIn: excluded }) };
}

function parseList<T extends string>(
  input: unknown,
  path: string,
  issues: CriteriaIssues,
  parseValue: (value: unknown, path: string) => T | undefined,
): T[] | undefined {
  if (input === undefined) return undefined;
  if (!Array.isArray(input) || input.length > MOST_VALUES) {
    issues.add(path, `a list of at most ${MOST_VALUES} values`, input);
    return undefined;
  }
  const values = new Set<T>();
  for (const [index, value] of input.entries()) {
    const parsed = parseValue(value, childPath(path, index));
    if (parsed !== undefined) values.add(parsed);
  }
  return [...values];
}
