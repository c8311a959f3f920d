import { describe, expect, it } from 'vitest';
import {
  annualReturn,
  annualVolatility,
  calmarRatio,
  downsideRisk,
  maximumDrawdown,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
} from '../../../../../src/domain/analytics/performance/return-statistics.ts';
import { tradeStatistics } from '../../../../../src/domain/analytics/performance/trade-statistics.ts';

// quantopian/empyrical, commit 40f61b4, empyrical/tests/test_stats.py; returns in percent.
const SERIES = {
  simple: [0, 1, 0, 1, 0, 1, 0, 1, 0],
  mixed: [Number.NaN, 1, 10, -4, 2, 3, 2, 1, -10],
  weekly: [0, 1, 10, -4, 2, 3, 2, 1, -10],
  positive: [1, 2, 1, 1, 1, 1, 1, 1, 1],
  negative: [0, -6, -7, -1, -9, -2, -6, -8, -5],
} as const;
const returnsOf = (name: keyof typeof SERIES) => SERIES[name].map((percent) => percent / 100);

describe('statistics of returns are those of empyrical', () => {
  it.each([
    ['simple', 0, 8],
    ['mixed', -0.1, 8],
    ['positive', 0, 8],
  ] as const)('maximum drawdown of %s', (name, expected, digits) => {
    expect(maximumDrawdown(returnsOf(name))).toBeCloseTo(expected, digits);
  });

  it('total return', () => {
    expect(totalReturn(returnsOf('mixed'))).toBeCloseTo(0.03893, 5);
    expect(totalReturn(returnsOf('negative'))).toBeCloseTo(-0.3659, 4);
  });

  it.each([
    ['mixed', 252, 1.9135925373194231],
    ['weekly', 52, 0.24690830513998208],
    ['weekly', 12, 0.052242061386048144],
  ] as const)('annual return of %s, %i a year', (name, perYear, expected) => {
    expect(annualReturn(returnsOf(name), perYear)).toBeCloseTo(expected, 8);
  });

  it.each([
    ['mixed', 252, 0.9136465399704637],
    ['weekly', 52, 0.38851569394870583],
    ['weekly', 12, 0.18663690238892558],
  ] as const)('annual volatility of %s, %i a year', (name, perYear, expected) => {
    expect(annualVolatility(returnsOf(name), perYear)).toBeCloseTo(expected, 8);
  });

  it.each([
    ['mixed', 252, 19.135925373194233],
    ['weekly', 52, 2.4690830513998208],
    ['weekly', 12, 0.5224206138604814],
  ] as const)('Calmar ratio of %s, %i a year', (name, perYear, expected) => {
    expect(calmarRatio(returnsOf(name), perYear)).toBeCloseTo(expected, 8);
  });

  it.each([
    ['mixed', 1.7238613961706866],
    ['positive', 52.915026221291804],
    ['negative', -24.406808633910085],
  ] as const)('Sharpe ratio of %s', (name, expected) => {
    expect(sharpeRatio(returnsOf(name), 252)).toBeCloseTo(expected, 8);
  });

  it.each([
    ['mixed', 252, 0, 0.6044832503882965],
    ['mixed', 252, 0.1, 1.7161730681956295],
    ['weekly', 52, 0, 0.25888650451930134],
    ['weekly', 12, 0, 0.1243650540411842],
  ] as const)('downside risk of %s, %i a year, below %d', (name, perYear, required, expected) => {
    expect(downsideRisk(returnsOf(name), perYear, required)).toBeCloseTo(expected, 8);
  });

  it.each([
    ['mixed', 252, 2.605531251673693],
    ['negative', 252, -13.5327430750434],
    ['weekly', 52, 1.115890105686644],
    ['weekly', 12, 0.5360562674188976],
  ] as const)('Sortino ratio of %s, %i a year', (name, perYear, expected) => {
    expect(sortinoRatio(returnsOf(name), perYear)).toBeCloseTo(expected, 8);
  });
});

describe('statistics of returns that mean nothing are unknown', () => {
  it.each([
    ['none', []],
    ['one', [0.01]],
    ['unknown ones', [Number.NaN, Number.NaN]],
    ['a constant', [0.01, 0.01, 0.01]],
    ['infinite ones', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ])('of %s', (_what, returns) => {
    expect(sharpeRatio(returns, 252)).toBeNaN();
    expect(sortinoRatio(returns, 252)).toBeNaN();
    expect(calmarRatio(returns, 252)).toBeNaN();
    expect(maximumDrawdown(returns)).toBe(0);
  });

  it('of a total loss the fall is complete', () => {
    expect(maximumDrawdown([0.1, -1, 0.5])).toBe(-1);
    expect(annualReturn([-1], 252)).toBe(-1);
    expect(annualReturn([], 252)).toBeNaN();
  });
});

describe('statistics of trades', () => {
  it('are the mean profit, and gains over losses', () => {
    expect(tradeStatistics([2, -1, 0, 3, -1.5])).toEqual({
      trades: 5,
      winShare: 0.4,
      expectancy: 0.5,
      profitFactor: 2,
      best: 3,
      worst: -1.5,
    });
  });

  it('have no profit factor without a loss, and are none without trades', () => {
    expect(tradeStatistics([1, 2])).toMatchObject({ profitFactor: Number.NaN, expectancy: 1.5 });
    expect(tradeStatistics([])).toBeNull();
    expect(tradeStatistics([Number.NaN])).toBeNull();
  });
});
