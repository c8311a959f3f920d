import type { InputRef } from '@pothos/core';
import { decodeGlobalID } from '@pothos/plugin-relay';
import { validate as isUuid } from 'uuid';
import type { GroupField, RuleVisibility, Severity } from '../domain/alerts/alert-rule.ts';
import type { ChangeMeasure, ConditionKind, MoveDirection } from '../domain/alerts/rule-condition.ts';
import type { SubjectKind } from '../domain/alerts/series-source.ts';
import type { MarketCalendar, Weekday } from '../domain/alerts/time-window.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import {
  ChangeMeasureEnum,
  GroupFieldEnum,
  LevelDirectionEnum,
  MarketCalendarEnum,
  MoveDirectionEnum,
  RuleVisibilityEnum,
  ScreenEventEnum,
  SeverityEnum,
  SubjectKindEnum,
  WeekdayEnum,
} from './alert-enums.ts';
import { builder } from './builder.ts';
import { FilterCriteriaInput, type FilterCriteriaInputShape, toFilterCriteria } from './filter-criteria-input.ts';
import { LabelInput } from './label.ts';

type Nullable<T> = T | null | undefined;

export interface MetricSourceShape {
  readonly of: SubjectKind;
  readonly subject?: Nullable<string>;
  readonly metric: string;
}

const MetricSourceInput = builder.inputRef<MetricSourceShape>('MetricSourceInput').implement({
  description: 'A metric that is measured over time.',
  fields: (t) => ({
    of: t.field({ type: SubjectKindEnum, required: true, description: 'What it is measured of.' }),
    subject: t.string({
      description: 'Symbol, global id of a filter, strategy or name of a service. Left out: each of them, as a series of its own.',
    }),
    metric: t.string({ required: true, description: 'Its name, e.g. `price` or `impliedVolatility30d` of an underlying.' }),
  }),
});

export interface ScreenShape {
  readonly filterId?: Nullable<string>;
  readonly criteria?: Nullable<FilterCriteriaInputShape>;
  readonly holdMs?: Nullable<number>;
}

const MatchConditionInput = builder.inputRef<ScreenShape>('MatchConditionInput').implement({
  description: 'A scan result that meets criteria.',
  fields: (t) => ({
    filterId: t.id({ description: 'Only results of this filter.' }),
    criteria: t.field({ type: FilterCriteriaInput, description: 'What a result must be like besides.' }),
    holdMs: t.int({ description: 'How long a result counts, milliseconds, 1,000 or more. Left out: 300,000.' }),
  }),
});

const EnterExitConditionInput = builder
  .inputRef<ScreenShape & { readonly on?: Nullable<'ENTER' | 'EXIT' | 'BOTH'> }>('EnterExitConditionInput')
  .implement({
    description: 'Opportunities that come into a screen or leave it.',
    fields: (t) => ({
      filterId: t.id({ description: 'Only opportunities of this filter.' }),
      criteria: t.field({ type: FilterCriteriaInput, description: 'What an opportunity must be like besides.' }),
      on: t.field({ type: ScreenEventEnum, description: 'What to watch for. Left out: ENTER.' }),
      holdMs: t.int({ description: 'How long leaving counts, milliseconds, 1,000 or more. Left out: 300,000.' }),
    }),
  });

export interface ThresholdShape {
  readonly source: MetricSourceShape;
  readonly direction: 'ABOVE' | 'BELOW';
  readonly fireAt: number;
  readonly clearAt?: Nullable<number>;
}

const ThresholdConditionInput = builder.inputRef<ThresholdShape>('ThresholdConditionInput').implement({
  description: 'A metric beyond a level.',
  fields: (t) => ({
    source: t.field({ type: MetricSourceInput, required: true, description: 'Which metric.' }),
    direction: t.field({ type: LevelDirectionEnum, required: true, description: 'On which side to fire.' }),
    fireAt: t.float({ required: true, description: 'Level at which to fire, in the unit of the metric.' }),
    clearAt: t.float({
      description: 'Level beyond which it is over, so that a value at the level does not fire again and again. Left out: fireAt.',
    }),
  }),
});

