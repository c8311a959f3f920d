import { statedMembers } from '../filters/criteria-issues.ts';
import { nearestNameHint } from '../filters/nearest-name.ts';
import { createRuleFields, type RuleFields } from './rule-fields.ts';
import type { RuleIssues } from './rule-issues.ts';
import { KNOWN_SUBJECTS, type SeriesSource, SOURCE_METRICS, SUBJECT_KINDS, type SubjectKind } from './series-source.ts';

/** As in filter criteria: upper case, no exchange prefix. */
const SYMBOL = /^[A-Z0-9][A-Z0-9._/-]{0,31}$/;
const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

export function parseSeriesSource(input: unknown, path: string, issues: RuleIssues): SeriesSource {
  const members = statedMembers(input, ['of', 'subject', 'metric'], path, issues) ?? new Map<string, unknown>();
  const fields = createRuleFields(members, path, issues);
  const of = fields.choice('of', SUBJECT_KINDS);
  return { of, subject: parseSubject(of, fields), metric: parseMetric(of, fields) };
}

function parseSubject(of: SubjectKind, fields: RuleFields): string | null {
  if (!fields.has('subject')) return null;
  const written = fields.text('subject', 1, 64);
  const known = KNOWN_SUBJECTS[of];
  if (known) {
    if (written !== '' && !known.includes(written))
      fields.issues.add(fields.at('subject'), 'a strategy', written, nearestNameHint(written, known));
    return written;
  }
  const subject = of === 'UNDERLYING' ? written.toUpperCase() : written;
  if (of === 'UNDERLYING' && written !== '' && !SYMBOL.test(subject)) fields.issues.add(fields.at('subject'), 'a symbol', written);
  return subject;
}

function parseMetric(of: SubjectKind, fields: RuleFields): string {
  const known = SOURCE_METRICS[of]?.map(({ name }) => name);
  if (known) return fields.choice('metric', known);
  const name = fields.text('metric', 1, 64);
  if (name !== '' && !NAME.test(name)) fields.issues.add(fields.at('metric'), 'a name of letters, digits, ".", "_" and "-"', name);
  return name;
}
