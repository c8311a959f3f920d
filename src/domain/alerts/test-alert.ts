import type { Alert } from './alert.ts';
import { alertLabels } from './alert-labels.ts';
import { type BareAlert, dedupKeyOf, messageViewOf } from './alert-of-outcome.ts';
import type { AlertRule, GroupValues } from './alert-rule.ts';
import { DEFAULT_MESSAGE } from './default-message.ts';
import type { MessageTemplates } from './message-templates.ts';
import { SAMPLE_MESSAGE_VIEW } from './sample-message-view.ts';
import { numberOf } from './series-transform.ts';

export interface TestAlertFacts {
  /** UUIDv7. */
  readonly id: string;
  readonly nowMs: number;
  readonly templates: Pick<MessageTemplates, 'render'>;
}

/** An alert of a rule fired by hand, with made-up group values and, for rules about results, a made-up result. It is marked, and over from the beginning. */
export function createTestAlert(rule: AlertRule, { id, nowMs, templates }: TestAlertFacts): Alert {
  const { condition } = rule;
  const isScreen = condition.kind === 'MATCH' || condition.kind === 'ENTER_EXIT';
  const group: GroupValues = Object.fromEntries(
    rule.groupBy.map((field) => [field, (!isScreen && condition.source.subject) || (SAMPLE_MESSAGE_VIEW.group[field] ?? `some ${field}`)]),
  );
  const level = numberOf(condition)?.level.fireAt ?? null;
  const bare: BareAlert = {
    id,
    ruleId: rule.id,
    ruleRevision: rule.revision,
    ruleName: rule.name,
    kind: condition.kind,
    seriesKey: `test ${id}`,
    group,
    dedupKey: `${dedupKeyOf(rule, group, templates)} test ${id}`,
    severity: rule.severity,
    labels: alertLabels(rule, group),
    status: 'RESOLVED',
    firedAtMs: nowMs,
    lastMetAtMs: nowMs,
    matches: 1,
    value: level,
    level,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    snoozedUntilMs: null,
    resolvedAtMs: nowMs,
    resolveReason: 'TEST',
    escalation: { startedAtMs: nowMs, stepsDone: 0 },
    escalationPolicyId: null,
    channelIds: rule.channelIds,
    isTest: true,
  };
  const whole = messageViewOf(rule, { ...bare, status: 'FIRING', resolvedAtMs: null }, isScreen ? SAMPLE_MESSAGE_VIEW.result : null);
  const { title, body } = rule.message ?? DEFAULT_MESSAGE;
  return { ...bare, view: whole, title: templates.render(title, 'PLAIN', whole), body: templates.render(body, 'PLAIN', whole) };
}
