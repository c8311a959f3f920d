import type { InputRef } from '@pothos/core';
import { encodeGlobalID } from '@pothos/plugin-relay';
import type { BacktestFiring } from '../domain/alerts/backtest-rule.ts';
import type { BacktestProgress, ChannelNotices } from '../services/alerts/backtest-service.ts';
import { AlertRuleInput, type AlertRuleInputShape } from './alert-rule-input.ts';
import { builder } from './builder.ts';
import { LabelRef, labelsOf } from './label.ts';
import { DateTimeRangeInput } from './scan-result.ts';

const BacktestFiringRef = builder.objectRef<BacktestFiring>('AlertBacktestFiring').implement({
  description: 'From the moment an alert would have begun until it would have been over.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counts the firings of the backtest, from 1. One that is told again has changed.' }),
    group: t.field({ type: [LabelRef], description: 'Which series of the rule it is.', resolve: ({ group }) => labelsOf(group) }),
    firedAt: t.field({ type: 'DateTime', description: 'When it would have begun, UTC.', resolve: ({ firedAtMs }) => new Date(firedAtMs) }),
    resolvedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it would have been over, UTC; null while it goes on.',
      resolve: ({ resolvedAtMs }) => (resolvedAtMs === null ? null : new Date(resolvedAtMs)),
    }),
    resolveReason: t.exposeString('resolveReason', { nullable: true, description: 'Why it would have been over, e.g. `CONDITION_ENDED`.' }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: 'When it fired, in the unit of the metric or measure; null for matches and screens.',
    }),
    matches: t.exposeInt('matches', { description: 'How often its condition was met anew.' }),
    isFlap: t.exposeBoolean('isFlap', { description: 'Over sooner than `flapBelowMs`.' }),
  }),
});

const ChannelNoticesRef = builder.objectRef<ChannelNotices>('AlertBacktestChannel').implement({
  description: 'What one channel would have been told. Limits of its own and digests are not taken into account.',
  fields: (t) => ({
    channelId: t.id({
      description: 'Global id of the notification channel.',
      resolve: ({ channelId }) => encodeGlobalID('NotificationChannel', channelId),
    }),
    total: t.int({
      description: 'Notifications in all.',
      resolve: ({ fired, again, resolved, escalated }) => fired + again + resolved + escalated,
    }),
    fired: t.exposeInt('fired', { description: 'That an alert has begun.' }),
    again: t.exposeInt('again', { description: 'That the condition of an alert was met once more.' }),
    resolved: t.exposeInt('resolved', { description: 'That an alert is over.' }),
    escalated: t.exposeInt('escalated', {
      description: 'By the escalation policy, as if nobody acknowledged; of a firing when it is over, or the backtest is.',
    }),
  }),
});

export const AlertBacktestProgressRef = builder.objectRef<BacktestProgress>('AlertBacktestProgress').implement({
  description: 'How far a backtest has come, and what it has found so far.',
  fields: (t) => ({
    isOver: t.exposeBoolean('isOver', { description: 'Whether this is the last one.' }),
    progress: t.exposeFloat('progress', { description: 'How much of the range has been looked at, 0 to 1.' }),
    reachedAt: t.field({ type: 'DateTime', description: 'Up to when, UTC.', resolve: ({ reachedAtMs }) => new Date(reachedAtMs) }),
    rows: t.exposeFloat('rows', { description: 'Stored rows read.' }),
    firingCount: t.int({ description: 'Firings so far.', resolve: ({ firings }) => firings }),
    openCount: t.int({ description: 'Of these, those that go on.', resolve: ({ open }) => open }),
    flapCount: t.int({ description: 'Of these, those that were over sooner than `flapBelowMs`.', resolve: ({ flaps }) => flaps }),
    firings: t.field({
      type: [BacktestFiringRef],
      description: 'Firings that have begun or changed since the progress before, by number.',
      resolve: ({ changedFirings }) => [...changedFirings],
    }),
    channels: t.field({
      type: [ChannelNoticesRef],
      description: "What would have been told so far: the rule's channels, and those of its escalation policy.",
      resolve: ({ channels }) => [...channels],
    }),
  }),
});

export interface AlertRuleBacktestShape {
  readonly ruleId?: string | null | undefined;
  readonly rule?: AlertRuleInputShape | null | undefined;
  readonly range: { readonly from?: Date | null | undefined; readonly before?: Date | null | undefined };
  readonly flapBelowMs: number;
}

export const AlertRuleBacktestInput: InputRef<AlertRuleBacktestShape> = builder
  .inputRef<AlertRuleBacktestShape>('AlertRuleBacktestInput')
  .implement({
    description: 'A rule, and when it would have been in force.',
    fields: (t) => ({
      ruleId: t.id({ description: 'Global id of a rule that is there.' }),
      rule: t.field({ type: AlertRuleInput, description: 'A rule that need not be saved; with ruleId: what to change of that one.' }),
      range: t.field({ type: DateTimeRangeInput, required: true, description: 'When. `from` is needed; `before` left out: now.' }),
      flapBelowMs: t.int({
        required: true,
        defaultValue: 60_000,
        description: 'Firings that are over sooner count as flaps, milliseconds, 0 to 86,400,000.',
      }),
    }),
  });
