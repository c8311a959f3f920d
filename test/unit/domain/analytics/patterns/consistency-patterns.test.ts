import { describe, expect, it } from 'vitest';
import { recurringStrikes } from '../../../../../src/domain/analytics/patterns/recurring-strikes.ts';
import { currentStreak } from '../../../../../src/domain/analytics/patterns/streak.ts';
import { timeOfDay } from '../../../../../src/domain/analytics/patterns/time-of-day.ts';

describe('a streak', () => {
  it('counts the changes in one direction up to the last, and how likely that many are', () => {
    expect(currentStreak([5, 4, 5, 6, 7, 5, 6, 7])).toEqual({
      direction: 'RISING',
      length: 2,
      longest: 3,
      chance: (5 / 7) ** 2,
      changes: 7,
    });
    expect(currentStreak([3, 2, 1])).toEqual({ direction: 'FALLING', length: 2, longest: 2, chance: 1, changes: 2 });
  });

  it('ends where a value stays', () => {
    expect(currentStreak([1, 2, 2, 3])).toMatchObject({ length: 1, longest: 1 });
    expect(currentStreak([1, 2, 2])).toBeNull();
  });

  it.each([
    ['no value', []],
    ['one value', [1]],
    ['unknown values', [Number.NaN, Number.NaN, Number.NaN]],
    ['a constant', [2, 2, 2]],
  ])('is not seen in %s', (_what, values) => {
    expect(currentStreak(values)).toBeNull();
  });

  it('leaves unknown values out', () => {
    expect(currentStreak([1, Number.NaN, 2, Number.POSITIVE_INFINITY, 3])).toMatchObject({ direction: 'RISING', length: 2 });
  });
});

describe('recurring strikes', () => {
  const at = (day: string, strike: number, right: 'CALL' | 'PUT' = 'PUT') => ({ day, strike, right });

  it('are those of three days or more, most days first', () => {
    const sightings = [
      ...['1', '2', '3', '4'].map((day) => at(day, 100)),
      ...['1', '2', '3'].map((day) => at(day, 95)),
      at('3', 95),
      ...['1', '2'].map((day) => at(day, 90)),
      at('5', 80),
    ];
    expect(recurringStrikes(sightings)).toEqual([
      { right: 'PUT', strike: 100, days: 4, share: 0.8, sightings: 4, lastDay: '4' },
      { right: 'PUT', strike: 95, days: 3, share: 0.6, sightings: 4, lastDay: '3' },
    ]);
  });

  it('are told apart by right, and many on one day are one day', () => {
    expect(recurringStrikes([at('1', 100), at('1', 100), at('2', 100), at('3', 100, 'CALL')])).toEqual([]);
    expect(recurringStrikes([])).toEqual([]);
    expect(recurringStrikes([at('1', Number.NaN), at('2', Number.NaN), at('3', Number.NaN)])).toEqual([]);
  });
});

describe('the time of day', () => {
  const hours = (values: Readonly<Record<number, number>>) => Array.from({ length: 24 }, (_, hour) => values[hour] ?? 0);

  it('is busy when more came than the observations of the hour explain', () => {
    const found = timeOfDay(hours({ 14: 30, 15: 10 }), hours({ 14: 100, 15: 100, 16: 100 }));
    expect(found.map(({ hour, events, rate }) => ({ hour, events, rate }))).toEqual([
      { hour: 14, events: 30, rate: 0.3 },
      { hour: 15, events: 10, rate: 0.1 },
      { hour: 16, events: 0, rate: 0 },
    ]);
    const expected = 40 / 3;
    expect(found[0]!.zScore).toBeCloseTo((30 - expected) / Math.sqrt(expected), 12);
  });

  it('says nothing without events, and nothing of hours without observations', () => {
    expect(timeOfDay(hours({}), hours({ 14: 100 }))).toEqual([]);
    expect(timeOfDay(hours({ 3: 5 }), hours({ 14: 100 }))).toEqual([]);
    expect(timeOfDay([], [])).toEqual([]);
  });
});
