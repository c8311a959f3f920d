import type { CompiledRule } from './compiled-rule.ts';
import { end, meet, move, type RuleDraft } from './rule-draft.ts';
import type { RuleState } from './rule-state.ts';

/**
 * When time alone changes the phase next, epoch milliseconds; Infinity: never.
 *
 * @param seenAtMs when a series watched for absence was last seen; null: never
 */
export function phaseDeadline({ rule, holdMs }: CompiledRule, state: RuleState, seenAtMs: number | null): number {
  const { phase, sinceMs, metAtMs, activeSinceMs, isLatched } = state;
  const heldUntilMs = holdMs === null || metAtMs === null ? Number.POSITIVE_INFINITY : metAtMs + holdMs;
  const isWatching = rule.condition.kind === 'ABSENCE' && activeSinceMs !== null && !isLatched;
  const absentAtMs = isWatching ? Math.max(seenAtMs ?? activeSinceMs, activeSinceMs) + rule.condition.afterMs : Number.POSITIVE_INFINITY;
  switch (phase) {
    case 'NORMAL':
      return absentAtMs;
    case 'PENDING':
      return Math.min(sinceMs + rule.forMs, heldUntilMs);
    case 'FIRING':
      return heldUntilMs;
    case 'RECOVERING':
      return Math.min(sinceMs + rule.keepFiringMs, absentAtMs);
  }
}

/** Lets the phases change that are due, each at its own moment, whenever it is noticed. */
export function advanceTime(compiled: CompiledRule, draft: RuleDraft, nowMs: number, seenAtMs: number | null): void {
  for (;;) {
    const atMs = phaseDeadline(compiled, draft.state, seenAtMs);
    if (atMs > nowMs) return;
    const { phase, sinceMs } = draft.state;
    const { forMs, keepFiringMs } = compiled.rule;
    if (phase === 'NORMAL' || (phase === 'RECOVERING' && atMs < sinceMs + keepFiringMs)) meet(compiled, draft, atMs);
    else if (phase === 'RECOVERING') move(draft, 'NORMAL', 'CONDITION_ENDED_LONG_ENOUGH', atMs);
    else if (phase === 'PENDING' && sinceMs + forMs <= atMs) move(draft, 'FIRING', 'CONDITION_MET_LONG_ENOUGH', atMs);
    else end(compiled, draft, atMs);
  }
}
