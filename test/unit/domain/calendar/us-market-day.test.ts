import { describe, expect, it } from 'vitest';
import { formatDate, parseDate } from '../../../../src/domain/calendar/day-number.ts';
import { tradingDayOnOrBefore, usMarketDay } from '../../../../src/domain/calendar/us-market-day.ts';

function weekdaysThatAre(year: number, kind: string): string[] {
  const days: string[] = [];
  for (let day = parseDate(`${year}-01-01`)!; formatDate(day).startsWith(String(year)); day++) {
    const isWeekend = [0, 6].includes(new Date(day * 86_400_000).getUTCDay());
    if (!isWeekend && usMarketDay(day) === kind) days.push(formatDate(day).slice(5));
  }
  return days;
}

describe('usMarketDay', () => {
  // Source: NYSE, Holidays & Trading Hours, as published for each year.
  it.each([
    [2015, '01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25'],
    [2018, '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25'],
    [2019, '01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25'],
    [2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    [2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'],
    [2023, '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25'],
    [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'],
  ])('is closed in %i on the holidays of that year', (year, expected) => {
    expect(weekdaysThatAre(year, 'CLOSED').join(' ')).toBe(expected);
  });

  it.each([
    [2015, '11-27 12-24'],
    [2019, '07-03 11-29 12-24'],
    [2021, '11-26'],
    [2023, '07-03 11-24'],
    [2025, '07-03 11-28 12-24'],
    [2026, '11-27 12-24'],
  ])('closes early in %i on the short days of that year', (year, expected) => {
    expect(weekdaysThatAre(year, 'EARLY_CLOSE').join(' ')).toBe(expected);
  });

  it('is closed on weekends', () => {
    expect(usMarketDay(parseDate('2026-11-21')!)).toBe('CLOSED');
    expect(usMarketDay(parseDate('2026-11-22')!)).toBe('CLOSED');
    expect(usMarketDay(parseDate('2026-11-23')!)).toBe('FULL');
  });
});

describe('tradingDayOnOrBefore', () => {
  it('goes back over weekends and holidays and stays on a trading day', () => {
    expect(formatDate(tradingDayOnOrBefore(parseDate('2019-04-20')!))).toBe('2019-04-18');
    expect(formatDate(tradingDayOnOrBefore(parseDate('2014-06-21')!))).toBe('2014-06-20');
    expect(formatDate(tradingDayOnOrBefore(parseDate('2014-06-20')!))).toBe('2014-06-20');
  });
});
