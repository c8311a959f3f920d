import type { RulePhase } from './rule-state.ts';

/** Why a series goes from one phase to another. */
export const TRANSITION_REASONS = [
  'CONDITION_MET',
  'CONDITION_MET_LONG_ENOUGH',
  'CONDITION_ENDED',
  'CONDITION_MET_AGAIN',
  'CONDITION_ENDED_LONG_ENOUGH',
  'WINDOW_ENDED',
  'RULE_CHANGED',
  'RULE_DISABLED',
  'RULE_DELETED',
  'RULE_EXPIRED',
  'RESOLVED_BY_HAND',
] as const;
export type TransitionReason = (typeof TRANSITION_REASONS)[number];

export interface RuleTransition {
  readonly from: RulePhase;
  readonly to: RulePhase;
  readonly reason: TransitionReason;
  /** Epoch milliseconds; may be before the evaluation that noticed it. */
  readonly atMs: number;
}
