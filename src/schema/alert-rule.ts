import { encodeGlobalID } from '@pothos/plugin-relay';
import { requirePermission } from '../domain/access/require-permission.ts';
import { writtenTimeWindow } from '../domain/alerts/parse-time-window.ts';
import type { MarketCalendar, TimeWindow, Weekday } from '../domain/alerts/time-window.ts';
import type { SettingOf } from '../services/alerts/alert-setting-service.ts';
import { AlertConditionUnion } from './alert-condition.ts';
import { GroupFieldEnum, MarketCalendarEnum, RuleVisibilityEnum, SeverityEnum, WeekdayEnum } from './alert-enums.ts';
import { AlertRuleInput } from './alert-rule-input.ts';
import { revisionsOf, SettingRevisionRef } from './alert-setting-change.ts';
import { builder } from './builder.ts';
import { LabelRef, labelsOf } from './label.ts';

const TimeWindowRef = builder.objectRef<TimeWindow>('TimeWindow').implement({
  description: 'A time of the week. One that ends at or before its beginning ends on the next day.',
  fields: (t) => ({
    days: t.field({
      type: [WeekdayEnum],
      description: 'Days on which it begins; empty: every day.',
      resolve: ({ days }) => [...days] as Weekday[],
    }),
    from: t.string({ description: 'Time of day, `09:30`.', resolve: (window) => writtenTimeWindow(window).from as string }),
    to: t.string({ description: 'Time of day, `16:00`.', resolve: (window) => writtenTimeWindow(window).to as string }),
    timeZone: t.exposeString('timeZone', { description: 'IANA name.' }),
    calendar: t.field({
      type: MarketCalendarEnum,
      nullable: true,
      description: 'Only when these markets are open; null: always.',
      resolve: ({ calendar }): MarketCalendar | null => calendar,
    }),
  }),
});

const OccurrencesRef = builder.objectRef<{ readonly n: number; readonly m: number }>('Occurrences').implement({
  description: 'n of the last m samples.',
  fields: (t) => ({
    n: t.exposeInt('n', { description: 'How many must meet the condition.' }),
    m: t.exposeInt('m', { description: 'Of how many.' }),
  }),
});

const MessageRef = builder.objectRef<{ readonly title: string; readonly body: string }>('AlertMessage').implement({
  description: 'Templates in Liquid.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'One line.' }),
    body: t.exposeString('body', { description: 'What is told besides.' }),
  }),
});

export const AlertRuleRef = builder.objectRef<SettingOf<'RULE'>>('AlertRule');

