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

  it('is unknown with fewer than 10 days, and the rank when all days are alike', () => {
    expect(volatilityRank(days(9), 0.2).ivRank).toBeNaN();
    expect(volatilityRank(days(10), 0.2).ivRank).not.toBeNaN();
    expect(
      volatilityRank(
        days(10, () => 0.2),
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

/** Closes of Cboe's VIX on the 252 trading days from 2025-07-31 to 2026-07-22, in volatility points (Cboe; datasets/finance-vix). */
const VIX = [
  16.72, 20.38, 17.52, 17.85, 16.77, 16.57, 15.15, 16.25, 14.73, 14.49, 14.83, 15.09, 14.99, 15.57, 15.69, 16.6, 14.22, 14.79, 14.62, 14.85,
  14.43, 15.36, 16.12, 17.17, 16.35, 15.3, 15.18, 15.11, 15.04, 15.35, 14.71, 14.76, 15.69, 16.36, 15.72, 15.7, 15.45, 16.1, 16.64, 16.18,
  16.74, 15.29, 16.12, 16.28, 16.29, 16.63, 16.65, 16.37, 17.24, 16.3, 16.43, 21.66, 19.03, 20.81, 20.64, 25.31, 20.78, 18.23, 17.87, 18.6,
  17.3, 16.37, 15.79, 16.42, 16.92, 16.91, 17.44, 17.17, 19, 18.01, 19.5, 19.08, 17.6, 17.28, 17.51, 20, 19.83, 22.38, 24.69, 23.66, 26.42,
  23.43, 20.52, 18.56, 17.19, 17.21, 16.35, 17.24, 16.59, 16.08, 15.78, 15.41, 16.66, 16.93, 15.77, 14.85, 15.74, 16.5, 16.48, 17.62, 16.87,
  14.91, 14.08, 14, 13.47, 13.6, 14.2, 14.33, 14.95, 14.51, 14.9, 14.75, 15.38, 15.45, 14.49, 15.12, 15.98, 16.75, 15.84, 15.86, 18.84,
  20.09, 16.9, 15.64, 16.09, 16.15, 16.35, 16.35, 16.88, 17.44, 16.34, 18, 18.64, 21.77, 17.76, 17.36, 17.79, 17.65, 20.82, 20.6, 21.2,
  20.29, 19.62, 20.23, 19.09, 21.01, 19.55, 17.93, 18.63, 19.86, 21.44, 23.57, 21.15, 23.75, 29.49, 25.5, 24.93, 24.23, 27.29, 27.19, 23.51,
  22.37, 25.09, 24.06, 26.78, 26.15, 26.95, 25.33, 27.44, 31.05, 30.61, 25.25, 24.54, 23.87, 24.17, 25.78, 21.04, 19.49, 19.23, 19.12,
  18.36, 18.17, 17.94, 17.48, 18.87, 19.5, 18.92, 19.31, 18.71, 18.02, 17.83, 18.81, 16.89, 16.99, 18.29, 17.38, 17.39, 17.08, 17.19, 18.38,
  17.99, 17.87, 17.26, 18.43, 17.82, 18.06, 17.44, 16.76, 16.7, 16.59, 17.01, 16.29, 15.74, 15.32, 16.05, 15.77, 16.06, 15.4, 21.51, 18.92,
  19.87, 22.22, 19.44, 17.68, 16.2, 16.41, 18.44, 16.4, 16.78, 17.28, 19.49, 18.63, 18.89, 18.41, 17.65, 16.45, 16.59, 16.15, 15.81, 15.57,
  16.13, 16.9, 15.84, 15.03, 17.16, 16.5, 15.67, 16.73, 18.77, 18.65, 17.05, 16.64,
];

it('of the VIX on 2026-07-23, which closed at 18.70, is 29.75 and the percentile 70.24', () => {
  const { ivRank, ivPercentile } = volatilityRank(
    VIX.map((points) => points / 100),
    0.187,
  );
  expect(VIX).toHaveLength(252);
  expect(ivRank).toBeCloseTo(29.75, 2);
  expect(ivPercentile).toBeCloseTo(70.24, 2);
});
