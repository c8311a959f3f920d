import type { ValidationIssue } from '../errors/validation-error.ts';
import { statedMembers } from '../filters/criteria-issues.ts';
import { type AlertRuleContent, GROUP_FIELDS, type GroupField, type MessageTemplate, RULE_VISIBILITIES, SEVERITIES } from './alert-rule.ts';
import { parseLabels } from './parse-labels.ts';
import { parseRuleCondition } from './parse-rule-condition.ts';
import { parseTimeWindow } from './parse-time-window.ts';
import type { RuleCondition } from './rule-condition.ts';
import { createRuleFields, type RuleFields } from './rule-fields.ts';
import { createRuleIssues, type RuleIssues } from './rule-issues.ts';
import type { SubjectKind } from './series-source.ts';

export const DEFAULT_THROTTLE_MS = 30_000;
/** Samples that N in M looks back on: they are kept with every series. */
const MOST_OCCURRENCES = 64;
const MOST_WINDOWS = 50;
const MOST_CHANNELS = 20;
const LONGEST_TEMPLATE = 10_000;

const MEMBERS = [
  'name',
  'description',
  'condition',
  'forMs',
  'keepFiringMs',
  'occurrences',
  'throttleMs',
  'dedupKey',
  'groupBy',
  'severity',
  'labels',
  'message',
  'activeWindows',
  'muteWindows',
  'expiresAtMs',
  'enabled',
  'visibility',
  'channelIds',
  'escalationPolicyId',
];

export type ParsedAlertRule =
  | { readonly kind: 'valid'; readonly content: AlertRuleContent }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/**
 * Checks a rule from outside, as people write it: time windows with `from` and `to`, and only what differs from the defaults. Names of filters, channels and policies
 * are not looked up here.
 *
 * @param templateIssue says what is wrong with a template, or null
 * @returns every issue found, with its path, e.g. `condition.source.metric`
 */
export function parseAlertRule(input: unknown, templateIssue: (text: string) => string | null): ParsedAlertRule {
  const issues = createRuleIssues();
  const members = statedMembers(input, MEMBERS, '', issues);
  if (members === null) return { kind: 'invalid', issues: issues.list };
  const fields = createRuleFields(members, '', issues);
  const condition = parseRuleCondition(fields.raw('condition'), 'condition', issues);

  function template(from: RuleFields, name: string, longest: number): string {
    const text = from.text(name, 1, longest);
    const issue = text === '' ? null : templateIssue(text);
    if (issue !== null) issues.tell(from.at(name), [{ path: '', message: issue }]);
    return text;
  }
  const ids = (name: string) => [...new Set(fields.list(name, MOST_CHANNELS, (value, at) => idOf(value, at, issues)))];

  const content = {
    name: fields.text('name', 1, 200),
    description: fields.text('description', 0, 2_000, ''),
    forMs: fields.duration('forMs', 0, 0),
    keepFiringMs: fields.duration('keepFiringMs', 0, 0),
    occurrences: parseOccurrences(fields),
    throttleMs: fields.duration('throttleMs', 0, DEFAULT_THROTTLE_MS),
    dedupKey: fields.has('dedupKey') ? template(fields, 'dedupKey', 500) : null,
    groupBy: condition === null ? [] : parseGroupBy(condition, fields),
    severity: fields.choice('severity', SEVERITIES, 'WARNING'),
    labels: fields.has('labels') ? parseLabels(fields.raw('labels'), 'labels', issues) : {},
    message: fields.has('message') ? parseMessage(fields, template) : null,
    activeWindows: fields.list('activeWindows', MOST_WINDOWS, (value, at) => parseTimeWindow(value, at, issues)),
    muteWindows: fields.list('muteWindows', MOST_WINDOWS, (value, at) => parseTimeWindow(value, at, issues)),
    expiresAtMs: fields.has('expiresAtMs') ? fields.whole('expiresAtMs', 0, 8.64e15) : null,
    enabled: fields.flag('enabled', true),
    visibility: fields.choice('visibility', RULE_VISIBILITIES, 'SHARED'),
    channelIds: ids('channelIds'),
    escalationPolicyId: fields.has('escalationPolicyId') ? fields.text('escalationPolicyId', 1, 64) : null,
  };
  if (condition?.kind === 'ABSENCE' && content.occurrences !== null) {
    issues.add('occurrences', 'nothing for a rule of absence, which waits for no samples', fields.raw('occurrences'));
  }
  if (issues.list.length > 0 || condition === null) return { kind: 'invalid', issues: issues.list };
  return { kind: 'valid', content: { ...content, condition } };
}

function parseOccurrences(fields: RuleFields): AlertRuleContent['occurrences'] {
  if (!fields.has('occurrences')) return null;
  const path = fields.at('occurrences');
  const members = statedMembers(fields.raw('occurrences'), ['n', 'm'], path, fields.issues);
  if (members === null) return null;
  const inner = createRuleFields(members, path, fields.issues);
  const n = inner.whole('n', 1, MOST_OCCURRENCES);
  const m = inner.whole('m', 1, MOST_OCCURRENCES);
  if (n > m) fields.issues.add(inner.at('n'), `at most m (${m})`, n);
  return m === 1 ? null : { n, m };
}

const FIELD_OF: Readonly<Record<SubjectKind, GroupField>> = {
  UNDERLYING: 'symbol',
  FILTER: 'filter',
  STRATEGY: 'strategy',
  SERVICE: 'service',
};
const SCREEN_FIELDS: readonly GroupField[] = ['symbol', 'strategy', 'filter', 'expiration', 'legs'];

/** Numbers of different subjects are never mixed in one series; results can be, as asked. */
function parseGroupBy(condition: RuleCondition, fields: RuleFields): GroupField[] {
  const isScreen = condition.kind === 'MATCH' || condition.kind === 'ENTER_EXIT';
  const allowed = isScreen ? SCREEN_FIELDS : [FIELD_OF[condition.source.of]];
  const asked = fields.list<GroupField>('groupBy', GROUP_FIELDS.length, (value, at) => {
    const field = allowed.find((known) => known === value);
    if (field === undefined) fields.issues.add(at, `one of ${allowed.join(', ')}`, value);
    return field ?? null;
  });
  if (!isScreen) return [...allowed];
  if (!fields.has('groupBy')) return condition.kind === 'MATCH' ? ['symbol'] : ['filter', 'legs'];
  return GROUP_FIELDS.filter((field) => asked.includes(field));
}

function parseMessage(fields: RuleFields, template: (from: RuleFields, name: string, longest: number) => string): MessageTemplate | null {
  const path = fields.at('message');
  const members = statedMembers(fields.raw('message'), ['title', 'body'], path, fields.issues);
  if (members === null) return null;
  const inner = createRuleFields(members, path, fields.issues);
  return { title: template(inner, 'title', 500), body: template(inner, 'body', LONGEST_TEMPLATE) };
}

function idOf(value: unknown, path: string, issues: RuleIssues): string | null {
  if (typeof value === 'string' && value.length > 0 && value.length <= 64) return value;
  issues.add(path, 'an id', value);
  return null;
}
