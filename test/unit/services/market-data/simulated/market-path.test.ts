import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../../src/domain/calendar/day-number.ts';
import { createMarketPath, FIRST_DAY, type MarketPath } from '../../../../../src/services/market-data/simulated/market-path.ts';
import {
  FAST_DEVIATION,
  type PathParameters,
  relativeVolatility,
  SLOW_DEVIATION,
} from '../../../../../src/services/market-data/simulated/path-state.ts';

const CALM: PathParameters = { volatility: 0.2, marketCorrelation: 0.8, leverage: -0.7, jumpsPerYear: 0, jumpDeviation: 0 };

function aPath(overrides: { seed?: number; name?: string; speed?: number; parameters?: Partial<PathParameters> } = {}): MarketPath {
  const { seed = 1, name = 'SPX', speed = 1, parameters } = overrides;
  return createMarketPath({ seed, name, speed, parameters: { ...CALM, ...parameters } });
}

/** Twenty years of days. */
const DAYS = Array.from({ length: 7300 }, (_, i) => FIRST_DAY + i);
const NOON = (FIRST_DAY + 2000.5) * DAY_MS;

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(a: number[], b: number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  return covariance / Math.sqrt(mean(a.map((value) => (value - meanA) ** 2)) * mean(b.map((value) => (value - meanB) ** 2)));
}

function differences(values: number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]!);
}

describe('a market path', () => {
  it('is at the same place at a moment, whatever was asked before', () => {
    const direct = aPath().at(NOON);
    const wandering = aPath();
    for (const at of [NOON - 5 * DAY_MS, NOON + 400 * DAY_MS, 0, NOON - 1, NOON + DAY_MS]) wandering.at(at);
    expect(wandering.at(NOON)).toEqual(direct);
  });

  it('differs by seed and by name', () => {
    const here = aPath().at(NOON).logPrice;
    expect(aPath({ seed: 2 }).at(NOON).logPrice).not.toBe(here);
    expect(aPath({ name: 'NDX' }).at(NOON).logPrice).not.toBe(here);
  });

  it('has no seam at midnight', () => {
    for (let day = FIRST_DAY + 100; day < FIRST_DAY + 140; day++) {
      const path = aPath({ parameters: { jumpsPerYear: 100, jumpDeviation: 0.05 } });
      const before = path.at(day * DAY_MS - 1);
      const after = path.at(day * DAY_MS);
      expect(after).toEqual(path.atStartOfDay(day));
      // One step of 0.66 s at 20 % a year is 0.003 %.
      expect(Math.abs(after.logPrice - before.logPrice)).toBeLessThan(0.0005);
      expect(Math.abs(after.fastVolatility - before.fastVolatility)).toBeLessThan(0.01);
    }
  });

  it('moves at every step, by as much as its volatility says', () => {
    const path = aPath();
    const second = Array.from({ length: 5000 }, (_, i) => path.at(NOON + i * 1000).logPrice);
    const realised = Math.sqrt(mean(differences(second).map((move) => move * move)) * 365 * 86_400);
    const implied = 0.2 * relativeVolatility(path.atStartOfDay(FIRST_DAY + 2000));
    expect(realised / implied).toBeGreaterThan(0.85);
    expect(realised / implied).toBeLessThan(0.95);
  });

  it('stands still before its first day and at speed 0', () => {
    const start = { logPrice: 0, slowVolatility: 0, fastVolatility: 0 };
    expect(aPath().at(Date.UTC(2019, 11, 31))).toEqual(start);
    const frozen = aPath({ speed: 0 }).at(NOON);
    expect(Object.values(frozen).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('moves as much in a day as speed says', () => {
    const deviation = (speed: number): number => {
      const path = aPath({ speed });
      return Math.sqrt(mean(differences(DAYS.slice(0, 3000).map((day) => path.atStartOfDay(day).logPrice)).map((move) => move ** 2)));
    };
    expect(deviation(9) / deviation(1)).toBeGreaterThan(2.7);
    expect(deviation(9) / deviation(1)).toBeLessThan(3.3);
  });
});

describe('over twenty years, some million steps', () => {
  const path = aPath({ parameters: { jumpsPerYear: 5, jumpDeviation: 0.02 } });
  const states = DAYS.map((day) => path.atStartOfDay(day));
  const calmPath = aPath();
  const logPrices = states.map((state) => state.logPrice);

  it('volatility returns to its level and keeps to sane bounds', () => {
    const relative = states.map(relativeVolatility);
    expect(Math.min(...relative)).toBeGreaterThan(0.3);
    expect(Math.max(...relative)).toBeLessThan(3);
    // The mean variance is the long-run one; the slow part leaves some eighty independent quarters.
    expect(mean(relative.map((value) => value * value))).toBeGreaterThan(0.75);
    expect(mean(relative.map((value) => value * value))).toBeLessThan(1.35);
  });

  it('both parts of volatility have their stationary deviation and their half-life', () => {
    const fast = states.map((state) => state.fastVolatility);
    const slow = states.map((state) => state.slowVolatility);
    expect(Math.sqrt(mean(fast.map((value) => (value - mean(fast)) ** 2))) / FAST_DEVIATION).toBeCloseTo(1, 0.9);
    expect(Math.sqrt(mean(slow.map((value) => value ** 2))) / SLOW_DEVIATION).toBeGreaterThan(0.7);
    expect(Math.sqrt(mean(slow.map((value) => value ** 2))) / SLOW_DEVIATION).toBeLessThan(1.3);
    expect(correlation(fast.slice(5), fast.slice(0, -5))).toBeCloseTo(0.5, 1);
    expect(correlation(slow.slice(90), slow.slice(0, -90))).toBeGreaterThan(0.2);
    expect(correlation(slow.slice(90), slow.slice(0, -90))).toBeLessThan(0.75);
  });

  it('prices stay around their reference', () => {
    expect(Math.max(...logPrices.map(Math.abs))).toBeLessThan(0.6);
  });

  it('volatility rises when prices fall', () => {
    const calm = DAYS.map((day) => calmPath.atStartOfDay(day));
    const moves = differences(calm.map((state) => state.logPrice));
    expect(correlation(moves, differences(calm.map((state) => state.fastVolatility)))).toBeLessThan(-0.5);
  });

  it('underlyings move together as far as both follow the market', () => {
    const other = aPath({ name: 'AAPL', parameters: { marketCorrelation: 0.5 } });
    const moves = differences(DAYS.map((day) => calmPath.atStartOfDay(day).logPrice));
    expect(correlation(moves, differences(DAYS.map((day) => other.atStartOfDay(day).logPrice)))).toBeCloseTo(0.8 * 0.5, 1);
  });

  it('jumps come as often as stated, and within the day they happen', () => {
    const jumpy = aPath({ parameters: { volatility: 0.0001, jumpsPerYear: 12, jumpDeviation: 0.05 } });
    const moves = differences(DAYS.map((day) => jumpy.atStartOfDay(day).logPrice));
    const jumps = moves.map((move, i) => ({ move, day: FIRST_DAY + i })).filter(({ move }) => Math.abs(move) > 0.005);
    expect(jumps.length / 20).toBeGreaterThan(9);
    expect(jumps.length / 20).toBeLessThan(13);
    const { day, move } = jumps.find((jump) => Math.abs(jump.move) > 0.05)!;
    const hours = Array.from({ length: 1440 }, (_, minute) => jumpy.at(day * DAY_MS + minute * 60_000).logPrice);
    const largest = Math.max(...differences(hours).map(Math.abs));
    expect(largest / Math.abs(move)).toBeGreaterThan(0.9);
  });
});
