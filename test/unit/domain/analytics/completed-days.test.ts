import { describe, expect, it } from 'vitest';
import { completedDays } from '../../../../src/domain/analytics/completed-days.ts';
import { dailyBars } from '../../../../src/domain/analytics/daily-bars.ts';
import { realisedVolatilitySummary } from '../../../../src/domain/analytics/volatility-summary.ts';
import { anUnderlyingDay } from '../../../support/an-underlying-day.ts';

describe('the days that are over', () => {
  const days = ['2026-07-22', '2026-07-23'].map((day) => anUnderlyingDay({ day }));
  const over = (kind: 'EQUITY' | 'INDEX' | 'CRYPTO', now: string) => completedDays(days, kind, Date.parse(now)).map(({ day }) => day);

  it('are those whose session has ended: of stocks at 16:00 New York, of index options at 16:15, of crypto at midnight UTC', () => {
    expect(over('EQUITY', '2026-07-23T19:59:59.999Z')).toEqual(['2026-07-22']);
    expect(over('EQUITY', '2026-07-23T20:00:00Z')).toEqual(['2026-07-22', '2026-07-23']);
    expect(over('INDEX', '2026-07-23T20:14:59Z')).toEqual(['2026-07-22']);
    expect(over('INDEX', '2026-07-23T20:15:00Z')).toEqual(['2026-07-22', '2026-07-23']);
    expect(over('CRYPTO', '2026-07-23T23:59:59Z')).toEqual(['2026-07-22']);
    expect(over('CRYPTO', '2026-07-24T00:00:00Z')).toEqual(['2026-07-22', '2026-07-23']);
  });

  it('are none of none', () => {
    expect(completedDays([], 'EQUITY', 0)).toEqual([]);
  });
});

it('bars are of the days with a price', () => {
  const days = [
    anUnderlyingDay({ day: '1', open: 10, high: 12, low: 9, close: 11 }),
    anUnderlyingDay({ day: '2', open: Number.NaN, high: Number.NaN, low: Number.NaN, close: Number.NaN }),
    anUnderlyingDay({ day: '3', open: 0, high: 0, low: 0, close: 0 }),
    anUnderlyingDay({ day: '4', open: 11, high: Number.POSITIVE_INFINITY, low: 11, close: 11 }),
  ];
  const { days: kept, bars } = dailyBars(days);
  expect(kept.map((day) => day?.day)).toEqual(['1']);
  expect(bars).toEqual({ open: Float64Array.of(10), high: Float64Array.of(12), low: Float64Array.of(9), close: Float64Array.of(11) });
});

it('a gap of more than a week is a bar of its own, so that no volatility is taken across it', () => {
  const days = ['2019-05-03', '2019-05-06', '2019-05-13', '2019-05-21', '2019-05-22'].map((day, index) =>
    anUnderlyingDay({ day, close: 100 + index }),
  );
  const { days: kept, bars } = dailyBars(days);
  expect(kept.map((day) => day?.day ?? null)).toEqual(['2019-05-03', '2019-05-06', '2019-05-13', null, '2019-05-21', '2019-05-22']);
  expect([...bars.close]).toEqual([100, 101, 102, Number.NaN, 103, 104]);
  expect(realisedVolatilitySummary(days, 'CLOSE_TO_CLOSE', 2, 252)).toBeNull();
  expect(realisedVolatilitySummary(days.slice(0, 3), 'CLOSE_TO_CLOSE', 2, 252)).toMatchObject({
    days: 2,
    through: '2019-05-13',
    historyDays: 0,
  });
});
