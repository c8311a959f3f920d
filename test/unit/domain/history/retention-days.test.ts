import { describe, expect, it } from 'vitest';
import { tierThatGoesTooEarly } from '../../../../src/domain/history/retention-days.ts';

const DAYS = { RAW: 90, MINUTE: 365, HOUR: 730, DAY: 3_650 };

describe('the days of the retention', () => {
  it('grow, or stay, from tier to tier', () => {
    expect(tierThatGoesTooEarly(DAYS)).toBeNull();
    expect(tierThatGoesTooEarly({ RAW: 90, MINUTE: 90, HOUR: 90, DAY: 90 })).toBeNull();
  });

  it.each([
    [
      { ...DAYS, MINUTE: 89 },
      { tier: 'MINUTE', finer: 'RAW' },
    ],
    [
      { ...DAYS, HOUR: 364 },
      { tier: 'HOUR', finer: 'MINUTE' },
    ],
    [
      { ...DAYS, DAY: 729 },
      { tier: 'DAY', finer: 'HOUR' },
    ],
    [
      { ...DAYS, RAW: 366 },
      { tier: 'MINUTE', finer: 'RAW' },
    ],
  ])('%j make holes', (days, early) => {
    expect(tierThatGoesTooEarly(days)).toEqual(early);
  });
});
