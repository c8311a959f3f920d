import type { ValidationIssue } from '../errors/validation-error.ts';
import { nearestNameHint } from './nearest-name.ts';

/** Issues beyond this many are not kept: nobody reads them, and hostile input could make any number. */
const MOST_ISSUES = 50;

/** What is wrong with an input, and where. */
export interface CriteriaIssues {
  readonly list: readonly ValidationIssue[];
  add(path: string, expected: string, got: unknown, hint?: string): void;
}

export function createCriteriaIssues(): CriteriaIssues {
  const list: ValidationIssue[] = [];
  return {
    list,
    add(path, expected, got, hint = '') {
      if (list.length < MOST_ISSUES) list.push({ path, message: `expected ${expected}, got ${describe(got)}${hint}` });
    },
  };
}

/** The path of a member: `metrics.delta`, `any.0`. */
export function childPath(path: string, member: string | number): string {
  return path === '' ? String(member) : `${path}.${member}`;
}

/** Longer lists of names are not worth repeating in every message. */
const MOST_NAMES_TOLD = 8;

/** The stated members of an object with only known names; null, with an issue, when it is none. Null counts as not stated, as in GraphQL. */
export function statedMembers(input: unknown, known: readonly string[], path: string, issues: CriteriaIssues): Map<string, unknown> | null {
  const names = known.length <= MOST_NAMES_TOLD ? known.join(', ') : null;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    issues.add(path, names ? `an object with ${names}` : 'an object with names as keys', input);
    return null;
  }
  const members = new Map<string, unknown>();
  for (const [name, value] of Object.entries(input)) {
    if (value === null || value === undefined) continue;
    if (known.includes(name)) members.set(name, value);
    else issues.add(childPath(path, name), names ? `one of ${names}` : 'a known name', name, nearestNameHint(name, known));
  }
  return members;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
