import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../../../src/domain/calendar/day-number.ts';
import { usMarketDay } from '../../../../../src/domain/calendar/us-market-day.ts';
import { type ListingRule, scheduleExpirations } from '../../../../../src/services/market-data/simulated/expiration-schedule.ts';

const INDEX_ROOTS = { monthly: 'SPX', weekly: 'SPXW' };
const STOCK_ROOTS = { monthly: 'AAPL', weekly: 'AAPL' };

function schedule(rule: ListingRule, today: string, roots = STOCK_ROOTS): string[] {
  return scheduleExpirations(rule, roots, parseDate(today)!).map(({ root, date }) => `${root} ${date}`);
}

describe('listed expirations', () => {
  it('of a stock: Fridays, then months, quarters and Januaries, each once', () => {
    expect(schedule('WEEKLY', '2026-11-21')).toEqual(
      [
        ['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-24', '2026-12-31'],
        ['2027-01-15', '2027-02-19', '2027-03-19', '2027-06-17', '2027-09-17', '2028-01-21'],
      ]
        .flat()
        .map((date) => `AAPL ${date}`),
    );
  });

  it('of an index: every trading day of three weeks, and both roots on third Fridays', () => {
    const listed = schedule('DAILY', '2026-11-18', INDEX_ROOTS);
    expect(listed.slice(0, 8)).toEqual([
      'SPXW 2026-11-18',
      'SPXW 2026-11-19',
      'SPX 2026-11-20',
      'SPXW 2026-11-20',
      'SPXW 2026-11-23',
      'SPXW 2026-11-24',
      'SPXW 2026-11-25',
      // Thanksgiving is the 26th.
      'SPXW 2026-11-27',
    ]);
    expect(listed).toContain('SPX 2027-06-17');
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('are standard on third Fridays, also where weekly contracts would expire', () => {
    const standard = scheduleExpirations('WEEKLY', STOCK_ROOTS, parseDate('2026-11-18')!).filter(({ isStandard }) => isStandard);
    expect(standard.slice(0, 3).map(({ date }) => date)).toEqual(['2026-11-20', '2026-12-18', '2027-01-15']);
  });

  it('move to Thursday when the exchanges are closed on Friday', () => {
    // Good Friday of 2025 was the third Friday of April.
    expect(schedule('MONTHLY', '2025-04-01')).toContain('AAPL 2025-04-17');
    expect(schedule('MONTHLY', '2025-04-01')).not.toContain('AAPL 2025-04-18');
  });

  it('include the day itself, and not the Thursday before when that is past', () => {
    expect(schedule('WEEKLY', '2026-11-27')[0]).toBe('AAPL 2026-11-27');
    expect(schedule('WEEKLY', '2025-04-18')[0]).toBe('AAPL 2025-04-25');
  });

  it('of a coin: three days, four Fridays, last Fridays of months and of quarters', () => {
    expect(schedule('COIN', '2026-11-21', { monthly: 'BTC', weekly: 'BTC' })).toEqual(
      [
        ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18'],
        ['2026-12-25', '2027-01-29', '2027-03-26', '2027-06-25', '2027-09-24'],
      ]
        .flat()
        .map((date) => `BTC ${date}`),
    );
  });

  it('are in ascending date on trading days, whatever the day', () => {
    for (let today = parseDate('2026-01-01')!; today < parseDate('2027-01-01')!; today += 3) {
      for (const rule of ['DAILY', 'WEEKLY', 'MONTHLY'] as const) {
        const days = scheduleExpirations(rule, INDEX_ROOTS, today).map(({ day }) => day);
        expect(days.length).toBeGreaterThan(8);
        expect(days).toEqual(days.toSorted((a, b) => a - b));
        expect(days.filter((day) => day < today || usMarketDay(day) === 'CLOSED')).toEqual([]);
      }
    }
  });
});
