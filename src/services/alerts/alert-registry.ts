import type { Alert } from '../../domain/alerts/alert.ts';
import { alertLabels } from '../../domain/alerts/alert-labels.ts';
import { dedupKeyOf } from '../../domain/alerts/alert-of-outcome.ts';
import type { AlertRule, GroupValues } from '../../domain/alerts/alert-rule.ts';
import type { StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import { type CompiledTimeWindows, compileTimeWindows } from '../../domain/alerts/compile-time-windows.ts';
import type { Suppression } from '../../domain/alerts/decide-notification.ts';
import { type DueStep, dueSteps, type EscalationSchedule } from '../../domain/alerts/due-steps.ts';
import type { EscalationPolicy } from '../../domain/alerts/escalation-policy.ts';
import { type InhibitionRule, inhibitedBy } from '../../domain/alerts/inhibition-rule.ts';
import type { Labels } from '../../domain/alerts/label-matcher.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import { type Silence, silencedBy } from '../../domain/alerts/silence.ts';

/** Steps of an escalation that are to be done for one alert. */
export interface DueEscalation {
  readonly alert: Alert;
  readonly steps: readonly DueStep[];
}

/** What the evaluator knows besides rules and their states: the alerts that are there, silences, inhibition rules and escalation policies. No I/O. */
export interface AlertRegistry {
  /**
   * Changes may come later than later ones: what this process has stored is put at once, what came before it over the stream a moment later.
   *
   * @param sequence of the change in its stream that left the alert so; one that is known of the alert, or older, is ignored
   */
  putAlert(alert: Alert, sequence: number): void;
  /** The stream of changes has been put up to this number: nothing older comes any more. */
  heardUpTo(sequence: number): void;
  /** Whether a series has an alert that is not over. */
  isOpen(ruleId: string, seriesKey: string): boolean;
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
  /** Numbers of the last changes, by id of the alert, of those that the stream may not have brought yet. */
  const sequences = new Map<string, number>();
  const silences = new Map<string, Silence>();
  const inhibitions = new Map<string, InhibitionRule>();
  const policies = new Map<string, EscalationPolicy>();
  /** Rules whose alerts may be the same to their receivers as those of others. */
  const keyedRules = new Map<string, true>();
  const muteWindows = new Map<string, CompiledTimeWindows>();
  const seriesOf = (ruleId: string, seriesKey: string) => `${ruleId} ${seriesKey}`;

  function put<T>(map: Map<string, T>, id: string, value: T, isInUse: boolean): void {
    if (isInUse) map.set(id, value);
    else map.delete(id);
  }

  /** Steps wait as long as nobody is to be told of the alert. */
  function stepsOf(alert: Alert, nowMs: number): EscalationSchedule {
    const policy = alert.escalationPolicyId === null ? undefined : policies.get(alert.escalationPolicyId);
    if (!policy) return { steps: [], nextAtMs: null };
    const schedule = dueSteps(policy, alert, nowMs);
    if (schedule.steps.length === 0) return schedule;
    const mute = muteWindows.get(alert.ruleId);
    if (mute?.isOpen(nowMs)) return { steps: [], nextAtMs: mute.nextChange(nowMs) };
    const held = heldBackBy(alert.labels, alert, nowMs) ?? duplicateOf(alert.dedupKey, alert);
    return held ? { steps: [], nextAtMs: held.untilMs } : schedule;
  }

  /** @param alert null: there is none yet */
  function heldBackBy(labels: Labels, alert: Alert | null, nowMs: number): Suppression | null {
    const silenced = silencedBy([...silences.values()], labels, nowMs);
    if (silenced || inhibitions.size === 0) return silenced;
    const others = [...open.values()].filter((other) => other.id !== alert?.id);
    return inhibitedBy(
      [...inhibitions.values()],
      labels,
      others.map((other) => other.labels),
    );
  }

  /** Of alerts with the same key the one that fired first is told. */
  function duplicateOf(key: string, alert: Alert | null): Suppression | null {
    for (const other of open.values()) {
      if (other.dedupKey === key && other.id !== alert?.id && (alert === null || other.id < alert.id))
        return { reason: 'DUPLICATE', untilMs: null };
    }
    return null;
  }

  return {
    putAlert(alert, sequence) {
      if (alert.isTest || (sequences.get(alert.id) ?? -1) >= sequence) return;
      sequences.set(alert.id, sequence);
      const key = seriesOf(alert.ruleId, alert.seriesKey);
      if (alert.status !== 'RESOLVED') {
        open.set(alert.id, alert);
        // The newest: ids are in the order of time.
        if ((bySeries.get(key)?.id ?? '') <= alert.id) bySeries.set(key, alert);
        return;
      }
      open.delete(alert.id);
      if (bySeries.get(key)?.id === alert.id) bySeries.delete(key);
    },

    heardUpTo(sequence) {
      for (const [id, last] of sequences) if (last <= sequence) sequences.delete(id);
    },

    isOpen: (ruleId, seriesKey) => bySeries.has(seriesOf(ruleId, seriesKey)),

    putSetting({ kind, id, value, deletedAtMs }) {
      const isInUse = deletedAtMs === null;
      if (kind === 'RULE') {
        put(keyedRules, id, true, isInUse && value.dedupKey !== null);
        put(muteWindows, id, compileTimeWindows(value.muteWindows), isInUse && value.muteWindows.length > 0);
      }
      if (kind === 'SILENCE') put(silences, id, value, isInUse);
      else if (kind === 'INHIBITION_RULE') put(inhibitions, id, value, isInUse);
      // The steps of one that is deleted are still done for the alerts that began with it.
      else if (kind === 'ESCALATION_POLICY') policies.set(id, value);
    },

    suppressionOf(rule, seriesKey, group, nowMs) {
      const alert = bySeries.get(seriesOf(rule.id, seriesKey)) ?? null;
      const held = heldBackBy(alert?.labels ?? alertLabels(rule, group), alert, nowMs);
      if (held) return held;
      if (alert?.status === 'ACKNOWLEDGED') return { reason: 'ACKNOWLEDGED', untilMs: null };
      if (alert?.status === 'SNOOZED') return { reason: 'SNOOZED', untilMs: alert.snoozedUntilMs };
      return rule.dedupKey === null ? null : duplicateOf(alert?.dedupKey ?? dedupKeyOf(rule, group, templates), alert);
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
