import type { Alert } from './alert.ts';
import type { AlertChangeDraft, AlertChangeKind } from './alert-change.ts';
import { alertLabels } from './alert-labels.ts';
import type { AlertRule, GroupValues } from './alert-rule.ts';
import { DEFAULT_MESSAGE } from './default-message.ts';
import type { MessageTemplates } from './message-templates.ts';
import type { MessageView } from './message-view.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import { numberOf } from './series-transform.ts';

export interface AlertOfOutcomeDeps {
  /** UUIDv7. */
  readonly newId: () => string;
  readonly templates: Pick<MessageTemplates, 'render'>;
}

/** An alert of which nothing has been said yet. */
export type BareAlert = Omit<Alert, 'view' | 'title' | 'body'>;

/** The change of an alert, and the alert as it leaves it. */
export type AlertOfOutcome = (outcome: RuleOutcome, newest: Alert | null, nowMs: number) => AlertChangeDraft[];

/**
 * What an evaluation means for the alert of its series: a new one, another match, its end, and what receivers are told of it.
 *
 * @param newest the newest alert of the series, over or not; null: there has been none
 * @returns in order; none when nothing is worth telling anybody
 */
export function createAlertOfOutcome({ newId, templates }: AlertOfOutcomeDeps): AlertOfOutcome {
  function rendered(rule: AlertRule, alert: BareAlert, view: MessageView): Alert {
    const { title, body } = rule.message ?? DEFAULT_MESSAGE;
    return { ...alert, view, title: renderOr(title, DEFAULT_MESSAGE.title, view), body: renderOr(body, DEFAULT_MESSAGE.body, view) };
  }

  /** A template that fails with this view must not keep the alert from being told. */
  function renderOr(template: string, fallback: string, view: MessageView): string {
    try {
      return templates.render(template, 'PLAIN', view);
    } catch {
      return templates.render(fallback, 'PLAIN', view);
    }
  }

  function fired(outcome: RuleOutcome, atMs: number): Alert {
    const { rule, ruleId, seriesKey, group, state } = outcome;
    const { condition, severity } = rule;
    const bare: BareAlert = {
      id: newId(),
      ruleId,
      ruleRevision: rule.revision,
      ruleName: rule.name,
      kind: condition.kind,
      seriesKey,
      group,
      dedupKey: dedupKeyOf(rule, group, templates),
      severity,
      labels: alertLabels(rule, group),
      status: 'FIRING',
      firedAtMs: atMs,
      lastMetAtMs: state.metAtMs ?? atMs,
      matches: state.matches,
      value: state.value,
      level: numberOf(condition)?.level.fireAt ?? null,
      acknowledgedAtMs: null,
      acknowledgedBy: null,
      snoozedUntilMs: null,
      resolvedAtMs: null,
      resolveReason: null,
      escalation: { startedAtMs: atMs, stepsDone: 0 },
      escalationPolicyId: rule.escalationPolicyId,
      channelIds: rule.channelIds,
      isTest: false,
    };
    return rendered(rule, bare, messageViewOf(rule, bare, resultOf(outcome)));
  }

  return (outcome, newest, nowMs) => {
    const { rule, state, transitions, notify } = outcome;
    const changes: AlertChangeDraft[] = [];
    let alert = newest;
    const isOpen = () => alert !== null && alert.status !== 'RESOLVED';
    const change = (kind: AlertChangeKind, next: Alert) => {
      alert = next;
      changes.push({ id: newId(), kind, actor: null, comment: null, alert: next, notify: null, channelIds: [] });
    };
    for (const { to, reason, atMs } of transitions) {
      if (to === 'FIRING' && !isOpen()) change('FIRED', fired(outcome, atMs));
      else if (to === 'NORMAL' && isOpen()) {
        const over: Alert = { ...alert!, status: 'RESOLVED', resolvedAtMs: atMs, resolveReason: reason, snoozedUntilMs: null };
        change('RESOLVED', rendered(rule, over, { ...over.view, alert: alertView(over) }));
      }
    }
    if (notify.send !== null && alert !== null) {
      if (notify.send === 'AGAIN' && isOpen()) {
        const again: Alert = { ...alert, lastMetAtMs: state.metAtMs ?? nowMs, matches: state.matches, value: state.value };
        change(
          'UPDATED',
          rendered(rule, again, { ...again.view, alert: alertView(again), result: resultOf(outcome) ?? again.view.result }),
        );
      } else if (changes.length === 0) change('UPDATED', alert);
      const last = changes.length - 1;
      changes[last] = { ...changes[last]!, notify: notify.send, channelIds: alert.channelIds };
      // On a busy machine an alert may end and the next one begin in one step. Whoever was told of the one waits for its end.
      const over = changes.findIndex(({ kind }) => kind === 'RESOLVED');
      if (notify.isOneOverBefore && over >= 0) {
        changes[over] = { ...changes[over]!, notify: 'RESOLVED', channelIds: changes[over]!.alert.channelIds };
      }
    }
    return changes;
  };
}

/** By which notifications are the same to their receivers: what the rule's template gives, or the series itself. */
export function dedupKeyOf(rule: AlertRule, group: GroupValues, templates: Pick<MessageTemplates, 'render'>): string {
  const own = `${rule.id} ${Object.values(group).join(' ')}`.trim();
  if (rule.dedupKey === null) return own;
  const view: MessageView = {
    alert: {
      id: '',
      status: 'FIRING',
      severity: rule.severity,
      firedAt: '',
      resolvedAt: null,
      matches: 1,
      value: null,
      level: null,
      dedupKey: '',
    },
    rule: ruleView(rule),
    labels: alertLabels(rule, group),
    group: { ...group } as Record<string, string>,
    result: null,
    isTest: false,
  };
  try {
    return templates.render(rule.dedupKey, 'PLAIN', view).trim() || own;
  } catch {
    return own;
  }
}

export function messageViewOf(rule: AlertRule, alert: BareAlert, result: MessageView['result']): MessageView {
  return {
    alert: alertView(alert),
    rule: ruleView(rule),
    labels: alert.labels,
    group: { ...alert.group } as Record<string, string>,
    result,
    isTest: alert.isTest,
  };
}

function ruleView({ id, name, description, condition }: AlertRule): MessageView['rule'] {
  return { id, name, description, kind: condition.kind };
}

function alertView({ id, status, severity, firedAtMs, resolvedAtMs, matches, value, level, dedupKey }: BareAlert): MessageView['alert'] {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    id,
    status,
    severity,
    firedAt: iso(firedAtMs),
    resolvedAt: resolvedAtMs === null ? null : iso(resolvedAtMs),
    matches,
    value,
    level,
    dedupKey,
  };
}

function resultOf({ event }: RuleOutcome): MessageView['result'] {
  if (event === null || event.kind === 'METRIC') return null;
  const { id, subject } = event;
  const { symbol, strategy, expiration, legsKey, metrics } = subject;
  return { id, symbol, strategy, expiration, legs: legsKey, metrics: metrics ?? {} };
}
