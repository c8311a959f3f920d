import { parseDate } from '../calendar/day-number.ts';
import { type CriteriaIssues, childPath, statedMembers } from './criteria-issues.ts';
import type { DateRange } from './filter-criteria.ts';

/** There is no year 0 before it, neither in history nor in PostgreSQL. */
const FIRST_DATE = '0001-01-01';

/** Undefined when nothing is stated. */
export function parseDateRange(input: unknown, path: string, issues: CriteriaIssues): DateRange | undefined {
  const members = statedMembers(input, ['min', 'max'], path, issues);
  if (members === null) return undefined;
  const min = parseRealDate(members.get('min'), childPath(path, 'min'), issues);
  const max = parseRealDate(members.get('max'), childPath(path, 'max'), issues);
  if (min === undefined && max === undefined) return undefined;
  if (min !== undefined && max !== undefined && min > max) issues.add(path, `min ≤ max (${max})`, min);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

function parseRealDate(input: unknown, path: string, issues: CriteriaIssues): string | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'string' && parseDate(input) !== null && input >= FIRST_DATE) return input;
  issues.add(path, `a date of the calendar from ${FIRST_DATE} on, YYYY-MM-DD`, input);
  return undefined;
}