export interface ChangeShape {
  readonly source: MetricSourceShape;
  readonly windowMs: number;
  readonly measure: ChangeMeasure;
  readonly direction?: Nullable<MoveDirection>;
  readonly fireAt: number;
  readonly clearAt?: Nullable<number>;
  readonly minimumSamples?: Nullable<number>;
}

const ChangeConditionInput = builder.inputRef<ChangeShape>('ChangeConditionInput').implement({
  description: 'A metric that moves within a window that ends now.',
  fields: (t) => ({
    source: t.field({ type: MetricSourceInput, required: true, description: 'Which metric.' }),
    windowMs: t.int({ required: true, description: 'Length of the window, milliseconds, 1,000 or more.' }),
    measure: t.field({ type: ChangeMeasureEnum, required: true, description: 'How to measure the move.' }),
    direction: t.field({ type: MoveDirectionEnum, description: 'Which way. Left out: EITHER.' }),
    fireAt: t.float({ required: true, description: 'Move at which to fire, positive, as the measure says.' }),
    clearAt: t.float({ description: 'Move below which it is over. Left out: fireAt.' }),
    minimumSamples: t.int({ description: 'With fewer values in the window nothing is said. Left out: 2, or 20 for Z_SCORE.' }),
  }),
});

const AbsenceConditionInput = builder
  .inputRef<{ readonly source: MetricSourceShape; readonly afterMs: number }>('AbsenceConditionInput')
  .implement({
    description: 'A metric of which nothing is heard.',
    fields: (t) => ({
      source: t.field({ type: MetricSourceInput, required: true, description: 'Which metric.' }),
      afterMs: t.int({ required: true, description: 'For how long, milliseconds, 1,000 or more.' }),
    }),
  });

export interface AnomalyShape {
  readonly source: MetricSourceShape;
  readonly samples?: Nullable<number>;
  readonly minimumSamples?: Nullable<number>;
  readonly direction?: Nullable<MoveDirection>;
  readonly fireAt?: Nullable<number>;
  readonly clearAt?: Nullable<number>;
}

const AnomalyConditionInput = builder.inputRef<AnomalyShape>('AnomalyConditionInput').implement({
  description: 'A metric far from the values before it, by the modified z-score (Iglewicz & Hoaglin 1993).',
  fields: (t) => ({
    source: t.field({ type: MetricSourceInput, required: true, description: 'Which metric.' }),
    samples: t.int({ description: 'How many values before it to compare with, 3 to 512. Left out: 120.' }),
    minimumSamples: t.int({ description: 'With fewer of them nothing is said. Left out: 20.' }),
    direction: t.field({ type: MoveDirectionEnum, description: 'Which way. Left out: EITHER.' }),
    fireAt: t.float({ description: 'Score at which to fire. Left out: 3.5.' }),
    clearAt: t.float({ description: 'Score below which it is over. Left out: fireAt.' }),
  }),
});

export interface ConditionShape {
  readonly match?: Nullable<ScreenShape>;
  readonly enterExit?: Nullable<ScreenShape>;
  readonly threshold?: Nullable<ThresholdShape>;
  readonly change?: Nullable<ChangeShape>;
  readonly absence?: Nullable<{ readonly source: MetricSourceShape; readonly afterMs: number }>;
  readonly anomaly?: Nullable<AnomalyShape>;
}

const AlertConditionInput = builder.inputRef<ConditionShape>('AlertConditionInput').implement({
  description: 'What a rule watches for: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    match: t.field({ type: MatchConditionInput, description: 'A scan result that meets criteria.' }),
    enterExit: t.field({ type: EnterExitConditionInput, description: 'Opportunities that come into a screen or leave it.' }),
    threshold: t.field({ type: ThresholdConditionInput, description: 'A metric beyond a level.' }),
    change: t.field({ type: ChangeConditionInput, description: 'A metric that moves within a window.' }),
    absence: t.field({ type: AbsenceConditionInput, description: 'A metric of which nothing is heard.' }),
    anomaly: t.field({ type: AnomalyConditionInput, description: 'A metric far from what it usually is.' }),
  }),
});

export interface TimeWindowShape {
  readonly days?: Nullable<readonly Weekday[]>;
  readonly from?: Nullable<string>;
  readonly to?: Nullable<string>;
  readonly timeZone?: Nullable<string>;
  readonly calendar?: Nullable<MarketCalendar>;
}

