import type { CompiledRule } from './compiled-rule.ts';
import { isAlerting, type RuleState } from './rule-state.ts';

/** Why nobody is notified though there is something to tell. */
export const SUPPRESSION_REASONS = ['SILENCED', 'INHIBITED', 'SNOOZED', 'ACKNOWLEDGED', 'DUPLICATE'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** What keeps alerts of a series from being told, besides the rule itself. */
export interface Suppression {
  readonly reason: SuppressionReason;
  /** When it ends, epoch milliseconds; null: whoever ends it says so. */
  readonly untilMs: number | null;
}

/** FIRED: there is a new alert. AGAIN: the condition was met once more while there is one. RESOLVED: the alert that was told is over. */
export const NOTICES = ['FIRED', 'AGAIN', 'RESOLVED'] as const;
export type Notice = (typeof NOTICES)[number];

export type NotificationDecision =
  | {
      readonly send: Notice;
      readonly reason: 'NEW_ALERT' | 'MET_AGAIN' | 'ALERT_OVER';
      /** Of a new alert: the one before it is over, and receivers have not been told that yet. */
      readonly isOneOverBefore: boolean;
    }
  | {
      readonly send: null;
      readonly reason: 'NOTHING_NEW' | 'THROTTLED' | 'MUTED' | SuppressionReason;
      /** When to decide anew, epoch milliseconds; Infinity: when something happens. */
      readonly untilMs: number;
    };

/** What receivers don't know yet; null: nothing. */
export function untold(state: RuleState): Notice | null {
  const { told, episode, matches } = state;
  if (!isAlerting(state)) return told?.isFiring ? 'RESOLVED' : null;
  if (told === null || !told.isFiring || told.episode !== episode) return 'FIRED';
  return matches > told.matches ? 'AGAIN' : null;
}

const REASON_OF = { FIRED: 'NEW_ALERT', AGAIN: 'MET_AGAIN', RESOLVED: 'ALERT_OVER' } as const;

/**
 * Whether receivers are to be told of the state now. What is held back is not lost: it is decided anew from the state as it is then, so that an alert that began and
 * ended unnoticed is never told, and one that goes on is.
 */
export function decideNotification(
  { rule, mute }: CompiledRule,
  state: RuleState,
  nowMs: number,
  suppressionOf: (state: RuleState) => Suppression | null,
): NotificationDecision {
  const send = untold(state);
  if (send === null) return { send, reason: 'NOTHING_NEW', untilMs: Number.POSITIVE_INFINITY };
  const suppression = suppressionOf(state);
  if (suppression !== null && concerns(suppression.reason, send)) {
    return { send: null, reason: suppression.reason, untilMs: suppression.untilMs ?? Number.POSITIVE_INFINITY };
  }
  if (mute?.isOpen(nowMs)) return { send: null, reason: 'MUTED', untilMs: mute.nextChange(nowMs) };
  const throttledUntilMs = state.told === null ? nowMs : state.told.atMs + rule.throttleMs;
  if (throttledUntilMs > nowMs) return { send: null, reason: 'THROTTLED', untilMs: throttledUntilMs };
  return { send, reason: REASON_OF[send], isOneOverBefore: send === 'FIRED' && state.told?.isFiring === true };
}

/** Whoever has taken over an alert, or put it off, wants to hear that it is over. */
function concerns(reason: SuppressionReason, send: Notice): boolean {
  if (reason === 'ACKNOWLEDGED') return send === 'AGAIN';
  return reason !== 'SNOOZED' || send !== 'RESOLVED';
}
