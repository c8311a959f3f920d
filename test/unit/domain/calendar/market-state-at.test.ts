import { describe, expect, it } from 'vitest';
import { marketStateAt } from '../../../../src/domain/calendar/market-state-at.ts';
import { parseNewYorkTime } from '../../../../src/domain/calendar/new-york-time.ts';

function stateAt(kind: 'INDEX' | 'EQUITY' | 'ETF' | 'CRYPTO', newYorkTime: string) {
  return marketStateAt(kind, parseNewYorkTime(newYorkTime)!);
}

describe('marketStateAt', () => {
  it.each([
    ['2026-11-18 03:59:59', 'CLOSED'],
    ['2026-11-18 04:00:00', 'PRE_MARKET'],
    ['2026-11-18 09:29:59', 'PRE_MARKET'],
    ['2026-11-18 09:30:00', 'REGULAR'],
    ['2026-11-18 16:00:00', 'REGULAR'],
    ['2026-11-18 16:00:01', 'AFTER_HOURS'],
    ['2026-11-18 19:59:59', 'AFTER_HOURS'],
    ['2026-11-18 20:00:00', 'CLOSED'],
  ])('has a stock at %s %s', (time, expected) => {
    expect(stateAt('EQUITY', time)).toBe(expected);
    expect(stateAt('ETF', time)).toBe(expected);
  });

  it('keeps index options open a quarter of an hour longer', () => {
    expect(stateAt('INDEX', '2026-07-15 16:15:00')).toBe('REGULAR');
    expect(stateAt('INDEX', '2026-07-15 16:15:01')).toBe('AFTER_HOURS');
  });

  it('ends the session at 13:00 on short days', () => {
    expect(stateAt('EQUITY', '2015-12-24 13:00:00')).toBe('REGULAR');
    expect(stateAt('EQUITY', '2015-12-24 13:05:00')).toBe('AFTER_HOURS');
    expect(stateAt('EQUITY', '2015-12-24 17:00:00')).toBe('CLOSED');
  });

  it('is closed on weekends and holidays', () => {
    expect(stateAt('EQUITY', '2026-11-21 11:00')).toBe('CLOSED');
    expect(stateAt('INDEX', '2019-05-27 11:00')).toBe('CLOSED');
  });

  it('judges by the date in New York, not in UTC', () => {
    // Saturday 00:30 UTC is Friday evening there.
    expect(marketStateAt('EQUITY', Date.UTC(2026, 10, 21, 0, 30))).toBe('AFTER_HOURS');
  });

  it('never closes crypto', () => {
    expect(stateAt('CRYPTO', '2026-11-22 03:00')).toBe('REGULAR');
  });
});
