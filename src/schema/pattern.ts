import type { RecurringStrike } from '../domain/analytics/patterns/recurring-strikes.ts';
import { STREAK_DIRECTIONS, type Streak } from '../domain/analytics/patterns/streak.ts';
import type { HourActivity } from '../domain/analytics/patterns/time-of-day.ts';
import { VOLUME_PATTERN_KINDS, type VolumePattern, type VolumePatterns } from '../domain/analytics/patterns/volume-patterns.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { OptionRightEnum } from './enums.ts';

const VolumePatternKindEnum = builder.enumType('VolumePatternKind', {
  description: 'What stands out in the volume of options.',
  values: describedValues(VOLUME_PATTERN_KINDS, {
    SPIKE: 'The last market day is 3.5 robust standard deviations above the 20 before.',
    DRY_UP: 'The last three are each 1.5 below the 20 before them.',
    ACCUMULATION:
      'Open interest has grown over 10 market days, by 5 % or more, on volume that was at least as usual: positions are being opened.',
    UNWINDING: 'It has shrunk so: they are being closed.',
  }),
});

const VolumePatternRef = builder.objectRef<VolumePattern>('VolumePattern').implement({
  description: 'Something that stands out in the volume of options.',
  fields: (t) => ({
    kind: t.expose('kind', { type: VolumePatternKindEnum, description: 'What it is.' }),
    from: t.expose('fromDay', { type: 'Date', description: 'The first market day of it.' }),
    to: t.expose('toDay', { type: 'Date', description: 'The last market day of it.' }),
    zScore: t.float({
      nullable: true,
      description: 'Median over its days of the logarithm of volume against the days before, robust standard deviations.',
      resolve: ({ zScore }) => knownOrNull(zScore),
    }),
    openInterestChange: t.float({
      nullable: true,
      description: 'Last open interest over the first, less 1 (0.1 = 10 % more); null where it is not looked at.',
      resolve: ({ openInterestChange }) => knownOrNull(openInterestChange),
    }),
  }),
});

const VolumePatternsRef = builder.objectRef<VolumePatterns>('VolumePatterns').implement({
  description: 'The volume of options of the last market day that is over, and what stands out up to it.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The market day.' }),
    volume: t.exposeFloat('volume', { description: 'Contracts traded on it.' }),
    usualVolume: t.exposeFloat('usualVolume', { description: 'Median of the market days before, contracts.' }),
    baselineDays: t.exposeInt('baselineDays', { description: 'Market days before that it is compared with, 10 to 20.' }),
    zScore: t.float({
      nullable: true,
      description:
        'Of the logarithm of volume, by median and median absolute deviation, robust standard deviations; null when all before are alike.',
      resolve: ({ zScore }) => knownOrNull(zScore),
    }),
    patterns: t.field({ type: [VolumePatternRef], description: 'What stands out.', resolve: ({ patterns }) => [...patterns] }),
  }),
});

const StreakDirectionEnum = builder.enumType('StreakDirection', {
  description: 'Where changes go.',
  values: describedValues(STREAK_DIRECTIONS, { RISING: 'Up.', FALLING: 'Down.' }),
});

const StreakRef = builder.objectRef<Streak>('Streak').implement({
  description: 'Daily changes in one direction, one after another, up to the last.',
  fields: (t) => ({
    direction: t.expose('direction', { type: StreakDirectionEnum, description: 'Where they go.' }),
    length: t.exposeInt('length', { description: 'Changes in a row.' }),
    longest: t.exposeInt('longest', { description: 'Longest run of that direction in the days looked at.' }),
    chance: t.exposeFloat('chance', {
      description: 'Chance that as many changes would all go there, were each independent of the others, 0 to 1.',
    }),
    changes: t.exposeInt('changes', { description: 'Changes looked at: those of 400 calendar days at most.' }),
  }),
});

const RecurringStrikeRef = builder.objectRef<RecurringStrike>('RecurringStrike').implement({
  description: 'A strike that opportunities of the last 30 days come back to, on 3 days or more.',
  fields: (t) => ({
    right: t.expose('right', { type: OptionRightEnum, description: 'Call or put.' }),
    strike: t.exposeFloat('strike', { description: 'Quote currency per unit.' }),
    days: t.exposeInt('days', { description: 'Different days.' }),
    share: t.exposeFloat('share', { description: 'Of the days with any opportunity, 0 to 1.' }),
    sightings: t.exposeInt('sightings', { description: 'Legs with it.' }),
    lastDay: t.expose('lastDay', { type: 'Date', description: 'The last of the days.' }),
  }),
});

const HourActivityRef = builder.objectRef<HourActivity>('HourActivity').implement({
  description: 'Opportunities of the last 30 days by hour of the day.',
  fields: (t) => ({
    hour: t.exposeInt('hour', { description: 'Hour of the day of UTC, 0 to 23.' }),
    opportunities: t.exposeInt('events', { description: 'Opportunities whose newest result was quoted in it.' }),
    observations: t.exposeFloat('observations', { description: 'How often the underlying was observed in it.' }),
    perObservation: t.exposeFloat('rate', { description: 'Opportunities per observation.' }),
    zScore: t.exposeFloat('zScore', {
      description:
        'Opportunities less those expected if all hours were alike, over the square root of those expected; above 2: busier than chance.',
    }),
  }),
});

export interface ConsistencyPatterns {
  readonly price: Streak | null;
  readonly impliedVolatility: Streak | null;
  readonly opportunities: number;
  readonly recurringStrikes: readonly RecurringStrike[];
  readonly timeOfDay: readonly HourActivity[];
}

export interface Patterns {
  readonly volume: VolumePatterns | null;
  consistency(): Promise<ConsistencyPatterns>;
}

const ConsistencyPatternsRef = builder.objectRef<ConsistencyPatterns>('ConsistencyPatterns').implement({
  description: 'What comes again.',
  fields: (t) => ({
    price: t.expose('price', {
      type: StreakRef,
      nullable: true,
      description: 'Of the last price of each market day; null when it stayed.',
    }),
    impliedVolatility: t.expose('impliedVolatility', {
      type: StreakRef,
      nullable: true,
      description: 'Of the 30-day implied volatility of each market day; null when it stayed.',
    }),
    opportunities: t.exposeInt('opportunities', {
      description: 'Opportunities of the last 30 days that the rest is made of: the 300 that entered last, of filters that you may see.',
    }),
    recurringStrikes: t.field({
      type: [RecurringStrikeRef],
      description: 'At most ten, those of most days first.',
      resolve: ({ recurringStrikes }) => [...recurringStrikes],
    }),
    timeOfDay: t.field({
      type: [HourActivityRef],
      description: 'The hours in which the underlying was observed, from midnight of UTC on; empty without opportunities.',
      resolve: ({ timeOfDay }) => [...timeOfDay],
    }),
  }),
});

export const PatternsRef = builder.objectRef<Patterns>('Patterns').implement({
  description: 'What stands out and what comes again.',
  fields: (t) => ({
    volume: t.expose('volume', {
      type: VolumePatternsRef,
      nullable: true,
      description: 'Null with fewer than 11 market days that are over.',
    }),
    consistency: t.field({ type: ConsistencyPatternsRef, description: 'What comes again.', resolve: (patterns) => patterns.consistency() }),
  }),
});
