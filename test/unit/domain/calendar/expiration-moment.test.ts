import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../../src/domain/calendar/day-number.ts';
import { expirationMoment, usCloseMs } from '../../../../src/domain/calendar/expiration-moment.ts';
import { yearFraction } from '../../../../src/domain/calendar/year-fraction.ts';

describe('expirationMoment', () => {
  it('is 16:00 New York for PM settlement, in winter and in summer', () => {
    expect(expirationMoment('2022-12-16', 'US_PM')).toBe(Date.UTC(2022, 11, 16, 21));
    expect(expirationMoment('2023-06-16', 'US_PM')).toBe(Date.UTC(2023, 5, 16, 20));
  });

  it('is 9:30 New York for AM settlement', () => {
    expect(expirationMoment('2022-12-16', 'US_AM')).toBe(Date.UTC(2022, 11, 16, 14, 30));
    expect(expirationMoment('2023-06-16', 'US_AM')).toBe(Date.UTC(2023, 5, 16, 13, 30));
  });

  it('is 08:00 UTC on Deribit, whatever the day', () => {
    expect(expirationMoment('2026-12-25', 'DERIBIT')).toBe(Date.UTC(2026, 11, 25, 8));
    expect(expirationMoment('2026-07-11', 'DERIBIT')).toBe(Date.UTC(2026, 6, 11, 8));
  });

  it('is the early close on short days', () => {
    expect(expirationMoment('2015-12-24', 'US_PM')).toBe(Date.UTC(2015, 11, 24, 18));
  });

  it('is on the last trading day before when the contract is named after a Saturday or a holiday', () => {
    expect(expirationMoment('2014-06-21', 'US_PM')).toBe(Date.UTC(2014, 5, 20, 20));
    expect(expirationMoment('2014-06-21', 'US_AM')).toBe(Date.UTC(2014, 5, 20, 13, 30));
  });

  it('is NaN for what is not a date', () => {
    for (const date of ['2023-02-30', '2023-13-01', '20231020', '']) expect(expirationMoment(date, 'US_PM')).toBeNaN();
  });
});

describe('usCloseMs', () => {
  it('takes 16:00 on a day without trading', () => {
    expect(usCloseMs(parseDate('2019-05-27')!)).toBe(Date.UTC(2019, 4, 27, 20));
  });
});

describe('yearFraction', () => {
  it('counts elapsed time over 365 days', () => {
    expect(yearFraction(Date.UTC(2023, 0, 1), Date.UTC(2024, 0, 1))).toBe(1);
    expect(yearFraction(Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 1, 12))).toBeCloseTo(0.5 / 365, 15);
    expect(yearFraction(1000, 0)).toBeLessThan(0);
  });
});
