import { statedMembers } from '../filters/criteria-issues.ts';
import { LONGEST_GLOB, matchesGlob } from './glob.ts';
import { createRuleFields } from './rule-fields.ts';
import type { RuleIssues } from './rule-issues.ts';

/** `=~` and `!~` compare with a glob: `*`, `?`, alternatives with `|`. A label that an alert doesn't have is the empty text. */
export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export type Labels = Readonly<Record<string, string>>;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;
const MOST_MATCHERS = 20;

export function matchesLabel({ name, operator, value }: LabelMatcher, labels: Labels): boolean {
  const actual = Object.hasOwn(labels, name) ? labels[name]! : '';
  const isAlike = operator === '=' || operator === '!=' ? actual === value : matchesGlob(value, actual);
  return isAlike === (operator === '=' || operator === '=~');
}

export function matchesLabels(matchers: readonly LabelMatcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matchesLabel(matcher, labels));
}

/** A list of at least one matcher, of which at least one does not match the empty text: otherwise it would match alerts it says nothing about. */
export function parseMatchers(input: unknown, path: string, issues: RuleIssues): LabelMatcher[] {
  if (!Array.isArray(input) || input.length === 0 || input.length > MOST_MATCHERS) {
    issues.add(path, `a list of 1 to ${MOST_MATCHERS} matchers`, input);
    return [];
  }
  const found = issues.list.length;
  const matchers = input.flatMap((one, index) => parseMatcher(one, `${path}.${index}`, issues) ?? []);
  if (issues.list.length === found && matchers.every((matcher) => matchesLabel(matcher, {}))) {
    issues.add(path, 'at least one matcher that an alert without labels does not meet', input);
  }
  return matchers;
}

function parseMatcher(input: unknown, path: string, issues: RuleIssues): LabelMatcher | null {
  const members = statedMembers(input, ['name', 'operator', 'value'], path, issues);
  if (members === null) return null;
  const fields = createRuleFields(members, path, issues);
  const name = fields.text('name', 1, 64);
  if (name !== '' && !LABEL_NAME.test(name)) issues.add(fields.at('name'), 'a name of at most 64 letters, digits and "_"', name);
  return { name, operator: fields.choice('operator', MATCH_OPERATORS, '='), value: fields.text('value', 0, LONGEST_GLOB) };
}
