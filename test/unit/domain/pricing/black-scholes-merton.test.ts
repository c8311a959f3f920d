import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { bsmGreeks, bsmPrice } from '../../../../src/domain/pricing/black-scholes-merton.ts';
import { BLACK_SCHOLES_GRID } from './published/black-scholes-grid.ts';
import { EUROPEAN_PRICES } from './published/european-prices.ts';
import { GREEKS } from './published/greeks.ts';
import { relativeError } from './relative-error.ts';

describe('Black-Scholes-Merton against published numbers', () => {
  test.each(EUROPEAN_PRICES)(
    'price of right %d, strike %d, spot %d, yield %d, rate %d, years %d, volatility %d',
    (right, strike, spot, dividendYield, rate, years, volatility, price) => {
      expect(Math.abs(bsmPrice(right, spot, strike, years, volatility, rate, dividendYield) - price)).toBeLessThanOrEqual(1e-4);
    },
  );

  test.each(GREEKS)(
    '%s of right %d, strike %d, spot %d, yield %d, rate %d, years %d, volatility %d',
    (greek, right, strike, spot, dividendYield, rate, years, volatility, expected, tolerance) => {
      const inputs = [right, spot, strike, years, volatility, rate, dividendYield] as const;
      const price = bsmPrice(...inputs);
      const { delta, gamma, vega, theta, rho } = bsmGreeks(...inputs);
      const values: Readonly<Record<string, number>> = {
        delta,
        gamma,
        elasticity: (delta * spot) / price,
        vega: vega * 100,
        vega_per_1pct: vega,
        theta_per_year: theta * 365,
        theta_per_day: theta,
        rho: rho * 100,
        rho_per_1pct: rho,
        // ∂price/∂q = -S·T·delta
        dividend_rho: -spot * years * delta,
      };
      expect(Math.abs(values[greek.replace('_textbook', '')]! - expected)).toBeLessThanOrEqual(tolerance);
    },
  );

  test.each(BLACK_SCHOLES_GRID.map((row) => ({ row })))('grid: spot, strike, rate, years, volatility … $row', ({ row }) => {
    const [spot, strike, rate, years, volatility, call, put, callDelta, callGamma, callTheta, callVega, callRho] = row;
    const [putDelta, putTheta, putRho] = [row[12], row[13], row[14]];
    const calls = bsmGreeks(CALL, spot, strike, years, volatility, rate, 0);
    const puts = bsmGreeks(PUT, spot, strike, years, volatility, rate, 0);
    const pairs: readonly (readonly [number, number])[] = [
      [bsmPrice(CALL, spot, strike, years, volatility, rate, 0), call],
      [bsmPrice(PUT, spot, strike, years, volatility, rate, 0), put],
      [calls.delta, callDelta],
      [calls.gamma, callGamma],
      [calls.theta * 365, callTheta],
      [calls.vega * 100, callVega],
      [calls.rho * 100, callRho],
      [puts.delta, putDelta],
      [puts.gamma, callGamma],
      [puts.theta * 365, putTheta],
      [puts.vega * 100, callVega],
      [puts.rho * 100, putRho],
    ];
    // The table is rounded to ten decimals or, beyond them, to ten digits.
    for (const [actual, expected] of pairs) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 + 1e-9 * Math.abs(expected));
  });

  test.each(
    // The last column is worth its ten digits where it was not rounded to ten decimals.
    BLACK_SCHOLES_GRID.map((row) => ({ row, digits: row[15] })).filter(({ digits }) => digits > 0 && (digits < 1e-12 || digits > 1)),
  )('digits of the call price, however small: $digits', ({ row, digits }) => {
    const [spot, strike, rate, years, volatility] = row;
    expect(relativeError(bsmPrice(CALL, spot, strike, years, volatility, rate, 0), digits)).toBeLessThan(1e-9);
  });
});

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const option = fc.tuple(
  positive(1, 1e4),
  positive(0.2, 5),
  positive(0.003, 5),
  positive(0.02, 2),
  positive(-0.05, 0.15),
  positive(-0.05, 0.15),
);

