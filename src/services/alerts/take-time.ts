import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import { wakeAlert } from '../../domain/alerts/change-alert.ts';
import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import type { Evaluation } from './evaluation.ts';

export interface TakenTime {
  readonly outcomes: readonly RuleOutcome[];
  /** Of alerts: snoozes that have run out, and steps of escalations. */
  readonly changes: readonly AlertChangeDraft[];
}

/**
 * What time has brought about.
 *
 * @param reachedMs up to when time has passed for rules, epoch milliseconds; null: as before
 */
export function takeTime(evaluation: Evaluation, newId: () => string, reachedMs: number | null, nowMs: number): TakenTime {
  const { engine, registry } = evaluation;
  const outcomes = reachedMs === null ? [] : engine.due(reachedMs);
  const draft = (kind: AlertChangeDraft['kind'], alert: Alert, channelIds: readonly string[]): AlertChangeDraft => {
    return { id: newId(), kind, actor: null, comment: null, alert, notify: null, channelIds };
  };
  const changes: AlertChangeDraft[] = [];
  for (const alert of registry.dueSnoozes(nowMs)) {
    const woken = wakeAlert(alert, nowMs);
    if (woken?.kind === 'changed') changes.push(draft(woken.change, woken.alert, []));
  }
  for (const { alert, steps } of registry.dueEscalations(nowMs)) {
    const escalation = { ...alert.escalation, stepsDone: steps.at(-1)!.ordinal + 1 };
    changes.push(draft('ESCALATED', { ...alert, escalation }, [...new Set(steps.flatMap(({ channelIds }) => channelIds))]));
  }
  return { outcomes, changes };
}
