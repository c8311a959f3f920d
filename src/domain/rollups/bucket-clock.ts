import { civilDate, DAY_MS, dayNumber, weekday } from '../calendar/day-number.ts';
import { createLocalTime, type LocalTime } from '../calendar/local-time.ts';
import { ROLLUP_INTERVALS, type RollupInterval } from './rollup-interval.ts';

/** Where the buckets of one interval begin and end in one time zone; epoch milliseconds. They follow one another without gaps. */
export interface BucketClock {
  /** Start of the bucket that a moment lies in. */
  startOf(ms: number): number;
  /** End of the bucket that begins there, exclusive. */
  endOf(startMs: number): number;
}

const UTC: LocalTime = { wallMs: (ms) => ms, utcMs: (ms) => ms };
/** Clocks are changed at whole quarters of an hour. */
const QUARTER_MS = 900_000;

/**
 * Days begin with the first moment of their date, so they have 23 or 25 hours when the clock is changed; weeks begin on Monday (ISO 8601). Hours and minutes are those of
 * the clock on the wall: where it stands half an hour apart from UTC, hours begin at half past; one in which the clock is changed ends there.
 *
 * @param timeZone IANA name
 * @throws RangeError when the zone is unknown
 */
export function createBucketClock(interval: RollupInterval, timeZone: string): BucketClock {
  const clock = timeZone === 'UTC' ? UTC : createLocalTime(timeZone);
  switch (interval) {
    case 'DAY_1':
      return ofDates(clock, { first: (day) => day, next: (day) => day + 1 });
    case 'WEEK_1':
      return ofDates(clock, { first: (day) => day - ((weekday(day) + 6) % 7), next: (day) => day + 7 });
    case 'MONTH_1':
      return ofDates(clock, { first: (day) => monthStart(day, 0), next: (day) => monthStart(day, 1) });
    default:
      return ofTheWall(clock, ROLLUP_INTERVALS[interval]);
  }
}

function monthStart(day: number, later: number): number {
  const { year, month } = civilDate(day);
  return dayNumber(year, month + later, 1);
}

interface DatePeriod {
  /** First day (day number) of the period that a day lies in. */
  readonly first: (day: number) => number;
  /** First day of the period behind the one that begins on a day. */
  readonly next: (day: number) => number;
}

function ofDates(clock: LocalTime, { first, next }: DatePeriod): BucketClock {
  const startMs = (day: number) => clock.utcMs(day * DAY_MS);
  const dayAt = (ms: number) => Math.floor(clock.wallMs(ms) / DAY_MS);
  return {
    startOf(ms) {
      let day = first(dayAt(ms));
      // Where the clock was put back over midnight, a date has begun and the clock shows the one before once more.
      while (startMs(next(day)) <= ms) day = next(day);
      return startMs(day);
    },
    endOf(start) {
      let day = next(first(dayAt(start)));
      // A date that the clock has skipped has no length (Samoa, 30 December 2011).
      while (startMs(day) <= start) day = next(day);
      return startMs(day);
    },
  };
}

function ofTheWall(clock: LocalTime, widthMs: number): BucketClock {
  const offsetMs = (ms: number) => clock.wallMs(ms) - ms;
  const sinceStart = (ms: number) => (((ms + offsetMs(ms)) % widthMs) + widthMs) % widthMs;

  /** The first moment behind `afterMs` and before `beforeMs` at which the clock is not what it was; null: there is none. */
  function changeWithin(afterMs: number, beforeMs: number): number | null {
    const offset = offsetMs(afterMs);
    if (offsetMs(beforeMs) === offset) return null;
    for (let ms = (Math.floor(afterMs / QUARTER_MS) + 1) * QUARTER_MS; ms < beforeMs; ms += QUARTER_MS)
      if (offsetMs(ms) !== offset) return ms;
    return null;
  }

  return {
    startOf(ms) {
      const start = ms - sinceStart(ms);
      return offsetMs(start) === offsetMs(ms) ? start : (changeWithin(start, ms + 1) ?? start);
    },
    endOf(start) {
      const end = start + widthMs - sinceStart(start);
      return changeWithin(start, end) ?? end;
    },
  };
}
