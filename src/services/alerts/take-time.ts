import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import { wakeAlert } from '../../domain/alerts/change-alert.ts';
import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import { type Evaluation, evaluatedAtMs } from './evaluation.ts';

/** What time brings about is looked at this much later: a row of a little earlier may still be on its way from another process. */
export const GRACE_MS = 250;

export interface TakenTime {
  readonly outcomes: readonly RuleOutcome[];
  /** Of alerts: snoozes that have run out, and steps of escalations. */
  readonly changes: readonly AlertChangeDraft[];
}

/** What time has brought about. */
export function takeTime(evaluation: Evaluation, newId: () => string, nowMs: number): TakenTime {
  const { engine, registry } = evaluation;
  const dueMs = evaluatedAtMs(evaluation, nowMs - GRACE_MS);
  const outcomes = engine.nextDeadlineMs() <= dueMs ? engine.due(dueMs) : [];
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
