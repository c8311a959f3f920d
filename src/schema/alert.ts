import type { InputRef } from '@pothos/core';
import { encodeGlobalID } from '@pothos/plugin-relay';
import { requirePermission } from '../domain/access/require-permission.ts';
import type { Alert, AlertStatus } from '../domain/alerts/alert.ts';
import type { AlertChange } from '../domain/alerts/alert-change.ts';
import type { Severity } from '../domain/alerts/alert-rule.ts';
import type { StreamItem } from '../services/subscriptions/stream-item.ts';
import { AlertChangeKindEnum, AlertConditionKindEnum, AlertStatusEnum, NoticeEnum, SeverityEnum } from './alert-enums.ts';
import { AlertRuleRef } from './alert-rule.ts';
import { builder } from './builder.ts';
import { LabelRef, labelsOf } from './label.ts';
import { StreamBatchInterface } from './stream.ts';

export const AlertRef = builder.objectRef<Alert>('Alert');
export const AlertChangeRef = builder.objectRef<AlertChange>('AlertChange');

const time = (ms: number | null) => (ms === null ? null : new Date(ms));

builder.node(AlertRef, {
  description: 'One firing of one series of a rule.',
  id: { resolve: (alert) => alert.id, description: 'Global id.' },
  loadOne: async (id, { services, viewer }) => {
    requirePermission(viewer, 'READ_ALERTS');
    return (await services.alerts.byIds([id], viewer))[0] ?? null;
  },
  fields: (t) => ({
    rule: t.field({
      type: AlertRuleRef,
      nullable: true,
      description: 'The rule as it is now.',
      resolve: async ({ ruleId }, _arguments, { services, viewer }) =>
        (await services.alertSettings.byIds('RULE', [ruleId], viewer))[0] ?? null,
    }),
    ruleId: t.id({ description: 'Global id of the rule.', resolve: ({ ruleId }) => encodeGlobalID('AlertRule', ruleId) }),
    ruleName: t.exposeString('ruleName', { description: 'As it was called when it fired.' }),
    ruleRevision: t.exposeInt('ruleRevision', { description: 'Revision of the rule that fired it.' }),
    kind: t.expose('kind', { type: AlertConditionKindEnum, description: 'What the rule watches for.' }),
    severity: t.expose('severity', { type: SeverityEnum, description: 'How much it matters.' }),
    status: t.expose('status', { type: AlertStatusEnum, description: 'Where it stands.' }),
    title: t.exposeString('title', { description: 'One line.' }),
    body: t.exposeString('body', { description: 'What there is to say besides.' }),
    group: t.field({ type: [LabelRef], description: 'Which series of the rule it is.', resolve: ({ group }) => labelsOf(group) }),
    labels: t.field({
      type: [LabelRef],
      description: 'What silences and inhibition rules look at.',
      resolve: ({ labels }) => labelsOf(labels),
    }),
    dedupKey: t.exposeString('dedupKey', { description: 'By which alerts are the same to their receivers.' }),
    firedAt: t.field({ type: 'DateTime', description: 'When it began, UTC.', resolve: ({ firedAtMs }) => new Date(firedAtMs) }),
    lastMetAt: t.field({
      type: 'DateTime',
      description: 'When its condition was last met, UTC, as far as receivers were told.',
      resolve: ({ lastMetAtMs }) => new Date(lastMetAtMs),
    }),
    matches: t.exposeInt('matches', { description: 'How often its condition was met anew, as far as receivers were told.' }),
    value: t.exposeFloat('value', { nullable: true, description: 'The number that fired it; null when it is not about a number.' }),
    level: t.exposeFloat('level', { nullable: true, description: 'The level it went beyond.' }),
    acknowledgedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody took it over, UTC.',
      resolve: ({ acknowledgedAtMs }) => time(acknowledgedAtMs),
    }),
    acknowledgedBy: t.exposeString('acknowledgedBy', { nullable: true, description: 'Who did.' }),
    snoozedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when it is put off, UTC.',
      resolve: ({ snoozedUntilMs }) => time(snoozedUntilMs),
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over, UTC; null while it is not.',
      resolve: ({ resolvedAtMs }) => time(resolvedAtMs),
    }),
    resolveReason: t.exposeString('resolveReason', {
      nullable: true,
      description: 'Why it is over, e.g. CONDITION_ENDED, RESOLVED_BY_HAND.',
    }),
    isTest: t.exposeBoolean('isTest', { description: 'Fired by hand, to try the rule.' }),
    history: t.field({
      type: [AlertChangeRef],
      description: 'What has happened to it, in order.',
      resolve: ({ id }, _arguments, { services }) => services.alerts.history(id),
    }),
  }),
});

