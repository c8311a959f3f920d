import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber } from '../../../../src/domain/calendar/day-number.ts';
import { newYorkToUtcMs, newYorkWallMs, parseNewYorkTime } from '../../../../src/domain/calendar/new-york-time.ts';

const HOUR_MS = 3_600_000;

/** What the operating system's time zone data says, as an independent witness. */
const intl = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

function intlWallMs(utcMs: number): number {
  const parts = Object.fromEntries(intl.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
}

describe('newYorkWallMs', () => {
  it('agrees with the time zone database between 1988 and 2037', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1988, 0, 1) / 1000, max: Date.UTC(2037, 11, 31) / 1000 }), (seconds) => {
        expect(newYorkWallMs(seconds * 1000)).toBe(intlWallMs(seconds * 1000));
      }),
      { numRuns: 500 },
    );
  });

  it('changes in the very second in which the clocks do', () => {
    for (const change of [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6), Date.UTC(2006, 3, 2, 7), Date.UTC(2006, 9, 29, 6)]) {
      expect(newYorkWallMs(change - 1000)).toBe(intlWallMs(change - 1000));
      expect(newYorkWallMs(change)).toBe(intlWallMs(change));
    }
  });
});

describe('newYorkToUtcMs', () => {
  it('is the inverse of the wall clock where that reads a time once', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayNumber(1990, 1, 1), max: dayNumber(2040, 1, 1) }), fc.integer({ min: 3, max: 23 }), (day, hour) => {
        const utcMs = newYorkToUtcMs(day, hour * HOUR_MS);
        expect(newYorkWallMs(utcMs)).toBe(day * 86_400_000 + hour * HOUR_MS);
      }),
    );
  });

  it('means the first of two equal hours in November and moves a missing hour of March forward', () => {
    expect(newYorkToUtcMs(dayNumber(2026, 11, 1), 1.5 * HOUR_MS)).toBe(Date.UTC(2026, 10, 1, 5, 30));
    expect(newYorkToUtcMs(dayNumber(2026, 3, 8), 2.5 * HOUR_MS)).toBe(Date.UTC(2026, 2, 8, 7, 30));
  });
});

describe('parseNewYorkTime', () => {
  it('reads both ways of writing a time', () => {
    expect(parseNewYorkTime('2015-12-24T09:35:00')).toBe(Date.UTC(2015, 11, 24, 14, 35));
    expect(parseNewYorkTime('2023-07-03 16:00')).toBe(Date.UTC(2023, 6, 3, 20));
  });

  it('refuses what is not a time', () => {
    for (const text of ['', '2015-12-24', '2015-02-30T09:35:00', '2015-12-24T24:00:00', '2015-12-24T09:60:00', '2015-12-24T09:35:00Z']) {
      expect(parseNewYorkTime(text)).toBeNull();
    }
  });
});
