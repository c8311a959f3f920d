import { civilDate, dayNumber, lastWeekday, nthWeekday, parseDate, weekday } from './day-number.ts';

/** FULL: 9:30 to 16:00 New York. EARLY_CLOSE: to 13:00. CLOSED: weekend or exchange holiday. */
export type UsMarketDay = 'FULL' | 'EARLY_CLOSE' | 'CLOSED';

const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6] as const;

/** Closures no rule gives: 9/11, the days of mourning for Presidents Reagan, Ford, Bush and Carter, and hurricane Sandy. Source: NYSE. */
const ONE_OFF_CLOSURES: ReadonlySet<number> = new Set(
  [
    '2001-09-11',
    '2001-09-12',
    '2001-09-13',
    '2001-09-14',
    '2004-06-11',
    '2007-01-02',
    '2012-10-29',
    '2012-10-30',
    '2018-12-05',
    '2025-01-09',
  ].map((date) => parseDate(date)!),
);

/**
 * What kind of day the US stock and options exchanges have, by NYSE Rule 7.2: nine holidays (Juneteenth since 2022, Martin Luther King Day
 * since 1998), moved to Monday from a Sunday and to Friday from a Saturday (except New Year's Day, which is then not kept), and 13:00
 * closes on July 3rd, the day after Thanksgiving and December 24th.
 * @param day day number of a New York date
 */
export function usMarketDay(day: number): UsMarketDay {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === SUNDAY || dayOfWeek === SATURDAY || isHoliday(day) || ONE_OFF_CLOSURES.has(day)) return 'CLOSED';
  const { year, month, day: dayOfMonth } = civilDate(day);
  const isEve = (month === 7 && dayOfMonth === 3) || (month === 12 && dayOfMonth === 24);
  return isEve || day === nthWeekday(year, 11, THURSDAY, 4) + 1 ? 'EARLY_CLOSE' : 'FULL';
}

/** The last day on or before the given one on which the exchanges open. */
export function tradingDayOnOrBefore(day: number): number {
  let candidate = day;
  while (usMarketDay(candidate) === 'CLOSED') candidate -= 1;
  return candidate;
}

function isHoliday(day: number): boolean {
  const { year, month } = civilDate(day);
  switch (month) {
    case 1:
      return day === newYearsDay(year) || (year >= 1998 && day === nthWeekday(year, 1, MONDAY, 3));
    case 2:
      return day === nthWeekday(year, 2, MONDAY, 3);
    case 3:
    case 4:
      return day === easterSunday(year) - 2;
    case 5:
      return day === lastWeekday(year, 5, MONDAY);
    case 6:
      return year >= 2022 && day === observed(dayNumber(year, 6, 19));
    case 7:
      return day === observed(dayNumber(year, 7, 4));
    case 9:
      return day === nthWeekday(year, 9, MONDAY, 1);
    case 11:
      return day === nthWeekday(year, 11, THURSDAY, 4);
    case 12:
      return day === observed(dayNumber(year, 12, 25));
    default:
      return false;
  }
}

/** July 3rd is then a Friday and closed altogether; usMarketDay asks for holidays first. */
function observed(day: number): number {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === SATURDAY) return day - 1;
  return dayOfWeek === SUNDAY ? day + 1 : day;
}

function newYearsDay(year: number): number {
  const day = dayNumber(year, 1, 1);
  return weekday(day) === SUNDAY ? day + 1 : day;
}

/** The anonymous Gregorian computus (Nature, 1876; Meeus, Astronomical Algorithms, ch. 8). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const monthAndDay = h + l - 7 * m + 114;
  return dayNumber(year, Math.floor(monthAndDay / 31), (monthAndDay % 31) + 1);
}
