import { civilDate, formatDate, lastWeekday, nthWeekday, weekday } from '../../../domain/calendar/day-number.ts';
import { tradingDayOnOrBefore, usMarketDay } from '../../../domain/calendar/us-market-day.ts';
import type { ContractRoots } from './contract-roots.ts';

/**
 * Which expirations are listed.
 * DAILY: every trading day of the next three weeks, Fridays to eight weeks, monthly to a year, half-yearly to two and a half (S&P 500).
 * WEEKLY: Fridays to six weeks, monthly to four months, quarterly to a year, Januaries to two years (much traded stocks).
 * MONTHLY: Fridays to three weeks, else the same (other stocks and funds).
 * COIN: Deribit: three days, four Fridays, three months, four quarters.
 */
export type ListingRule = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'COIN';

export interface ScheduledExpiration {
  readonly root: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Day number of the date. */
  readonly day: number;
  /** A monthly, quarterly or longer listing, in which most open interest gathers. */
  readonly isStandard: boolean;
}

const FRIDAY = 5;
const DAILY_HORIZON = 21;
const FRIDAY_HORIZON: Readonly<Record<Exclude<ListingRule, 'COIN'>, number>> = { DAILY: 56, WEEKLY: 42, MONTHLY: 21 };
const MONTHS_AHEAD = 30;

/** The expirations on or after a day, in ascending date; the monthly root before the weekly one where both expire. Third Fridays move to Thursday on holidays. */
export function scheduleExpirations(rule: ListingRule, roots: ContractRoots, today: number): ScheduledExpiration[] {
  const listed = new Map<string, ScheduledExpiration>();

  function list(root: string, day: number, isStandard: boolean): void {
    const date = formatDate(day);
    if (day >= today) listed.set(`${date} ${root}`, { root, date, day, isStandard });
  }

  // Standard expirations last: a date that is listed as both is standard.
  if (rule === 'COIN') {
    for (let day = today; day <= today + 2; day++) list(roots.weekly, day, false);
    for (let day = nextFriday(today), week = 0; week < 4; day += 7, week++) list(roots.weekly, day, false);
    for (const { day, month } of monthsFrom(today, lastFriday, 13)) {
      if (day <= today + 95 || (month % 3 === 0 && day <= today + 370)) list(roots.weekly, day, true);
    }
  } else {
    for (let day = today; rule === 'DAILY' && day <= today + DAILY_HORIZON; day++)
      if (usMarketDay(day) !== 'CLOSED') list(roots.weekly, day, false);
    for (let day = nextFriday(today); day <= today + FRIDAY_HORIZON[rule]; day += 7) list(roots.weekly, tradingDayOnOrBefore(day), false);
    for (const { day, month } of monthsFrom(today, thirdFriday, MONTHS_AHEAD)) {
      if (isMonthlyListed(rule, month, day - today)) list(roots.monthly, day, true);
    }
  }
  return [...listed.values()].sort((a, b) => a.day - b.day || (a.root < b.root ? -1 : 1));
}

function isMonthlyListed(rule: ListingRule, month: number, daysAhead: number): boolean {
  if (rule === 'DAILY') return daysAhead <= 370 || month % 6 === 0;
  return daysAhead <= 125 || (daysAhead <= 370 && month % 3 === 0) || (month === 1 && daysAhead <= 760);
}

function monthsFrom(today: number, dayOfMonth: (year: number, month: number) => number, count: number): { day: number; month: number }[] {
  const { year, month } = civilDate(today);
  return Array.from({ length: count }, (_, ahead) => {
    const civilMonth = ((month - 1 + ahead) % 12) + 1;
    return { day: dayOfMonth(year + Math.floor((month - 1 + ahead) / 12), civilMonth), month: civilMonth };
  });
}

function thirdFriday(year: number, month: number): number {
  return tradingDayOnOrBefore(nthWeekday(year, month, FRIDAY, 3));
}

function lastFriday(year: number, month: number): number {
  return lastWeekday(year, month, FRIDAY);
}

function nextFriday(today: number): number {
  return today + ((FRIDAY - weekday(today) + 7) % 7);
}
