import type { Alert } from '../../domain/alerts/alert.ts';
import { alertLabels } from '../../domain/alerts/alert-labels.ts';
import { dedupKeyOf } from '../../domain/alerts/alert-of-outcome.ts';
import type { AlertRule, GroupValues } from '../../domain/alerts/alert-rule.ts';
import type { StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import type { Suppression } from '../../domain/alerts/decide-notification.ts';
import { type DueStep, dueSteps } from '../../domain/alerts/due-steps.ts';
import type { EscalationPolicy } from '../../domain/alerts/escalation-policy.ts';
import { type InhibitionRule, inhibitedBy } from '../../domain/alerts/inhibition-rule.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import { type Silence, silencedBy } from '../../domain/alerts/silence.ts';

/** Steps of an escalation that are to be done for one alert. */
export interface DueEscalation {
  readonly alert: Alert;
  readonly steps: readonly DueStep[];
}

/** What the evaluator knows besides rules and their states: the alerts that are there, silences, inhibition rules and escalation policies. No I/O. */
export interface AlertRegistry {
  putAlert(alert: Alert): void;
  putSetting(setting: StoredAlertSetting): void;
  /** What keeps notifications of a series back besides its rule. */
  suppressionOf(rule: AlertRule, seriesKey: string, group: GroupValues, nowMs: number): Suppression | null;
  /** Whether an alert that ends may let others be told. */
  holdsOthersBack(): boolean;
  dueEscalations(nowMs: number): DueEscalation[];
  /** Alerts whose snooze has run out. */
  dueSnoozes(nowMs: number): Alert[];
  /** The next moment at which an escalation or a snooze is due, or a silence begins or ends; Infinity: none. */
  nextDeadlineMs(nowMs: number): number;
}

export function createAlertRegistry({ templates }: { templates: Pick<MessageTemplates, 'render'> }): AlertRegistry {
  /** Those that are not over, by id. Tests are not among them: they escalate nothing and hold nothing back. */
  const open = new Map<string, Alert>();
  const bySeries = new Map<string, Alert>();
  const silences = new Map<string, Silence>();
  const inhibitions = new Map<string, InhibitionRule>();
  const policies = new Map<string, EscalationPolicy>();
  /** Rules whose alerts may be the same to their receivers as those of others. */
  const keyedRules = new Map<string, true>();
  const seriesOf = (ruleId: string, seriesKey: string) => `${ruleId} ${seriesKey}`;

  function put<T>(map: Map<string, T>, id: string, value: T, isInUse: boolean): void {
    if (isInUse) map.set(id, value);
    else map.delete(id);
  }

  function stepsOf(alert: Alert, nowMs: number) {
    const policy = alert.escalationPolicyId === null ? undefined : policies.get(alert.escalationPolicyId);
    return policy ? dueSteps(policy, alert, nowMs) : { steps: [], nextAtMs: null };
  }

  return {
    putAlert(alert) {
      if (alert.isTest) return;
      const key = seriesOf(alert.ruleId, alert.seriesKey);
      if (alert.status !== 'RESOLVED') {
        open.set(alert.id, alert);
        bySeries.set(key, alert);
        return;
      }
      open.delete(alert.id);
      if (bySeries.get(key)?.id === alert.id) bySeries.delete(key);
    },

    putSetting({ kind, id, value, deletedAtMs }) {
      const isInUse = deletedAtMs === null;
      if (kind === 'RULE') put(keyedRules, id, true, isInUse && value.dedupKey !== null);
      if (kind === 'SILENCE') put(silences, id, value, isInUse);
      else if (kind === 'INHIBITION_RULE') put(inhibitions, id, value, isInUse);
      // The steps of one that is deleted are still done for the alerts that began with it.
      else if (kind === 'ESCALATION_POLICY') policies.set(id, value);
    },

    suppressionOf(rule, seriesKey, group, nowMs) {
      const alert = bySeries.get(seriesOf(rule.id, seriesKey));
      if (alert?.status === 'ACKNOWLEDGED') return { reason: 'ACKNOWLEDGED', untilMs: null };
      if (alert?.status === 'SNOOZED') return { reason: 'SNOOZED', untilMs: alert.snoozedUntilMs };
      const labels = alert?.labels ?? alertLabels(rule, group);
      const silenced = silencedBy([...silences.values()], labels, nowMs);
      if (silenced) return silenced;
      const others = [...open.values()].filter((other) => other.id !== alert?.id);
      const inhibited = inhibitedBy(
        [...inhibitions.values()],
        labels,
        others.map((other) => other.labels),
      );
      if (inhibited) return inhibited;
      if (rule.dedupKey === null) return null;
      const key = alert?.dedupKey ?? dedupKeyOf(rule, group, templates);
      // The one that fired first is the one that is told.
      const isTwin = others.some((other) => other.dedupKey === key && (alert === undefined || other.id < alert.id));
      return isTwin ? { reason: 'DUPLICATE', untilMs: null } : null;
    },

    holdsOthersBack: () => inhibitions.size > 0 || keyedRules.size > 0,

    dueEscalations(nowMs) {
      return [...open.values()].flatMap((alert) => {
        const { steps } = stepsOf(alert, nowMs);
        return steps.length > 0 ? { alert, steps } : [];
      });
    },

    dueSnoozes: (nowMs) =>
      [...open.values()].filter((alert) => alert.status === 'SNOOZED' && alert.snoozedUntilMs !== null && alert.snoozedUntilMs <= nowMs),

    nextDeadlineMs(nowMs) {
      let next = Number.POSITIVE_INFINITY;
      for (const alert of open.values()) {
        if (alert.snoozedUntilMs !== null) next = Math.min(next, alert.snoozedUntilMs);
        const { steps, nextAtMs } = stepsOf(alert, nowMs);
        if (steps.length > 0) return nowMs;
        if (nextAtMs !== null) next = Math.min(next, nextAtMs);
      }
      for (const { startsAtMs, endsAtMs } of silences.values()) {
        for (const atMs of [startsAtMs, endsAtMs]) if (atMs > nowMs) next = Math.min(next, atMs);
      }
      return next;
    },
  };
}