describe('Black-Scholes-Merton for any option', () => {
  test('put-call parity holds to rounding', () => {
    fc.assert(
      fc.property(option, ([spot, moneyness, years, volatility, rate, dividendYield]) => {
        const strike = spot * moneyness;
        const call = bsmPrice(CALL, spot, strike, years, volatility, rate, dividendYield);
        const put = bsmPrice(PUT, spot, strike, years, volatility, rate, dividendYield);
        const difference = spot * Math.exp(-dividendYield * years) - strike * Math.exp(-rate * years);
        expect(Math.abs(call - put - difference)).toBeLessThan(1e-13 * (spot + strike));
      }),
    );
  });

  test('prices stay within their bounds and rise with volatility', () => {
    fc.assert(
      fc.property(option, fc.constantFrom<0 | 1>(CALL, PUT), ([spot, moneyness, years, volatility, rate, dividendYield], right) => {
        const strike = spot * moneyness;
        const price = bsmPrice(right, spot, strike, years, volatility, rate, dividendYield);
        const forwardNow = spot * Math.exp(-dividendYield * years);
        const strikeNow = strike * Math.exp(-rate * years);
        const rounding = 1e-13 * (spot + strike);
        expect(price).toBeGreaterThanOrEqual(Math.max(0, right === CALL ? forwardNow - strikeNow : strikeNow - forwardNow) - rounding);
        expect(price).toBeLessThanOrEqual((right === CALL ? forwardNow : strikeNow) + rounding);
        expect(bsmPrice(right, spot, strike, years, volatility * 1.1, rate, dividendYield)).toBeGreaterThanOrEqual(price - rounding);
      }),
    );
  });

  test('greeks are the slopes of the price, in their units', () => {
    fc.assert(
      fc.property(
        fc.tuple(positive(0.7, 1.4), positive(0.05, 2), positive(0.1, 0.8), positive(0, 0.1), positive(0, 0.1)),
        fc.constantFrom<0 | 1>(CALL, PUT),
        ([moneyness, years, volatility, rate, dividendYield], right) => {
          const spot = 100;
          const strike = spot * moneyness;
          const price = (s: number, t: number, v: number, r: number) => bsmPrice(right, s, strike, t, v, r, dividendYield);
          const slope = (at: (shift: number) => number, step: number) => (at(step) - at(-step)) / (2 * step);
          const { delta, gamma, vega, theta, rho } = bsmGreeks(right, spot, strike, years, volatility, rate, dividendYield);
          const deltaAt = (s: number) => bsmGreeks(right, s, strike, years, volatility, rate, dividendYield).delta;
          expect(delta).toBeCloseTo(
            slope((h) => price(spot + h, years, volatility, rate), 0.01),
            5,
          );
          expect(gamma).toBeCloseTo(
            slope((h) => deltaAt(spot + h), 0.01),
            5,
          );
          expect(vega * 100).toBeCloseTo(
            slope((h) => price(spot, years, volatility + h, rate), 1e-4),
            4,
          );
          expect(-theta * 365).toBeCloseTo(
            slope((h) => price(spot, years + h, volatility, rate), 1e-5),
            4,
          );
          expect(rho * 100).toBeCloseTo(
            slope((h) => price(spot, years, volatility, rate + h), 1e-5),
            4,
          );
        },
      ),
    );
  });

  test('an argument out of range gives NaN, never a number that looks right', () => {
    expect(bsmPrice(CALL, -1, 100, 1, 0.2, 0, 0)).toBeNaN();
    expect(bsmPrice(CALL, 100, 0, 1, 0.2, 0, 0)).toBeNaN();
    expect(bsmPrice(CALL, 100, 100, -1, 0.2, 0, 0)).toBeNaN();
    expect(bsmPrice(CALL, 100, 100, 1, Number.NaN, 0, 0)).toBeNaN();
    expect(bsmGreeks(PUT, 100, 100, 0, 0.2, 0, 0).delta).toBeNaN();
    expect(bsmGreeks(PUT, 100, 100, 1, 0, 0, 0).gamma).toBeNaN();
  });

  test('without time or volatility the price is the discounted intrinsic value', () => {
    expect(bsmPrice(CALL, 110, 100, 0, 0.2, 0.05, 0)).toBeCloseTo(10, 12);
    expect(bsmPrice(CALL, 100, 100, 1, 0, 0.05, 0)).toBeCloseTo(100 - 100 * Math.exp(-0.05), 12);
    expect(bsmPrice(PUT, 100, 90, 1, 0, 0.05, 0)).toBe(0);
  });
});
