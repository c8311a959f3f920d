import { DAY_MS, parseDate } from './day-number.ts';
import { newYorkToUtcMs } from './new-york-time.ts';
import { tradingDayOnOrBefore, usMarketDay } from './us-market-day.ts';

/**
 * When a contract's settlement price is fixed on its last day. US_PM: the close of the US stock market, 16:00 New York (13:00 on short
 * days). US_AM: its opening, 9:30 New York (the SPX, RUT, NDX and VIX roots). DERIBIT: 08:00 UTC.
 */
export type Settlement = 'US_PM' | 'US_AM' | 'DERIBIT';

const HOUR_MS = 3_600_000;

/**
 * Moment of expiration, epoch milliseconds UTC; NaN when the date is not one. A US date on which the exchanges are closed means the last
 * trading day before: until 2015 monthly contracts were named after the Saturday that follows it.
 * @param date `YYYY-MM-DD`, as the contract is named
 */
export function expirationMoment(date: string, settlement: Settlement): number {
  const day = parseDate(date);
  if (day === null) return Number.NaN;
  if (settlement === 'DERIBIT') return day * DAY_MS + 8 * HOUR_MS;
  const tradingDay = tradingDayOnOrBefore(day);
  return settlement === 'US_AM' ? newYorkToUtcMs(tradingDay, 9.5 * HOUR_MS) : usCloseMs(tradingDay);
}

/**
 * When the US stock market closes on a day, epoch milliseconds UTC: 16:00 New York, 13:00 on short days; of a day without trading 16:00.
 */
export function usCloseMs(day: number): number {
  return newYorkToUtcMs(day, (usMarketDay(day) === 'EARLY_CLOSE' ? 13 : 16) * HOUR_MS);
}