const TimeWindowInput = builder.inputRef<TimeWindowShape>('TimeWindowInput').implement({
  description: 'A time of the week. One that ends at or before its beginning ends on the next day.',
  fields: (t) => ({
    days: t.field({ type: [WeekdayEnum], description: 'Days on which it begins. Left out: every day.' }),
    from: t.string({ description: 'Time of day, `09:30`. Left out: 00:00.' }),
    to: t.string({ description: 'Time of day, `16:00`. Left out: 24:00.' }),
    timeZone: t.string({ description: 'IANA name, `America/New_York`. Left out: UTC.' }),
    calendar: t.field({ type: MarketCalendarEnum, description: 'Only when these markets are open. Left out: always.' }),
  }),
});

const OccurrencesInput = builder.inputRef<{ readonly n: number; readonly m: number }>('OccurrencesInput').implement({
  description: 'n of the last m samples.',
  fields: (t) => ({
    n: t.int({ required: true, description: 'How many must meet the condition.' }),
    m: t.int({ required: true, description: 'Of how many, at most 64.' }),
  }),
});

const MessageInput = builder.inputRef<{ readonly title: string; readonly body: string }>('AlertMessageInput').implement({
  description:
    'Templates in Liquid, plain text: alert (id, status, severity, firedAt, resolvedAt, matches, value, level, dedupKey), rule (id, name, description, kind), labels, group, result (id, symbol, strategy, expiration, legs, metrics), isTest.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'One line, e.g. `{{ rule.name }}: {{ group.symbol }} at {{ alert.value }}`.' }),
    body: t.string({ required: true, description: 'What is told besides.' }),
  }),
});

/** What people write of a rule; in an update what is left out stays. */
export interface AlertRuleInputShape {
  readonly name?: Nullable<string>;
  readonly description?: Nullable<string>;
  readonly condition?: Nullable<ConditionShape>;
  readonly forMs?: Nullable<number>;
  readonly keepFiringMs?: Nullable<number>;
  readonly occurrences?: Nullable<{ readonly n: number; readonly m: number }>;
  readonly throttleMs?: Nullable<number>;
  readonly dedupKey?: Nullable<string>;
  readonly groupBy?: Nullable<readonly GroupField[]>;
  readonly severity?: Nullable<Severity>;
  readonly labels?: Nullable<readonly { readonly name: string; readonly value: string }[]>;
  readonly message?: Nullable<{ readonly title: string; readonly body: string }>;
  readonly activeWindows?: Nullable<readonly TimeWindowShape[]>;
  readonly muteWindows?: Nullable<readonly TimeWindowShape[]>;
  readonly expiresAt?: Nullable<Date>;
  readonly enabled?: Nullable<boolean>;
  readonly visibility?: Nullable<RuleVisibility>;
  readonly channelIds?: Nullable<readonly string[]>;
  readonly escalationPolicyId?: Nullable<string>;
}

export const AlertRuleInput: InputRef<AlertRuleInputShape> = builder.inputRef<AlertRuleInputShape>('AlertRuleInput').implement({
  description: 'An alert rule. A new one needs a name and a condition; in an update what is left out stays, and null takes it back.',
  fields: (t) => ({
    name: t.string({ description: '1 to 200 characters, not taken by another rule.' }),
    description: t.string({ description: 'What it is for; at most 2,000 characters.' }),
    condition: t.field({ type: AlertConditionInput, description: 'What it watches for.' }),
    forMs: t.int({ description: 'How long the condition must hold before it fires, milliseconds. Left out: 0, at once.' }),
    keepFiringMs: t.int({ description: 'How long an alert goes on after the condition has ended, milliseconds. Left out: 0.' }),
    occurrences: t.field({
      type: OccurrencesInput,
      description: 'The condition must hold in n of the last m samples. Left out: in the newest.',
    }),
    throttleMs: t.int({ description: 'Least time between two notifications of one series, milliseconds. Left out: 30,000.' }),
    dedupKey: t.string({
      description: 'Template of the key by which alerts are the same to their receivers. Left out: each series by itself.',
    }),
    groupBy: t.field({
      type: [GroupFieldEnum],
      description: 'What has an alert of its own. Left out: symbol for matches, filter and legs for screens.',
    }),
    severity: t.field({ type: SeverityEnum, description: 'Left out: WARNING.' }),
    labels: t.field({ type: [LabelInput], description: 'What silences, inhibition rules and receivers tell alerts apart by.' }),
    message: t.field({ type: MessageInput, description: "Left out: the product's." }),
    activeWindows: t.field({ type: [TimeWindowInput], description: 'When the rule is evaluated. Left out: always.' }),
    muteWindows: t.field({ type: [TimeWindowInput], description: 'When it is evaluated and nobody is told.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the rule is over. Left out: never.' }),
    enabled: t.boolean({ description: 'Left out: true.' }),
    visibility: t.field({ type: RuleVisibilityEnum, description: 'Left out: SHARED.' }),
    channelIds: t.idList({ description: 'Notification channels that are told.' }),
    escalationPolicyId: t.id({ description: 'Who is told while nobody acknowledges.' }),
  }),
});

