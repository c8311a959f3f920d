import type { CompiledRule } from './compiled-rule.ts';
import type { RulePhase, RuleState } from './rule-state.ts';
import type { RuleTransition, TransitionReason } from './rule-transition.ts';

/** A state while it is being evaluated. */
export interface RuleDraft {
  state: RuleState;
  readonly transitions: RuleTransition[];
}

export function set(draft: RuleDraft, changes: Partial<RuleState>): void {
  draft.state = { ...draft.state, ...changes };
}

export function move(draft: RuleDraft, to: RulePhase, reason: TransitionReason, atMs: number): void {
  const { phase: from, episode } = draft.state;
  if (from === to) return;
  draft.transitions.push({ from, to, reason, atMs });
  const isNew = to === 'FIRING' && from !== 'RECOVERING';
  set(draft, { phase: to, sinceMs: atMs, ...(isNew && { episode: episode + 1, matches: 1 }) });
}

/** The condition holds, or holds once more. */
export function meet({ rule, screen }: CompiledRule, draft: RuleDraft, atMs: number): void {
  const { phase, isLatched, matches } = draft.state;
  if (isLatched) return;
  set(draft, { metAtMs: atMs });
  if (phase === 'NORMAL') move(draft, rule.forMs > 0 ? 'PENDING' : 'FIRING', 'CONDITION_MET', atMs);
  else if (phase === 'RECOVERING') move(draft, 'FIRING', 'CONDITION_MET_AGAIN', atMs);
  // A number that is still, or again, beyond its level tells nothing new; another result does.
  if (screen !== null && (phase === 'FIRING' || phase === 'RECOVERING')) set(draft, { matches: matches + 1 });
}

/** The condition no longer holds. */
export function end({ rule }: CompiledRule, draft: RuleDraft, atMs: number): void {
  const { phase } = draft.state;
  if (draft.state.isLatched) set(draft, { isLatched: false });
  if (phase === 'PENDING') move(draft, 'NORMAL', 'CONDITION_ENDED', atMs);
  else if (phase === 'FIRING') move(draft, rule.keepFiringMs > 0 ? 'RECOVERING' : 'NORMAL', 'CONDITION_ENDED', atMs);
}