builder.node(AlertRuleRef, {
  description: 'Says when somebody is to be told of what. Each of its series (see groupBy) has at most one alert at a time.',
  id: { resolve: (rule) => rule.id, description: 'Global id.' },
  loadOne: async (id, { services, viewer }) => {
    requirePermission(viewer, 'READ_ALERTS');
    return (await services.alertSettings.byIds('RULE', [id], viewer))[0] ?? null;
  },
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ value }) => value.name }),
    description: t.string({ description: 'What it is for.', resolve: ({ value }) => value.description }),
    condition: t.field({ type: AlertConditionUnion, description: 'What it watches for.', resolve: ({ value }) => value.condition }),
    forMs: t.int({ description: 'How long the condition must hold before it fires, milliseconds.', resolve: ({ value }) => value.forMs }),
    keepFiringMs: t.int({
      description: 'How long an alert goes on after the condition has ended, milliseconds.',
      resolve: ({ value }) => value.keepFiringMs,
    }),
    occurrences: t.field({
      type: OccurrencesRef,
      nullable: true,
      description: 'In how many of the last samples the condition must hold; null: in the newest.',
      resolve: ({ value }) => value.occurrences,
    }),
    throttleMs: t.int({
      description: 'Least time between two notifications of one series, milliseconds.',
      resolve: ({ value }) => value.throttleMs,
    }),
    dedupKey: t.string({
      nullable: true,
      description: 'Template of the key by which alerts are the same to their receivers; null: each series by itself.',
      resolve: ({ value }) => value.dedupKey,
    }),
    groupBy: t.field({ type: [GroupFieldEnum], description: 'What has an alert of its own.', resolve: ({ value }) => [...value.groupBy] }),
    severity: t.field({ type: SeverityEnum, description: 'How much its alerts matter.', resolve: ({ value }) => value.severity }),
    labels: t.field({
      type: [LabelRef],
      description: 'What its alerts are told apart by.',
      resolve: ({ value }) => labelsOf(value.labels),
    }),
    message: t.field({ type: MessageRef, nullable: true, description: "Null: the product's.", resolve: ({ value }) => value.message }),
    activeWindows: t.field({
      type: [TimeWindowRef],
      description: 'When it is evaluated; empty: always.',
      resolve: ({ value }) => [...value.activeWindows],
    }),
    muteWindows: t.field({
      type: [TimeWindowRef],
      description: 'When it is evaluated and nobody is told.',
      resolve: ({ value }) => [...value.muteWindows],
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is over, UTC; null: never.',
      resolve: ({ value }) => (value.expiresAtMs === null ? null : new Date(value.expiresAtMs)),
    }),
    enabled: t.boolean({ description: 'Whether it is evaluated.', resolve: ({ value }) => value.enabled }),
    visibility: t.field({ type: RuleVisibilityEnum, description: 'Who sees it and its alerts.', resolve: ({ value }) => value.visibility }),
    channelIds: t.idList({
      description: 'Global ids of the notification channels that are told.',
      resolve: ({ value }) => value.channelIds.map((id) => encodeGlobalID('NotificationChannel', id)),
    }),
    escalationPolicyId: t.id({
      nullable: true,
      description: 'Global id of the policy that says who is told while nobody acknowledges.',
      resolve: ({ value }) => value.escalationPolicyId && encodeGlobalID('EscalationPolicy', value.escalationPolicyId),
    }),
    owner: t.string({ nullable: true, description: 'Subject of whoever made it.', resolve: ({ owner }) => owner }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1. Updates must name it.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made, UTC.', resolve: ({ value }) => new Date(value.createdAtMs) }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was last changed, UTC.',
      resolve: ({ value }) => new Date(value.updatedAtMs),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted, UTC; null while it is in use.',
      resolve: ({ deletedAtMs }) => (deletedAtMs === null ? null : new Date(deletedAtMs)),
    }),
    revisions: t.field({
      type: [SettingRevisionRef],
      description: 'Every revision, the first first.',
      resolve: async ({ id }, _arguments, { services }) => revisionsOf(await services.alertSettings.history(id)),
    }),
  }),
});

export const AlertRuleCreateInput = builder.inputType('AlertRuleCreateInput', {
  description: 'A new alert rule.',
  fields: (t) => ({
    rule: t.field({ type: AlertRuleInput, required: true, description: 'The rule.' }),
    reason: t.string({ description: 'Why; kept with the revision.' }),
    idempotencyKey: t.string({
      description: 'Any text of yours, 1 to 255 characters: the same key again answers with the rule it made, and makes no second one.',
    }),
  }),
});

export const AlertRuleUpdateInput = builder.inputType('AlertRuleUpdateInput', {
  description: 'Changes to an alert rule.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [AlertRuleRef], description: 'The rule.' }),
    expectedRevision: t.int({
      required: true,
      description: 'The revision the change was made from: a ConflictError when another is in force.',
    }),
    rule: t.field({ type: AlertRuleInput, required: true, description: 'What to change; what is left out stays.' }),
    reason: t.string({ description: 'Why; kept with the revision.' }),
  }),
});

export const AlertRuleDeleteInput = builder.inputType('AlertRuleDeleteInput', {
  description: 'Deletes an alert rule. Its alerts end, and stay as history.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [AlertRuleRef], description: 'The rule.' }),
    expectedRevision: t.int({ required: true, description: 'The revision that is meant: a ConflictError when another is in force.' }),
    reason: t.string({ description: 'Why; kept with the revision.' }),
  }),
});

export const AlertRuleTestInput = builder.inputType('AlertRuleTestInput', {
  description: 'Fires a marked alert of a rule by hand: its channels are told, and it is over at once.',
  fields: (t) => ({ id: t.globalID({ required: true, for: [AlertRuleRef], description: 'The rule.' }) }),
});

export const AlertRulePayload = builder.objectRef<{ readonly rule: SettingOf<'RULE'> }>('AlertRulePayload').implement({
  description: 'It is done.',
  fields: (t) => ({ rule: t.field({ type: AlertRuleRef, description: 'The rule as it is now.', resolve: ({ rule }) => rule }) }),
});
