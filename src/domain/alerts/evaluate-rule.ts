import { advanceTime, phaseDeadline } from './advance-time.ts';
import { applyInput } from './apply-input.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { decideNotification, type NotificationDecision, type Suppression } from './decide-notification.ts';
import { move, type RuleDraft, set } from './rule-draft.ts';
import type { RuleInput } from './rule-input.ts';
import { isAlerting, type RuleState, withClock } from './rule-state.ts';
import type { RuleTransition, TransitionReason } from './rule-transition.ts';

export interface EvaluationContext {
  /** Epoch milliseconds by the clock of the evaluator; may go back. */
  readonly nowMs: number;
  /** What keeps notifications back besides the rule; null: nothing. Asked only when there is something to tell. */
  readonly suppression: (state: RuleState) => Suppression | null;
  /** For rules of absence: when their series was last seen before this input, by that clock; null: never. */
  readonly seenAtMs: number | null;
}

export interface Evaluation {
  readonly state: RuleState;
  readonly transitions: readonly RuleTransition[];
  readonly notify: NotificationDecision;
}

/**
 * One step of the state machine of one series of a rule. Time comes first, so that what was due before the input has happened, at its own moment; then the input,
 * unless it is late or repeated; then the decision whether to notify, which the state takes note of.
 *
 * The words and the meaning of `for` and of keeping on firing are those of Prometheus' alerting rules (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/);
 * separate levels of firing and clearing are a Schmitt trigger.
 */
export function evaluateRule(compiled: CompiledRule, before: RuleState, input: RuleInput, context: EvaluationContext): Evaluation {
  const { nowMs, seenAtMs } = context;
  const draft: RuleDraft = { state: withClock(before, nowMs), transitions: [] };
  const { revision } = compiled.rule;
  if (before.ruleRevision !== revision) set(draft, { ruleRevision: revision });
  const over = overReason(compiled, nowMs);
  if (over !== null) stop(draft, over, nowMs);
  else if (compiled.active && !compiled.active.isOpen(nowMs)) {
    stop(draft, 'WINDOW_ENDED', nowMs);
    accept(compiled, draft, input, nowMs);
  } else {
    if (draft.state.activeSinceMs === null) set(draft, { activeSinceMs: nowMs });
    advanceTime(compiled, draft, nowMs, seenAtMs);
    accept(compiled, draft, input, nowMs);
  }
  const notify = decideNotification(compiled, draft.state, nowMs, context.suppression);
  if (notify.send !== null) {
    const { episode, matches } = draft.state;
    set(draft, { told: { episode, matches, isFiring: isAlerting(draft.state), atMs: nowMs } });
  }
  return { state: draft.state, transitions: draft.transitions, notify };
}

/** When the series is to be evaluated again though nothing happens, epoch milliseconds; Infinity: never. Asking too early does no harm.
 * A series at rest isn't woken when an active window begins: whoever evaluates lets it see its next sample. */
export function nextDeadline(compiled: CompiledRule, state: RuleState, context: EvaluationContext): number {
  const { nowMs, suppression, seenAtMs } = context;
  const { rule, active } = compiled;
  const notify = decideNotification(compiled, state, nowMs, suppression);
  const notifyAtMs = notify.send === null ? notify.untilMs : nowMs;
  if (overReason(compiled, nowMs) !== null) return notifyAtMs;
  const isAtRest = state.phase === 'NORMAL' && rule.condition.kind !== 'ABSENCE';
  return Math.min(
    notifyAtMs,
    phaseDeadline(compiled, state, seenAtMs),
    !isAtRest && rule.expiresAtMs !== null ? rule.expiresAtMs : Number.POSITIVE_INFINITY,
    isAtRest ? Number.POSITIVE_INFINITY : (active?.nextChange(nowMs) ?? Number.POSITIVE_INFINITY),
  );
}

function overReason({ rule }: CompiledRule, nowMs: number): TransitionReason | null {
  if (rule.deletedAtMs !== null) return 'RULE_DELETED';
  if (!rule.enabled) return 'RULE_DISABLED';
  return rule.expiresAtMs !== null && rule.expiresAtMs <= nowMs ? 'RULE_EXPIRED' : null;
}

function stop(draft: RuleDraft, reason: TransitionReason, nowMs: number): void {
  move(draft, 'NORMAL', reason, nowMs);
  const { activeSinceMs, hits, isLatched } = draft.state;
  if (activeSinceMs !== null || hits !== null || isLatched) set(draft, { activeSinceMs: null, hits: null, isLatched: false });
}

function accept(compiled: CompiledRule, draft: RuleDraft, input: RuleInput, nowMs: number): void {
  if (input.kind === 'TIME') return;
  const { sampleAtMs, sampleId, activeSinceMs } = draft.state;
  // Members are told by a stream that has an order of its own; their repetitions change nothing.
  if (input.kind !== 'MEMBER' && sampleAtMs !== null && (input.atMs < sampleAtMs || input.id === sampleId)) return;
  set(draft, { sampleAtMs: Math.max(input.atMs, sampleAtMs ?? input.atMs), sampleId: input.id });
  if (activeSinceMs !== null || input.kind === 'MEMBER') applyInput(compiled, draft, input, nowMs);
}
