import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  realisedVolatility,
  VOLATILITY_ESTIMATORS,
  type VolatilityEstimator,
} from '../../../../src/domain/analytics/realised-volatility.ts';

/** The first days of 1985 of `ttrc`, and the volatilities that R's package TTR computes of them with n = 10, N = 260: the file of its tests. */
const TTRC = {
  open: [3.18, 3.09, 3.11, 3.09, 3.1, 3.12, 3.16, 3.23, 3.23, 3.32, 3.3, 3.32, 3.26, 3.17],
  high: [3.18, 3.15, 3.12, 3.12, 3.12, 3.17, 3.23, 3.29, 3.33, 3.33, 3.34, 3.32, 3.27, 3.28],
  low: [3.08, 3.09, 3.08, 3.07, 3.08, 3.1, 3.14, 3.2, 3.22, 3.28, 3.28, 3.17, 3.15, 3.15],
  close: [3.08, 3.11, 3.09, 3.1, 3.11, 3.16, 3.22, 3.23, 3.32, 3.3, 3.32, 3.26, 3.16, 3.25],
};
const PUBLISHED: Partial<Record<VolatilityEstimator, readonly number[]>> = {
  GARMAN_KLASS: [0.214186583979801, 0.216247270618348, 0.258495530041682, 0.2711023079951227, 0.2919427884554771],
  PARKINSON: [0.2252072864771795, 0.2103003599792387, 0.2465816963746998, 0.2689783431914023, 0.2919563345832617],
  ROGERS_SATCHELL: [0.205948120277698, 0.2149695331228885, 0.2710614797873013, 0.2782165990897686, 0.2957013489390852],
};

const barsOf = ({ open, high, low, close }: Record<'open' | 'high' | 'low' | 'close', readonly number[]>) => ({
  open: Float64Array.from(open),
  high: Float64Array.from(high),
  low: Float64Array.from(low),
  close: Float64Array.from(close),
});

describe('realised volatility', () => {
  it.each(Object.entries(PUBLISHED))('%s is as TTR publishes it', (estimator, published) => {
    const volatility = realisedVolatility(barsOf(TTRC), estimator as VolatilityEstimator, 10, 260);
    expect(volatility.slice(0, 9).every(Number.isNaN)).toBe(true);
    for (const [index, expected] of published.entries()) expect(volatility[9 + index]).toBeCloseTo(expected, 12);
  });

  it('from close to close is the sample deviation of the log returns, and needs one bar more', () => {
    const volatility = realisedVolatility(barsOf(TTRC), 'CLOSE_TO_CLOSE', 3);
    const returns = [1, 2, 3].map((i) => Math.log(TTRC.close[i]! / TTRC.close[i - 1]!));
    const mean = (returns[0]! + returns[1]! + returns[2]!) / 3;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
    expect(volatility[2]).toBeNaN();
    expect(volatility[3]).toBeCloseTo(Math.sqrt(variance * 252), 12);
  });

  // Sampled in steps, the highest and the lowest price of a day are a little less far apart than they were.
  it('finds the volatility that made the prices, with and without jumps between the days', () => {
    const bars = randomBars({ volatility: 0.3, days: 4_000, stepsPerDay: 400 });
    const found = Object.fromEntries(
      VOLATILITY_ESTIMATORS.map((estimator) => [estimator, realisedVolatility(bars, estimator, 3_999)[3_999]!]),
    );
    expect(Object.entries(found).filter(([, volatility]) => !(Math.abs(volatility - 0.3) < 0.015))).toEqual([]);
    // The others are blind to what happens while the market is closed.
    const jumping = randomBars({ volatility: 0.3, days: 4_000, stepsPerDay: 400, jump: 0.01 });
    const whole = Math.sqrt(0.3 ** 2 + 252 * 0.01 ** 2);
    expect(Math.abs(realisedVolatility(jumping, 'YANG_ZHANG', 3_999)[3_999]! / whole - 1)).toBeLessThan(0.05);
    expect(Math.abs(realisedVolatility(jumping, 'CLOSE_TO_CLOSE', 3_999)[3_999]! / whole - 1)).toBeLessThan(0.03);
  });

  it('does not depend on the unit of the prices', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VOLATILITY_ESTIMATORS), fc.double({ min: 0.01, max: 100, noNaN: true }), (estimator, unit) => {
        const scaled = Object.fromEntries(Object.entries(TTRC).map(([name, values]) => [name, values.map((value) => value * unit)]));
        const [one, other] = [TTRC, scaled as typeof TTRC].map((bars) => realisedVolatility(barsOf(bars), estimator, 5));
        for (const [index, value] of one!.entries())
          expect(Number.isNaN(value) ? Number.isNaN(other![index]!) : Math.abs(other![index]! - value) < 1e-9).toBe(true);
      }),
    );
  });

  it('refuses a window that has no deviation', () => {
    expect(() => realisedVolatility(barsOf(TTRC), 'PARKINSON', 1)).toThrow('expected 2 periods or more, got 1');
  });
});

/** A geometric Brownian motion sampled in small steps; `jump`: deviation of a further log return between each two days. */
function randomBars({ volatility, days, stepsPerDay, jump = 0 }: { volatility: number; days: number; stepsPerDay: number; jump?: number }) {
  let seed = 42;
  const uniform = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const bars = { open: new Float64Array(days), high: new Float64Array(days), low: new Float64Array(days), close: new Float64Array(days) };
  const step = volatility / Math.sqrt(252 * stepsPerDay);
  let price = 100;
  for (let day = 0; day < days; day++) {
    price *= Math.exp(jump * normal());
    bars.open[day] = price;
    let high = price;
    let low = price;
    for (let i = 0; i < stepsPerDay; i++) {
      price *= Math.exp(step * normal());
      if (price > high) high = price;
      if (price < low) low = price;
    }
    bars.high[day] = high;
    bars.low[day] = low;
    bars.close[day] = price;
  }
  return bars;
}
