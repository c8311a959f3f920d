import { describe, expect, it } from 'vitest';
import { type Forecast, type ForecastRefusal, forecast } from '../../../../../src/domain/analytics/forecasts/forecast.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

function run(values: readonly number[], horizon: number, seasonLength = 0): Forecast | ForecastRefusal {
  const steps = forecast(values, horizon, seasonLength);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function forecastOf(values: readonly number[], horizon: number, seasonLength = 0): Forecast {
  const told = run(values, horizon, seasonLength);
  if (told.kind !== 'forecast') throw new Error(told.message);
  return told;
}

describe('a forecast', () => {
  const random = seededRandom(21);
  const week = [0, 6, -4, 10, -12];
  const weekly = Array.from({ length: 100 }, (_, index) => 100 + week[index % 5]! + random());

  it('of what comes again beats saying that nothing changes, and says by how much it has erred', () => {
    const { backTest, shape, points, isLogarithmic } = forecastOf(weekly, 5, 5);
    expect(shape.seasonLength).toBe(5);
    expect(isLogarithmic).toBe(true);
    expect(backTest.origins).toBe(12);
    expect(backTest.forecasts).toBe(60);
    expect(backTest.meanAbsoluteError).toBeLessThan(1);
    expect(backTest.naiveMeanAbsoluteError).toBeGreaterThan(5);
    expect(backTest.scaledError).toBeLessThan(0.2);
    for (const { step, value } of points) expect(Math.abs(value - (100.5 + week[(100 + step - 1) % 5]!))).toBeLessThan(1);
  });

  it('of a random walk does not pretend to beat it, and its intervals hold what came about as often as they say', () => {
    let within80 = 0;
    let error = 0;
    let naive = 0;
    const walks = 12;
    for (let seed = 1; seed <= walks; seed++) {
      const step = seededRandom(seed);
      let value = 0;
      const { backTest } = forecastOf(
        Array.from({ length: 120 }, () => {
          value += step() - 0.5;
          return value;
        }),
        5,
      );
      within80 += backTest.coverage80 / walks;
      error += backTest.meanAbsoluteError;
      naive += backTest.naiveMeanAbsoluteError;
    }
    expect(error / naive).toBeGreaterThan(0.95);
    expect(error / naive).toBeLessThan(1.2);
    expect(within80).toBeGreaterThan(0.65);
    expect(within80).toBeLessThan(0.92);
  });

  it('of values above 0 has no interval below it', () => {
    const noisy = seededRandom(2);
    const values = Array.from({ length: 60 }, () => 0.001 + noisy() ** 4);
    const { points, isLogarithmic } = forecastOf(values, 20);
    expect(isLogarithmic).toBe(true);
    for (const { lower95, lower80, value, upper80, upper95 } of points) {
      expect([0, lower95, lower80, value, upper80, upper95]).toEqual(
        [0, lower95, lower80, value, upper80, upper95].toSorted((a, b) => a - b),
      );
      expect(lower95).toBeGreaterThan(0);
    }
  });

  it('is told from values alone: each origin of the back-test knows only what came before', () => {
    const changed = weekly.map((value, index) => (index >= 95 ? value * 3 : value));
    // All origins but those whose horizon reaches the change are the same: the error grows by just theirs.
    expect(forecastOf(changed.slice(0, 95), 5, 5)).toEqual(forecastOf(weekly.slice(0, 95), 5, 5));
    expect(forecastOf(changed, 5, 5).backTest.meanAbsoluteError).toBeGreaterThan(5);
  });

  it('pauses after each fit', () => {
    const steps = forecast(weekly, 5, 5);
    let pauses = 0;
    while (!steps.next().done) pauses++;
    expect(pauses).toBe(13 * 4);
  });
});

describe('a forecast is refused', () => {
  it.each([
    ['without values', [], 1, 'TOO_LITTLE_HISTORY', 'expected 30 market days in a row or more to forecast 1, got 0'],
    ['of one value', [1], 1, 'TOO_LITTLE_HISTORY', 'expected 30 market days in a row or more to forecast 1, got 1'],
    [
      'of 29 values',
      Array.from({ length: 29 }, (_, i) => i),
      5,
      'TOO_LITTLE_HISTORY',
      'expected 30 market days in a row or more to forecast 5, got 29',
    ],
    [
      'for a horizon of more than half of the values',
      Array.from({ length: 60 }, (_, i) => i),
      31,
      'TOO_LITTLE_HISTORY',
      'expected 62 market days in a row or more to forecast 31, got 60',
    ],
    ['of a constant', Array(50).fill(3), 5, 'CONSTANT', 'expected values that differ, got one value all the time'],
    [
      'of what was constant until the end',
      [...Array(50).fill(3), 4],
      5,
      'CONSTANT',
      'expected values that differ, got one value all the time',
    ],
  ])('%s', (_what, values, horizon, reason, message) => {
    expect(run(values, horizon)).toEqual({ kind: 'refusal', reason, message });
  });
});
