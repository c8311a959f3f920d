import { childPath } from '../filters/criteria-issues.ts';
import { nearestNameHint } from '../filters/nearest-name.ts';
import type { RuleIssues } from './rule-issues.ts';

/** Longer than any alert should wait, and short enough for one timer (2^31 ms). */
export const LONGEST_DURATION_MS = 7 * 86_400_000;

export interface RuleFields {
  /** Where these members are in the input. */
  readonly path: string;
  readonly issues: RuleIssues;
  has(name: string): boolean;
  raw(name: string): unknown;
  at(name: string): string;
  /** A whole number of milliseconds. */
  duration(name: string, shortest: number, byDefault?: number): number;
  number(name: string, byDefault?: number): number;
  whole(name: string, least: number, most: number, byDefault?: number): number;
  text(name: string, shortest: number, longest: number, byDefault?: string): string;
  choice<T extends string>(name: string, known: readonly T[], byDefault?: T): T;
  flag(name: string, byDefault: boolean): boolean;
  list<T>(name: string, most: number, parse: (value: unknown, path: string) => T | null): T[];
}

/** Reads the members of one object of a rule; whatever is wrong becomes an issue and a value that keeps the reading going. Without a default a member is required. */
export function createRuleFields(members: ReadonlyMap<string, unknown>, path: string, issues: RuleIssues): RuleFields {
  const at = (name: string) => childPath(path, name);

  function read<T>(name: string, byDefault: T | undefined, placeholder: T, expected: string, accept: (value: unknown) => T | null): T {
    const value = members.get(name);
    if (value === undefined) {
      if (byDefault === undefined) issues.add(at(name), expected, 'nothing');
      return byDefault ?? placeholder;
    }
    const accepted = accept(value);
    if (accepted === null) issues.add(at(name), expected, value);
    return accepted ?? placeholder;
  }
  const wholeBetween = (least: number, most: number) => (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : null;

  return {
    path,
    issues,
    at,
    has: (name) => members.has(name),
    raw: (name) => members.get(name),
    duration: (name, shortest, byDefault) =>
      read(
        name,
        byDefault,
        shortest,
        `${shortest} to ${LONGEST_DURATION_MS} whole milliseconds`,
        wholeBetween(shortest, LONGEST_DURATION_MS),
      ),
    number: (name, byDefault) =>
      read(name, byDefault, 0, 'a finite number', (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null)),
    whole: (name, least, most, byDefault) =>
      read(name, byDefault, least, `a whole number from ${least} to ${most}`, wholeBetween(least, most)),
    text: (name, shortest, longest, byDefault) =>
      read(name, byDefault, '', `a text of ${shortest} to ${longest} characters without NUL`, (value) =>
        typeof value === 'string' && value.trim().length >= shortest && value.length <= longest && !value.includes('\0')
          ? value.trim()
          : null,
      ),
    choice(name, known, byDefault) {
      const value = members.get(name);
      if (value === undefined && byDefault !== undefined) return byDefault;
      const found = known.find((one) => one === value);
      if (found === undefined) {
        issues.add(
          at(name),
          `one of ${known.join(', ')}`,
          value ?? 'nothing',
          typeof value === 'string' ? nearestNameHint(value, known) : '',
        );
      }
      return found ?? known[0]!;
    },
    flag: (name, byDefault) => read(name, byDefault, byDefault, 'true or false', (value) => (typeof value === 'boolean' ? value : null)),
    list(name, most, parse) {
      const value = members.get(name);
      if (value === undefined) return [];
      if (!Array.isArray(value) || value.length > most) {
        issues.add(at(name), `a list of at most ${most}`, value);
        return [];
      }
      return value.flatMap((one, index) => parse(one, childPath(at(name), index)) ?? []);
    },
  };
}
