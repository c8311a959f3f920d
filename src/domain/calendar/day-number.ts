/** Milliseconds of one civil day. */
export const DAY_MS = 86_400_000;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar (month 1 to 12). Months and days beyond their range carry over. */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

export function civilDate(days: number): CivilDate {
  const date = new Date(days * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 Sunday to 6 Saturday; 1970-01-01 was a Thursday. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Day number of the nth (1 is the first) given weekday of a month. */
export function nthWeekday(year: number, month: number, dayOfWeek: number, nth: number): number {
  const first = dayNumber(year, month, 1);
  return first + ((dayOfWeek - weekday(first) + 7) % 7) + (nth - 1) * 7;
}

/** Day number of the last given weekday of a month. */
export function lastWeekday(year: number, month: number, dayOfWeek: number): number {
  const last = dayNumber(year, month + 1, 1) - 1;
  return last - ((weekday(last) - dayOfWeek + 7) % 7);
}

/** `YYYY-MM-DD` of a day number, for the years 1000 to 9999. */
export function formatDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** Day number of a `YYYY-MM-DD` text, or null when it is not the name of a real date (2023-02-30 is not). */
export function parseDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isReal ? dayNumber(year, month, day) : null;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
