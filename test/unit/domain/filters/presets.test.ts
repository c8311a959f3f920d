import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../../src/domain/candidates/metric.ts';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import type { FilterSubject } from '../../../../src/domain/filters/matches-node.ts';
import { parseFilterCriteria } from '../../../../src/domain/filters/parse-filter-criteria.ts';
import { FILTER_PRESETS } from '../../../../src/domain/filters/presets.ts';
import type { StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';
import { metricValues } from './filter-arbitraries.ts';

type Known = Partial<Record<MetricName, number | null>>;

interface PresetCase {
  readonly strategy: StrategyId;
  /** A candidate on the edge of everything: it passes. */
  readonly passing: Known;
  /** One change each that lies just outside. */
  readonly rejected: readonly Known[];
  readonly strategies: readonly StrategyId[];
  readonly otherStrategies: readonly StrategyId[];
}

const CASES: Readonly<Record<string, PresetCase>> = {
  conservative: {
    strategy: 'CASH_SECURED_PUT',
    passing: { daysToExpiration: 30, shortDelta: 0.1, probabilityOfProfit: 0.8, openInterest: 500, spreadPercent: 0.05 },
    rejected: [
      { daysToExpiration: 29.99 },
      { daysToExpiration: 60.01 },
      { shortDelta: 0.0999 },
      { shortDelta: 0.2001 },
      { probabilityOfProfit: 0.7999 },
      { openInterest: 499 },
      { spreadPercent: 0.0501 },
      { spreadPercent: null },
    ],
    strategies: ['CASH_SECURED_PUT', 'COVERED_CALL', 'BULL_PUT_SPREAD'],
    otherStrategies: ['LONG_PUT', 'IRON_CONDOR', 'SHORT_STRANGLE', 'BEAR_CALL_SPREAD'],
  },
  moderate: {
    strategy: 'IRON_CONDOR',
    passing: { daysToExpiration: 50, shortDelta: 0.3, probabilityOfProfit: 0.65, returnOnRisk: 0.2 },
    rejected: [
      { daysToExpiration: 20.99 },
      { daysToExpiration: 50.01 },
      { shortDelta: 0.1999 },
      { shortDelta: 0.3001 },
      { probabilityOfProfit: 0.6499 },
      { returnOnRisk: 0.1999 },
    ],
    strategies: ['BULL_CALL_SPREAD', 'BEAR_PUT_SPREAD', 'BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR'],
    otherStrategies: ['CASH_SECURED_PUT', 'SHORT_STRANGLE', 'LONG_CALL'],
  },
  aggressive: {
    strategy: 'BEAR_CALL_SPREAD',
    passing: { daysToExpiration: 7, shortDelta: 0.45, returnOnRisk: 0.4 },
    rejected: [
      { daysToExpiration: 6.99 },
      { daysToExpiration: 45.01 },
      { shortDelta: 0.2999 },
      { shortDelta: 0.4501 },
      { shortDelta: null },
      { returnOnRisk: 0.3999 },
    ],
    strategies: ['BULL_CALL_SPREAD', 'BEAR_PUT_SPREAD', 'BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR'],
    otherStrategies: ['CASH_SECURED_PUT', 'COVERED_CALL', 'SHORT_STRANGLE', 'SHORT_STRADDLE'],
  },
  'high-iv': {
    strategy: 'LONG_STRADDLE',
    passing: { ivRank: 50, impliedVolatility: 0.1, volumeToOpenInterest: 0.2 },
    rejected: [
      { ivRank: 49.99 },
      { ivRank: 49.99, impliedVolatility: 0.9 },
      { ivRank: null, impliedVolatility: 0.4499 },
      { volumeToOpenInterest: 0.1999 },
      { volumeToOpenInterest: null },
    ],
    strategies: ['LONG_CALL', 'SHORT_STRANGLE', 'IRON_CONDOR'],
    otherStrategies: [],
  },
  'theta-harvest': {
    strategy: 'SHORT_STRANGLE',
    passing: { daysToExpiration: 14, thetaYield: 0.02, shortDelta: 0.3, spreadPercent: 0.08 },
    rejected: [
      { daysToExpiration: 13.99 },
      { daysToExpiration: 45.01 },
      { thetaYield: 0.0199 },
      { thetaYield: null },
      { shortDelta: 0.3001 },
      { spreadPercent: 0.0801 },
    ],
    strategies: [
      'COVERED_CALL',
      'CASH_SECURED_PUT',
      'BULL_PUT_SPREAD',
      'BEAR_CALL_SPREAD',
      'IRON_CONDOR',
      'SHORT_STRANGLE',
      'SHORT_STRADDLE',
    ],
    otherStrategies: ['LONG_CALL', 'BULL_CALL_SPREAD', 'LONG_STRADDLE'],
  },
};

function aSubject(strategy: StrategyId, metrics: Known): FilterSubject {
  return { symbol: 'SPX', strategy, expiration: '2024-02-16', metrics: metricValues(metrics) };
}

describe('the presets', () => {
  it('are five, with names of their own', () => {
    expect(FILTER_PRESETS.map(({ key }) => key)).toEqual(Object.keys(CASES));
    expect(FILTER_PRESETS.map(({ name }) => name)).toEqual(['Conservative', 'Moderate', 'Aggressive', 'High IV', 'Theta Harvest']);
  });
});

describe.each(FILTER_PRESETS)('$name', ({ key, criteria }) => {
  const { strategy, passing, rejected, strategies, otherStrategies } = CASES[key]!;
  const filter = compileFilter(criteria);

  it('is valid and canonical', () => {
    expect(parseFilterCriteria(criteria)).toEqual({ kind: 'valid', criteria });
  });

  it('takes a candidate on its edges', () => {
    expect(filter.matches(aSubject(strategy, passing))).toBe(true);
  });

  it.each(rejected)('rejects %o', (change) => {
    expect(filter.matches(aSubject(strategy, { ...passing, ...change }))).toBe(false);
  });

  it('takes its strategies only', () => {
    const taken = [...strategies, ...otherStrategies].filter((id) => filter.matches(aSubject(id, passing)));
    expect(taken).toEqual(strategies);
  });
});

describe('High IV without history', () => {
  it('goes by the level of implied volatility', () => {
    const { criteria } = FILTER_PRESETS.find(({ key }) => key === 'high-iv')!;
    const known = { ivRank: null, impliedVolatility: 0.45, volumeToOpenInterest: 0.2 };
    expect(compileFilter(criteria).matches(aSubject('LONG_CALL', known))).toBe(true);
  });
});
