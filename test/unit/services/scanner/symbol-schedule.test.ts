import { describe, expect, it } from 'vitest';
import { createSymbolSchedule } from '../../../../src/services/scanner/symbol-schedule.ts';

const aSchedule = (random = 0) => createSymbolSchedule({ minimumIntervalMs: 5_000, longestBackoffMs: 60_000, random: () => random });

describe('symbol schedule', () => {
  it('lets a symbol start at once, and again after the minimum interval', () => {
    const schedule = aSchedule();
    expect(schedule.dueAtMs('SPX')).toBe(0);
    schedule.started('SPX', 1_000);
    schedule.succeeded('SPX');
    expect(schedule.dueAtMs('SPX')).toBe(6_000);
    expect(schedule.dueAtMs('RUT')).toBe(0);
  });

  it('doubles the wait with every failure up to the longest, half of it by chance', () => {
    const lowest = aSchedule(0);
    const highest = aSchedule(0.999_999);
    const waits = [1, 2, 3, 4, 5, 6].map(() => [lowest.failed('X', 0, undefined), highest.failed('X', 0, undefined)].map(Math.round));
    expect(waits).toEqual([
      [2_500, 5_000],
      [5_000, 10_000],
      [10_000, 20_000],
      [20_000, 40_000],
      [30_000, 60_000],
      [30_000, 60_000],
    ]);
  });

  it('waits at least as long as the source asks, also for requests', () => {
    const schedule = aSchedule();
    schedule.started('X', 0);
    schedule.failed('X', 0, 90_000);
    expect(schedule.dueAtMs('X')).toBe(90_000);
    expect(schedule.requestableAtMs('X')).toBe(90_000);
  });

  it('lets a request past our own back-off but not past the minimum interval', () => {
    const schedule = aSchedule();
    schedule.started('X', 0);
    for (let failure = 0; failure < 5; failure++) schedule.failed('X', 0, undefined);
    expect(schedule.dueAtMs('X')).toBe(30_000);
    expect(schedule.requestableAtMs('X')).toBe(5_000);
  });

  it('forgets failures after a success', () => {
    const schedule = aSchedule();
    schedule.failed('X', 0, undefined);
    expect(schedule.failures('X')).toBe(1);
    schedule.succeeded('X');
    expect(schedule.failures('X')).toBe(0);
  });
});
