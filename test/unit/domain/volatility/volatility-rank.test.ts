import { describe, expect, it } from 'vitest';
import { volatilityRank } from '../../../../src/domain/volatility/volatility-rank.ts';
import { createVolatilityHistory } from '../../../../src/services/underlyings/volatility-history.ts';

const days = (count: number, value = (index: number) => 0.1 + index / 1000) => Array.from({ length: count }, (_, index) => value(index));

describe('IV rank and percentile', () => {
  it('is 100 at a new high, 0 at a new low', () => {
    expect(volatilityRank(days(252), 0.5)).toEqual({ ivRank: 100, ivPercentile: 100 });
    expect(volatilityRank(days(252), 0.05)).toEqual({ ivRank: 0, ivPercentile: 0 });
  });

  it('measures between the lowest and the highest of the last 252 days', () => {
    const { ivRank, ivPercentile } = volatilityRank([9, ...days(252)], 0.1 + 125.5 / 1000);
    expect(ivRank).toBeCloseTo((100 * 125.5) / 251, 10);
    expect(ivPercentile).toBeCloseTo((100 * 126) / 252, 10);
  });

  it('counts only days strictly below', () => {
    expect(volatilityRank([...days(19, () => 0.2), 0.1], 0.2).ivPercentile).toBeCloseTo(5, 10);
  });

  it('is unknown with fewer than 20 days, and the rank when all days are alike', () => {
    expect(volatilityRank(days(19), 0.2).ivRank).toBeNaN();
    expect(volatilityRank(days(20), 0.2).ivRank).not.toBeNaN();
    expect(
      volatilityRank(
        days(20, () => 0.2),
        0.2,
      ),
    ).toEqual({ ivRank: Number.NaN, ivPercentile: 0 });
    expect(volatilityRank(days(252), Number.NaN).ivRank).toBeNaN();
  });
});

describe('volatility history', () => {
  it('ranks a day among the days before it, whatever the order they came in', () => {
    const history = createVolatilityHistory();
    const entries = days(30).map((impliedVolatility30d, index) => ({
      symbol: 'SPX',
      day: `2026-01-${String(index + 1).padStart(2, '0')}`,
      impliedVolatility30d,
    }));
    for (const entry of entries.toReversed()) history.record(entry);
    history.record({ symbol: 'SPX', day: '2026-01-30', impliedVolatility30d: 9 });
    expect(history.rank('SPX', '2026-01-30', 0.5)).toEqual({ ivRank: 100, ivPercentile: 100 });
    expect(history.rank('SPX', '2026-01-31', 0.5).ivRank).toBeCloseTo((100 * 0.4) / 8.9, 10);
    expect(history.rank('RUT', '2026-01-31', 0.5).ivRank).toBeNaN();
  });
});
