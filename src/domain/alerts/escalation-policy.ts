import type { ValidationIssue } from '../errors/validation-error.ts';
import { statedMembers } from '../filters/criteria-issues.ts';
import { createRuleFields, LONGEST_DURATION_MS } from './rule-fields.ts';
import { createRuleIssues, type RuleIssues } from './rule-issues.ts';

export interface EscalationStep {
  /** How long nobody must have acknowledged since the step before, or since the alert fired. */
  readonly delayMs: number;
  readonly channelIds: readonly string[];
}

export interface EscalationPolicyContent {
  readonly name: string;
  readonly steps: readonly EscalationStep[];
  /** How often all steps are done again. */
  readonly repeats: number;
}

/** Who is told, and when, while nobody acknowledges an alert. */
export interface EscalationPolicy extends EscalationPolicyContent {
  readonly id: string;
  readonly revision: number;
  readonly deletedAtMs: number | null;
}

const MOST_STEPS = 20;
const MOST_REPEATS = 9;
const MOST_CHANNELS = 20;

export type ParsedEscalationPolicy =
  | { readonly kind: 'valid'; readonly content: EscalationPolicyContent }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/** @returns every issue found, with its path, e.g. `steps.0.delayMs` */
export function parseEscalationPolicy(input: unknown): ParsedEscalationPolicy {
  const issues = createRuleIssues();
  const members = statedMembers(input, ['name', 'steps', 'repeats'], '', issues) ?? new Map<string, unknown>();
  const fields = createRuleFields(members, '', issues);
  const content: EscalationPolicyContent = {
    name: fields.text('name', 1, 200),
    steps: fields.list('steps', MOST_STEPS, (value, at) => parseStep(value, at, issues)),
    repeats: fields.whole('repeats', 0, MOST_REPEATS, 0),
  };
  if (content.steps.length === 0 && issues.list.length === 0) issues.add('steps', 'at least one step', fields.raw('steps') ?? 'nothing');
  const { steps, repeats } = content;
  // Otherwise all rounds would be due in the same moment.
  if (repeats > 0 && steps.length > 0 && steps.every(({ delayMs }) => delayMs === 0))
    issues.add('repeats', '0 when no step has a delay', repeats);
  return issues.list.length > 0 ? { kind: 'invalid', issues: issues.list } : { kind: 'valid', content };
}

function parseStep(input: unknown, path: string, issues: RuleIssues): EscalationStep | null {
  const members = statedMembers(input, ['delayMs', 'channelIds'], path, issues);
  if (members === null) return null;
  const fields = createRuleFields(members, path, issues);
  const channelIds = fields.list('channelIds', MOST_CHANNELS, (value, at) => {
    if (typeof value === 'string' && value.length > 0 && value.length <= 64) return value;
    issues.add(at, 'an id', value);
    return null;
  });
  if (channelIds.length === 0) issues.add(fields.at('channelIds'), 'at least one channel', fields.raw('channelIds') ?? 'nothing');
  return { delayMs: fields.whole('delayMs', 0, LONGEST_DURATION_MS), channelIds: [...new Set(channelIds)] };
}