AlertChangeRef.implement({
  description: 'A change of an alert. Immutable.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AlertChangeKindEnum, description: 'What happened.' }),
    at: t.field({ type: 'DateTime', description: 'When it was stored, UTC.', resolve: ({ atMs }) => new Date(atMs) }),
    actor: t.string({
      nullable: true,
      description: 'Subject of whoever did it; null: the server.',
      resolve: ({ actor }) => actor?.subject ?? null,
    }),
    comment: t.exposeString('comment', { nullable: true, description: 'In the words of whoever did it.' }),
    notify: t.expose('notify', { type: NoticeEnum, nullable: true, description: 'What receivers were told by it; null: nothing.' }),
    alert: t.expose('alert', { type: AlertRef, description: 'The alert as the change left it.' }),
  }),
});

export interface AlertFilterShape {
  readonly statuses?: readonly AlertStatus[] | null | undefined;
  readonly severities?: readonly Severity[] | null | undefined;
  readonly ruleIds?: readonly { readonly typename: string; readonly id: string }[] | null | undefined;
}

export const AlertFilterInput: InputRef<AlertFilterShape> = builder.inputRef<AlertFilterShape>('AlertFilter').implement({
  description: 'Which alerts; what is left out: any.',
  fields: (t) => ({
    statuses: t.field({ type: [AlertStatusEnum], description: 'Where they stand.' }),
    severities: t.field({ type: [SeverityEnum], description: 'How much they matter.' }),
    ruleIds: t.globalIDList({ for: [AlertRuleRef], description: 'Of which rules.' }),
  }),
});

export const AlertChangeBatchRef = builder.objectRef<StreamItem<AlertChange>>('AlertChangeBatch').implement({
  description: 'Changes of alerts that are sent together.',
  interfaces: [StreamBatchInterface],
  fields: (t) => ({
    changes: t.field({ type: [AlertChangeRef], description: 'In the order they were made.', resolve: ({ rows }) => [...rows] }),
  }),
});

const alertId = { required: true, description: 'The alert.' } as const;
const comment = 'What there is to say; kept in the history, at most 2,000 characters.';

export const AlertAcknowledgeInput = builder.inputType('AlertAcknowledgeInput', {
  description: 'Takes an alert over: nobody else is told, and nothing escalates.',
  fields: (t) => ({ id: t.globalID({ ...alertId, for: [AlertRef] }), comment: t.string({ description: comment }) }),
});
export const AlertUnacknowledgeInput = builder.inputType('AlertUnacknowledgeInput', {
  description: 'Gives an alert back.',
  fields: (t) => ({ id: t.globalID({ ...alertId, for: [AlertRef] }), comment: t.string({ description: comment }) }),
});
export const AlertSnoozeInput = builder.inputType('AlertSnoozeInput', {
  description: 'Puts an alert off.',
  fields: (t) => ({
    id: t.globalID({ ...alertId, for: [AlertRef] }),
    until: t.field({ type: 'DateTime', required: true, description: 'Until when, within 30 days.' }),
    comment: t.string({ description: comment }),
  }),
});
export const AlertUnsnoozeInput = builder.inputType('AlertUnsnoozeInput', {
  description: 'No longer puts an alert off.',
  fields: (t) => ({ id: t.globalID({ ...alertId, for: [AlertRef] }), comment: t.string({ description: comment }) }),
});
export const AlertResolveInput = builder.inputType('AlertResolveInput', {
  description: 'Ends an alert. While its condition goes on it does not fire again.',
  fields: (t) => ({ id: t.globalID({ ...alertId, for: [AlertRef] }), comment: t.string({ description: comment }) }),
});
export const AlertCommentInput = builder.inputType('AlertCommentInput', {
  description: 'Writes something in the history of an alert.',
  fields: (t) => ({ id: t.globalID({ ...alertId, for: [AlertRef] }), comment: t.string({ required: true, description: comment }) }),
});

export const AlertPayload = builder.objectRef<{ readonly alert: Alert }>('AlertPayload').implement({
  description: 'It is done.',
  fields: (t) => ({ alert: t.expose('alert', { type: AlertRef, description: 'The alert as it is now.' }) }),
});
