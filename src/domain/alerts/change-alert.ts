import type { Alert } from './alert.ts';
import type { AlertChangeKind } from './alert-change.ts';

/** What people do to an alert. */
export type AlertAction =
  | { readonly kind: 'ACKNOWLEDGE'; readonly by: string }
  | { readonly kind: 'UNACKNOWLEDGE' }
  | { readonly kind: 'SNOOZE'; readonly untilMs: number }
  | { readonly kind: 'UNSNOOZE' }
  | { readonly kind: 'COMMENT' }
  | { readonly kind: 'RESOLVE' };

export const ALERT_REFUSALS = [
  'ALREADY_RESOLVED',
  'ALREADY_ACKNOWLEDGED',
  'NOT_ACKNOWLEDGED',
  'NOT_SNOOZED',
  'SNOOZE_TOO_SHORT',
  'SNOOZE_TOO_LONG',
] as const;
export type AlertRefusal = (typeof ALERT_REFUSALS)[number];

export type AlertActionResult =
  | { readonly kind: 'changed'; readonly change: AlertChangeKind; readonly alert: Alert }
  | { readonly kind: 'refused'; readonly reason: AlertRefusal; readonly message: string };

/** Longer is no snooze: that is a silence, or an edit of the rule. */
export const LONGEST_SNOOZE_MS = 30 * 86_400_000;
const SHORTEST_SNOOZE_MS = 1_000;

/** What an action makes of an alert, or why it doesn't. */
export function changeAlert(alert: Alert, action: AlertAction, nowMs: number): AlertActionResult {
  if (alert.status === 'RESOLVED' && action.kind !== 'COMMENT') {
    return refused(
      'ALREADY_RESOLVED',
      `expected an alert that is not over, got one resolved at ${new Date(alert.resolvedAtMs ?? nowMs).toISOString()}`,
    );
  }
  switch (action.kind) {
    case 'ACKNOWLEDGE':
      if (alert.status === 'ACKNOWLEDGED')
        return refused(
          'ALREADY_ACKNOWLEDGED',
          `expected an alert nobody has acknowledged, got one acknowledged by ${alert.acknowledgedBy}`,
        );
      return changed('ACKNOWLEDGED', {
        ...alert,
        status: 'ACKNOWLEDGED',
        acknowledgedAtMs: nowMs,
        acknowledgedBy: action.by,
        snoozedUntilMs: null,
      });
    case 'UNACKNOWLEDGE':
      if (alert.status !== 'ACKNOWLEDGED')
        return refused('NOT_ACKNOWLEDGED', `expected an acknowledged alert, got one that is ${alert.status}`);
      return changed('UNACKNOWLEDGED', firingAgain(alert, nowMs));
    case 'SNOOZE':
      return snooze(alert, action.untilMs, nowMs);
    case 'UNSNOOZE':
      if (alert.status !== 'SNOOZED') return refused('NOT_SNOOZED', `expected a snoozed alert, got one that is ${alert.status}`);
      return changed('UNSNOOZED', firingAgain(alert, nowMs));
    case 'COMMENT':
      return changed('COMMENTED', alert);
    case 'RESOLVE':
      return changed('RESOLVED', {
        ...alert,
        status: 'RESOLVED',
        resolvedAtMs: nowMs,
        resolveReason: 'RESOLVED_BY_HAND',
        snoozedUntilMs: null,
      });
  }
}

function snooze(alert: Alert, untilMs: number, nowMs: number): AlertActionResult {
  const lastingMs = untilMs - nowMs;
  if (!(lastingMs >= SHORTEST_SNOOZE_MS))
    return refused('SNOOZE_TOO_SHORT', `expected a moment at least ${SHORTEST_SNOOZE_MS} ms from now, got ${lastingMs} ms`);
  if (lastingMs > LONGEST_SNOOZE_MS)
    return refused('SNOOZE_TOO_LONG', `expected a moment within ${LONGEST_SNOOZE_MS} ms, got ${lastingMs} ms`);
  return changed('SNOOZED', { ...alert, status: 'SNOOZED', snoozedUntilMs: untilMs, acknowledgedAtMs: null, acknowledgedBy: null });
}

/** Whoever had taken it over or put it off no longer does: the escalation begins anew. */
function firingAgain(alert: Alert, nowMs: number): Alert {
  return {
    ...alert,
    status: 'FIRING',
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    snoozedUntilMs: null,
    escalation: { startedAtMs: nowMs, stepsDone: 0 },
  };
}

/** What becomes of snoozes that have run out; null: nothing yet. */
export function wakeAlert(alert: Alert, nowMs: number): AlertActionResult | null {
  const isOver = alert.status === 'SNOOZED' && alert.snoozedUntilMs !== null && alert.snoozedUntilMs <= nowMs;
  return isOver ? changeAlert(alert, { kind: 'UNSNOOZE' }, nowMs) : null;
}

function changed(change: AlertChangeKind, alert: Alert): AlertActionResult {
  return { kind: 'changed', change, alert };
}

function refused(reason: AlertRefusal, message: string): AlertActionResult {
  return { kind: 'refused', reason, message };
}
