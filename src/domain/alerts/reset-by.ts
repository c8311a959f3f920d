import type { AlertRuleContent } from './alert-rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { initialRuleState, isAlerting, type RuleState } from './rule-state.ts';
import type { RuleTransition } from './rule-transition.ts';
import { numberOf, transformKey } from './series-transform.ts';

/**
 * What an edit resets of the states of a rule. NOTHING: they go on. WAITING: what is pending and the outcomes of N in M begin anew; alerts go on and are judged by the
 * next sample. ALL: alerts end, since the rule is about something else.
 */
export const RESETS = ['NOTHING', 'WAITING', 'ALL'] as const;
export type Reset = (typeof RESETS)[number];

export function resetBy(previous: AlertRuleContent, next: AlertRuleContent): Reset {
  if (subjectOf(previous) !== subjectOf(next)) return 'ALL';
  return waitingOf(previous) === waitingOf(next) ? 'NOTHING' : 'WAITING';
}

/** What the series of a rule are, and what is computed of them. */
function subjectOf({ condition, groupBy }: AlertRuleContent): string {
  if (condition.kind === 'MATCH' || condition.kind === 'ENTER_EXIT') {
    const { kind, filterId, criteria } = condition;
    return JSON.stringify([kind, filterId, criteria, condition.kind === 'ENTER_EXIT' ? condition.on : null, groupBy]);
  }
  const { of, subject, metric } = condition.source;
  const number = numberOf(condition);
  return JSON.stringify([condition.kind, of, subject, metric, number && [transformKey(number.transform), number.level.direction], groupBy]);
}

/** What decides when the condition has held long enough. */
function waitingOf({ condition, forMs, occurrences }: AlertRuleContent): string {
  return JSON.stringify([condition, forMs, occurrences]);
}

/** The state after an edit, and what that ended. */
export function applyReset(
  state: RuleState,
  reset: Reset,
  nowMs: number,
): { readonly state: RuleState; readonly transitions: readonly RuleTransition[] } {
  const isEnding = state.phase !== 'NORMAL' && (reset === 'ALL' || (reset === 'WAITING' && state.phase === 'PENDING'));
  const transitions: RuleTransition[] = isEnding ? [{ from: state.phase, to: 'NORMAL', reason: 'RULE_CHANGED', atMs: nowMs }] : [];
  if (reset === 'NOTHING') return { state, transitions };
  if (reset === 'WAITING') {
    return { state: { ...state, hits: null, isLatched: false, ...(isEnding && { phase: 'NORMAL', sinceMs: nowMs }) }, transitions };
  }
  // What was told stays: receivers must hear that it is over, and not too often.
  return { state: { ...initialRuleState(nowMs), episode: state.episode, told: state.told }, transitions };
}

/** Somebody has resolved the alert: while the condition goes on it doesn't fire again. */
export function resolveByHand(
  { holdMs }: CompiledRule,
  state: RuleState,
  nowMs: number,
): { readonly state: RuleState; readonly transitions: readonly RuleTransition[] } {
  // There is no alert any more: it has ended by itself before this was heard, and what is pending would be another.
  if (!isAlerting(state)) return { state, transitions: [] };
  // A match is over by itself; the next one is another.
  const isLatched = holdMs === null && state.phase === 'FIRING';
  return {
    state: { ...state, phase: 'NORMAL', sinceMs: nowMs, isLatched, hits: null },
    transitions: [{ from: state.phase, to: 'NORMAL', reason: 'RESOLVED_BY_HAND', atMs: nowMs }],
  };
}
