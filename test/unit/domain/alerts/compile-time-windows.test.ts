import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTimeWindows } from '../../../../src/domain/alerts/compile-time-windows.ts';
import type { TimeWindow } from '../../../../src/domain/alerts/time-window.ts';

const window = (overrides: Partial<TimeWindow>): TimeWindow => ({
  days: [],
  fromMinute: 0,
  toMinute: 1440,
  timeZone: 'UTC',
  calendar: null,
  ...overrides,
});
const at = (text: string) => Date.parse(text);
const isOpen = (one: TimeWindow, text: string) => compileTimeWindows([one]).isOpen(at(text));

describe('a time window', () => {
  it('holds from its beginning to just before its end', () => {
    const one = window({ fromMinute: 540, toMinute: 600 });
    expect(['08:59:59.999', '09:00:00', '09:59:59.999', '10:00:00'].map((time) => isOpen(one, `2024-03-05T${time}Z`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('that passes midnight belongs to the day on which it begins', () => {
    const one = window({ days: ['FRIDAY'], fromMinute: 22 * 60, toMinute: 6 * 60 });
    expect(isOpen(one, '2024-03-08T23:00:00Z')).toBe(true);
    expect(isOpen(one, '2024-03-09T05:59:00Z')).toBe(true);
    expect(isOpen(one, '2024-03-09T23:00:00Z')).toBe(false);
    expect(isOpen(one, '2024-03-08T05:00:00Z')).toBe(false);
  });

  it('goes with the clocks of its zone when they are put forward and back', () => {
    const one = window({ fromMinute: 8 * 60, toMinute: 9 * 60, timeZone: 'Europe/Berlin' });
    expect(isOpen(one, '2024-03-30T07:30:00Z')).toBe(true);
    expect(isOpen(one, '2024-03-31T07:30:00Z')).toBe(false);
    expect(isOpen(one, '2024-03-31T06:30:00Z')).toBe(true);
    expect(isOpen(one, '2024-10-27T07:30:00Z')).toBe(true);
  });

  it('that begins in the hour that is skipped begins when the clock goes on', () => {
    const one = window({ fromMinute: 2 * 60 + 30, toMinute: 4 * 60, timeZone: 'Europe/Berlin' });
    expect(isOpen(one, '2024-03-31T00:59:59Z')).toBe(false);
    expect(isOpen(one, '2024-03-31T01:00:00Z')).toBe(true);
  });

  it('keeps the holidays and short days of the US exchanges', () => {
    const days = window({ calendar: 'US_MARKET_DAYS', timeZone: 'America/New_York' });
    expect(isOpen(days, '2024-07-03T12:00:00-04:00')).toBe(true);
    expect(isOpen(days, '2024-07-04T12:00:00-04:00')).toBe(false);
    const session = window({ calendar: 'US_MARKET_SESSION' });
    expect(isOpen(session, '2024-07-03T12:59:59-04:00')).toBe(true);
    expect(isOpen(session, '2024-07-03T13:00:00-04:00')).toBe(false);
    expect(isOpen(session, '2024-07-05T09:29:59-04:00')).toBe(false);
    expect(isOpen(session, '2024-07-05T09:30:00-04:00')).toBe(true);
    expect(isOpen(session, '2024-07-05T16:00:00-04:00')).toBe(false);
  });

  it('knows when it changes next', () => {
    const session = compileTimeWindows([window({ calendar: 'US_MARKET_SESSION' })]);
    expect(session.nextChange(at('2024-07-03T10:00:00-04:00'))).toBe(at('2024-07-03T13:00:00-04:00'));
    expect(session.nextChange(at('2024-07-03T13:00:00-04:00'))).toBe(at('2024-07-05T09:30:00-04:00'));
  });

  it('never changes before the moment it says', () => {
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia');
    const windows = fc.array(
      fc.record({
        days: fc.subarray(['MONDAY', 'WEDNESDAY', 'SUNDAY'] as const),
        fromMinute: fc.integer({ min: 0, max: 1439 }),
        toMinute: fc.integer({ min: 1, max: 1440 }),
        timeZone: zones,
        calendar: fc.constantFrom(null, 'US_MARKET_DAYS' as const, 'US_MARKET_SESSION' as const),
      }),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(
        windows,
        fc.integer({ min: at('2024-02-01'), max: at('2024-12-01') }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (all, nowMs, part) => {
          const asked = compileTimeWindows(all);
          const untilMs = asked.nextChange(nowMs);
          expect(untilMs).toBeGreaterThan(nowMs);
          const betweenMs = nowMs + Math.floor((untilMs - 1 - nowMs) * part);
          expect(compileTimeWindows(all).isOpen(betweenMs)).toBe(asked.isOpen(nowMs));
        },
      ),
    );
  });
});