const KINDS: Readonly<Record<keyof ConditionShape, ConditionKind>> = {
  match: 'MATCH',
  enterExit: 'ENTER_EXIT',
  threshold: 'THRESHOLD',
  change: 'CHANGE',
  absence: 'ABSENCE',
  anomaly: 'ANOMALY',
};

/** The rule as the domain parses it: only what is given. @throws ValidationError when an id is none */
export function toWrittenRule(input: AlertRuleInputShape): Readonly<Record<string, unknown>> {
  const { condition, labels, expiresAt, channelIds, escalationPolicyId, ...plain } = input;
  return {
    ...plain,
    ...(condition && { condition: toWrittenCondition(condition) }),
    ...(labels !== undefined && { labels: labels && Object.fromEntries(labels.map(({ name, value }) => [name, value])) }),
    ...(expiresAt !== undefined && { expiresAtMs: expiresAt?.getTime() ?? null }),
    ...(channelIds !== undefined && {
      channelIds: channelIds?.map((id, index) => uuidOf(id, 'NotificationChannel', `channelIds.${index}`)) ?? null,
    }),
    ...(escalationPolicyId !== undefined && {
      escalationPolicyId: escalationPolicyId && uuidOf(escalationPolicyId, 'EscalationPolicy', 'escalationPolicyId'),
    }),
  };
}

function toWrittenCondition(condition: ConditionShape): object {
  const [name, given] = Object.entries(condition).find(([, value]) => value != null) as [keyof ConditionShape, Record<string, unknown>];
  const { criteria, filterId, source, ...plain } = given as {
    criteria?: FilterCriteriaInputShape;
    filterId?: string;
    source?: MetricSourceShape;
  };
  const at = `condition.${name}`;
  return {
    kind: KINDS[name],
    ...plain,
    ...(filterId != null && { filterId: uuidOf(filterId, 'Filter', `${at}.filterId`) }),
    ...(criteria != null && { criteria: toFilterCriteria(criteria) }),
    ...(source && {
      source:
        source.of === 'FILTER' && source.subject
          ? { ...source, subject: uuidOf(source.subject, 'Filter', `${at}.source.subject`) }
          : source,
    }),
  };
}

/** The error with the paths of the input: the condition lies below its kind. */
export function withConditionPaths(error: ValidationError, { condition }: AlertRuleInputShape): ValidationError {
  const name = Object.entries(condition ?? {}).find(([, value]) => value != null)?.[0];
  if (name === undefined) return error;
  return new ValidationError(
    error.issues.map((issue) => ({
      ...issue,
      path: issue.path.replace(/^condition\.(?!match|enterExit|threshold|change|absence|anomaly)/, `condition.${name}.`),
    })),
  );
}

/** The UUID inside a global id of that type. @throws ValidationError */
export function uuidOf(globalId: string, typeName: string, path: string): string {
  try {
    const { typename, id } = decodeGlobalID(globalId);
    if (typename === typeName && isUuid(id)) return id;
  } catch {
    // Told below, as any other text that is none.
  }
  throw new ValidationError([{ path, message: `expected the global id of a ${typeName}, got ${JSON.stringify(globalId.slice(0, 60))}` }]);
}
