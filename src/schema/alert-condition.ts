import { encodeGlobalID } from '@pothos/plugin-relay';
import type {
  AbsenceCondition,
  AnomalyCondition,
  ChangeCondition,
  EnterExitCondition,
  MatchCondition,
  RuleCondition,
  ThresholdCondition,
} from '../domain/alerts/rule-condition.ts';
import type { SeriesSource } from '../domain/alerts/series-source.ts';
import { ChangeMeasureEnum, LevelDirectionEnum, MoveDirectionEnum, ScreenEventEnum, SubjectKindEnum } from './alert-enums.ts';
import { builder } from './builder.ts';
import { FilterCriteriaRef } from './filter-criteria.ts';

const MetricSourceRef = builder.objectRef<SeriesSource>('MetricSource').implement({
  description: 'A metric that is measured over time.',
  fields: (t) => ({
    of: t.expose('of', { type: SubjectKindEnum, description: 'What it is measured of.' }),
    subject: t.string({
      nullable: true,
      description: 'Symbol, global id of a filter, strategy or name of a service; null: each of them, as a series of its own.',
      resolve: ({ of, subject }) => (of === 'FILTER' && subject !== null ? encodeGlobalID('Filter', subject) : subject),
    }),
    metric: t.exposeString('metric', { description: 'Its name.' }),
  }),
});

const MatchConditionRef = builder.objectRef<MatchCondition>('MatchCondition').implement({
  description: 'A scan result that meets criteria.',
  fields: (t) => ({
    filterId: t.id({
      nullable: true,
      description: 'Only results of this filter; null: of all.',
      resolve: ({ filterId }) => filterId && encodeGlobalID('Filter', filterId),
    }),
    criteria: t.expose('criteria', { type: FilterCriteriaRef, description: 'What a result must be like besides.' }),
    holdMs: t.exposeInt('holdMs', { description: 'How long a result counts, milliseconds; another one meanwhile goes on from there.' }),
  }),
});

const EnterExitConditionRef = builder.objectRef<EnterExitCondition>('EnterExitCondition').implement({
  description: 'Opportunities that come into a screen or leave it.',
  fields: (t) => ({
    filterId: t.id({
      nullable: true,
      description: 'Only opportunities of this filter; null: of all.',
      resolve: ({ filterId }) => filterId && encodeGlobalID('Filter', filterId),
    }),
    criteria: t.expose('criteria', { type: FilterCriteriaRef, description: 'What an opportunity must be like besides.' }),
    on: t.expose('on', { type: ScreenEventEnum, description: 'What is watched for.' }),
    holdMs: t.exposeInt('holdMs', {
      description: 'How long leaving counts, milliseconds. Entering counts as long as something is inside.',
    }),
  }),
});

const ThresholdConditionRef = builder.objectRef<ThresholdCondition>('ThresholdCondition').implement({
  description: 'A metric beyond a level.',
  fields: (t) => ({
    source: t.expose('source', { type: MetricSourceRef, description: 'Which metric.' }),
    direction: t.expose('direction', { type: LevelDirectionEnum, description: 'On which side it fires.' }),
    fireAt: t.exposeFloat('fireAt', { description: 'Level at which it fires, in the unit of the metric.' }),
    clearAt: t.exposeFloat('clearAt', { description: 'Level beyond which it is over, in the unit of the metric.' }),
  }),
});

const ChangeConditionRef = builder.objectRef<ChangeCondition>('ChangeCondition').implement({
  description: 'A metric that moves within a window that ends now.',
  fields: (t) => ({
    source: t.expose('source', { type: MetricSourceRef, description: 'Which metric.' }),
    windowMs: t.exposeInt('windowMs', { description: 'Length of the window, milliseconds.' }),
    measure: t.expose('measure', { type: ChangeMeasureEnum, description: 'How the move is measured.' }),
    direction: t.expose('direction', { type: MoveDirectionEnum, description: 'Which way.' }),
    fireAt: t.exposeFloat('fireAt', { description: 'Move at which it fires, positive, as the measure says.' }),
    clearAt: t.exposeFloat('clearAt', { description: 'Move below which it is over.' }),
    minimumSamples: t.exposeInt('minimumSamples', { description: 'With fewer values in the window nothing is said.' }),
  }),
});

const AbsenceConditionRef = builder.objectRef<AbsenceCondition>('AbsenceCondition').implement({
  description: 'A metric of which nothing is heard.',
  fields: (t) => ({
    source: t.expose('source', { type: MetricSourceRef, description: 'Which metric.' }),
    afterMs: t.exposeInt('afterMs', { description: 'For how long, milliseconds.' }),
  }),
});

const AnomalyConditionRef = builder.objectRef<AnomalyCondition>('AnomalyCondition').implement({
  description: 'A metric far from the values before it, by the modified z-score (Iglewicz & Hoaglin 1993).',
  fields: (t) => ({
    source: t.expose('source', { type: MetricSourceRef, description: 'Which metric.' }),
    samples: t.exposeInt('samples', { description: 'How many values before it are compared with.' }),
    minimumSamples: t.exposeInt('minimumSamples', { description: 'With fewer of them nothing is said.' }),
    direction: t.expose('direction', { type: MoveDirectionEnum, description: 'Which way.' }),
    fireAt: t.exposeFloat('fireAt', { description: 'Score at which it fires.' }),
    clearAt: t.exposeFloat('clearAt', { description: 'Score below which it is over.' }),
  }),
});

const TYPES = {
  MATCH: MatchConditionRef,
  ENTER_EXIT: EnterExitConditionRef,
  THRESHOLD: ThresholdConditionRef,
  CHANGE: ChangeConditionRef,
  ABSENCE: AbsenceConditionRef,
  ANOMALY: AnomalyConditionRef,
} as const;

export const AlertConditionUnion = builder.unionType('AlertCondition', {
  description: 'What a rule watches for.',
  types: Object.values(TYPES),
  resolveType: (condition: RuleCondition) => TYPES[condition.kind],
});
