import type { ValidationIssue } from '../errors/validation-error.ts';
import { statedMembers } from '../filters/criteria-issues.ts';
import type { InhibitionRule } from './inhibition-rule.ts';
import { parseMatchers } from './label-matcher.ts';
import { createRuleFields } from './rule-fields.ts';
import { createRuleIssues } from './rule-issues.ts';

/** What people write of an inhibition rule. */
export type InhibitionRuleContent = Omit<InhibitionRule, 'id'>;

const MOST_EQUAL = 20;

export type ParsedInhibitionRule =
  | { readonly kind: 'valid'; readonly content: InhibitionRuleContent }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/** @returns every issue found, with its path, e.g. `source.0.name` */
export function parseInhibitionRule(input: unknown): ParsedInhibitionRule {
  const issues = createRuleIssues();
  const members = statedMembers(input, ['name', 'source', 'target', 'equal'], '', issues);
  if (members === null) return { kind: 'invalid', issues: issues.list };
  const fields = createRuleFields(members, '', issues);
  const content = {
    name: fields.text('name', 1, 200),
    source: parseMatchers(fields.raw('source'), 'source', issues),
    target: parseMatchers(fields.raw('target'), 'target', issues),
    equal: fields.list<string>('equal', MOST_EQUAL, (value, at) => {
      if (typeof value === 'string' && value.length > 0 && value.length <= 64) return value;
      issues.add(at, 'the name of a label', value);
      return null;
    }),
  };
  return issues.list.length > 0 ? { kind: 'invalid', issues: issues.list } : { kind: 'valid', content };
}
