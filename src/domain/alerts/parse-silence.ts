import type { ValidationIssue } from '../errors/validation-error.ts';
import { statedMembers } from '../filters/criteria-issues.ts';
import { parseMatchers } from './label-matcher.ts';
import { createRuleFields } from './rule-fields.ts';
import { createRuleIssues } from './rule-issues.ts';
import type { Silence } from './silence.ts';

/** What people write of a silence. */
export type SilenceContent = Pick<Silence, 'matchers' | 'startsAtMs' | 'endsAtMs' | 'comment'>;

/** Longer is no silence: that is a rule nobody wants. */
const LONGEST_SILENCE_MS = 365 * 86_400_000;
const LATEST_MS = 253_402_300_799_999;

export type ParsedSilence =
  | { readonly kind: 'valid'; readonly content: SilenceContent }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/** @param nowMs a silence that begins before it begins now. @returns every issue found, with its path, e.g. `matchers.0.name` */
export function parseSilence(input: unknown, nowMs: number): ParsedSilence {
  const issues = createRuleIssues();
  const members = statedMembers(input, ['matchers', 'startsAtMs', 'endsAtMs', 'comment'], '', issues);
  if (members === null) return { kind: 'invalid', issues: issues.list };
  const fields = createRuleFields(members, '', issues);
  const startsAtMs = Math.max(nowMs, fields.whole('startsAtMs', 0, LATEST_MS, nowMs));
  const endsAtMs = fields.whole('endsAtMs', 0, LATEST_MS);
  const content = {
    matchers: parseMatchers(fields.raw('matchers'), 'matchers', issues),
    startsAtMs,
    endsAtMs,
    comment: fields.text('comment', 0, 2_000, ''),
  };
  const lastingMs = endsAtMs - startsAtMs;
  if (issues.list.length === 0 && !(lastingMs > 0))
    issues.add('endsAtMs', `a time behind ${new Date(startsAtMs).toISOString()}`, new Date(endsAtMs).toISOString());
  else if (lastingMs > LONGEST_SILENCE_MS) issues.add('endsAtMs', 'at most 365 days', `${Math.round(lastingMs / 86_400_000)} days`);
  return issues.list.length > 0 ? { kind: 'invalid', issues: issues.list } : { kind: 'valid', content };
}
