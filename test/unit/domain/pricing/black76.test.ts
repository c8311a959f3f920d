import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { black76Price, black76Vega } from '../../../../src/domain/pricing/black76.ts';
import { black76Greeks } from '../../../../src/domain/pricing/black76-greeks.ts';
import { BLACK76_PRICES } from './published/black76-prices.ts';

describe('Black-76', () => {
  test.each(BLACK76_PRICES)(
    'published price of right %d, forward %d, strike %d',
    (right, forward, strike, rate, years, volatility, price, tolerance) => {
      expect(Math.abs(black76Price(right, forward, strike, years, volatility, Math.exp(-rate * years)) - price)).toBeLessThanOrEqual(
        tolerance,
      );
    },
  );

  test.each([CALL, PUT] as const)('greeks of right %d are the slopes of the price with the forward as the underlying', (right) => {
    const [forward, strike, years, volatility, rate] = [105, 100, 0.7, 0.3, 0.04];
    const price = (f: number, t: number, v: number, r: number) => black76Price(right, f, strike, t, v, Math.exp(-r * t));
    const slope = (at: (shift: number) => number, step: number) => (at(step) - at(-step)) / (2 * step);
    const { delta, gamma, vega, theta, rho } = black76Greeks(right, forward, strike, years, volatility, rate);
    expect(delta).toBeCloseTo(
      slope((h) => price(forward + h, years, volatility, rate), 1e-3),
      8,
    );
    expect(gamma).toBeCloseTo(
      slope((h) => black76Greeks(right, forward + h, strike, years, volatility, rate).delta, 1e-3),
      8,
    );
    expect(vega * 100).toBeCloseTo(
      slope((h) => price(forward, years, volatility + h, rate), 1e-5),
      6,
    );
    expect(black76Vega(forward, strike, years, volatility, Math.exp(-rate * years))).toBeCloseTo(vega * 100, 10);
    expect(-theta * 365).toBeCloseTo(
      slope((h) => price(forward, years + h, volatility, rate), 1e-6),
      5,
    );
    expect(rho * 100).toBeCloseTo(
      slope((h) => price(forward, years, volatility, rate + h), 1e-6),
      5,
    );
  });

  // Deribit's ticker of BTC-15JAN21-28000-C on 2020-12-31: delta 0.62396, vega 22.57564, theta -64.77785, gamma 0.00007 (theirs in USD).
  test('agrees with the greeks Deribit publishes', () => {
    const years = (Date.UTC(2021, 0, 15, 8) - 1_609_384_730_848) / (365 * 86_400_000);
    const { delta, vega, theta, gamma } = black76Greeks(CALL, 29153.69, 28000, years, 0.872, 0);
    expect(delta).toBeCloseTo(0.62396, 4);
    expect(vega).toBeCloseTo(22.57564, 2);
    expect(theta).toBeCloseTo(-64.77785, 1);
    expect(gamma).toBeCloseTo(0.00007, 5);
  });

  test('is unknown where it is not defined', () => {
    expect(black76Price(CALL, 0, 100, 1, 0.2, 1)).toBeNaN();
    expect(black76Vega(100, 100, 1, -0.2, 1)).toBeNaN();
    expect(black76Greeks(CALL, 100, 100, 0, 0.2, 0).vega).toBeNaN();
  });
});
