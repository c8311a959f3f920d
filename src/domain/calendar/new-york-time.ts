import { civilDate, DAY_MS, dayNumber, lastWeekday, nthWeekday } from './day-number.ts';

const HOUR_MS = 3_600_000;
const SUNDAY = 0;

/**
 * Whether New York is on daylight time at a moment (epoch ms). By rule, not by Intl, which costs microseconds a call:
 * since 2007 from the second Sunday of March to the first of November, 2:00 local (Energy Policy Act of 2005); 1987 to 2006 from the first
 * Sunday of April to the last of October. Earlier years follow the rule of 1987.
 */
function isDaylightTime(utcMs: number): boolean {
  const { year } = civilDate(Math.floor(utcMs / DAY_MS));
  const startDay = year >= 2007 ? nthWeekday(year, 3, SUNDAY, 2) : nthWeekday(year, 4, SUNDAY, 1);
  const endDay = year >= 2007 ? nthWeekday(year, 11, SUNDAY, 1) : lastWeekday(year, 10, SUNDAY);
  return utcMs >= startDay * DAY_MS + 7 * HOUR_MS && utcMs < endDay * DAY_MS + 6 * HOUR_MS;
}

/** What New York's wall clock shows at a UTC moment, as if it were UTC: epoch ms of the same reading. */
export function newYorkWallMs(utcMs: number): number {
  return utcMs - (isDaylightTime(utcMs) ? 4 : 5) * HOUR_MS;
}

/**
 * UTC moment (epoch ms) of a New York wall time. Of the hour that happens twice in November the first is meant; a time that does not exist
 * in March is read as if the clock had not been put forward (2:30 becomes 3:30 EDT).
 * @param day day number of the New York date
 * @param timeOfDayMs milliseconds since its midnight on the clock's face
 */
export function newYorkToUtcMs(day: number, timeOfDayMs: number): number {
  const wallMs = day * DAY_MS + timeOfDayMs;
  const asDaylight = wallMs + 4 * HOUR_MS;
  return isDaylightTime(asDaylight) ? asDaylight : asDaylight + HOUR_MS;
}

/** UTC moment of `YYYY-MM-DD HH:MM[:SS]` (or with a `T` between) on New York's clock; null when the text is not one. */
export function parseNewYorkTime(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = dayNumber(year, month, day);
  const date = civilDate(days);
  if (date.month !== month || date.day !== day || hour > 23 || minute > 59 || second > 59) return null;
  return newYorkToUtcMs(days, hour * HOUR_MS + minute * 60_000 + second * 1000);
}
