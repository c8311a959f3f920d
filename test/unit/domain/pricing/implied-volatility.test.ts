import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { black76Price } from '../../../../src/domain/pricing/black76.ts';
import { impliedDeviation, impliedDeviationFrom } from '../../../../src/domain/pricing/implied-deviation.ts';
import { guessImpliedDeviation } from '../../../../src/domain/pricing/implied-deviation-guess.ts';
import { black76ImpliedVolatility, bsmImpliedVolatility } from '../../../../src/domain/pricing/implied-volatility.ts';
import { normalisedBlack, normalisedVega } from '../../../../src/domain/pricing/normalised-black.ts';
import { IMPLIED_VOLATILITIES } from './published/implied-volatilities.ts';

/** How far the deviation moves, relatively, when the price moves by half a unit in its last place. */
function attainable(x: number, s: number, beta: number): number {
  return 1.2e-16 * Math.max(1, beta / (s * normalisedVega(x, s)));
}

describe('implied volatility against published numbers', () => {
  test.each(IMPLIED_VOLATILITIES)(
    'right %d, strike %d, spot %d, yield %d, rate %d, years %d, price %d',
    (right, strike, spot, dividendYield, rate, years, price, volatility, tolerance) => {
      const implied = bsmImpliedVolatility(price, right, spot, strike, years, rate, dividendYield);
      expect(Math.abs(implied - volatility)).toBeLessThanOrEqual(tolerance);
    },
  );
});

describe('implied deviation', () => {
  const logUniform = (min: number, max: number) =>
    fc.double({ min: Math.log10(min), max: Math.log10(max), noNaN: true }).map((power) => 10 ** power);
  const moneyness = fc.oneof(
    fc.constant(0),
    logUniform(1e-12, 1).map((x) => -x),
    logUniform(0.1, 300).map((x) => -x),
  );

  test('gives back the deviation of any price, however small or large, to the digits the price carries', () => {
    fc.assert(
      fc.property(moneyness, logUniform(1e-10, 30), (x, s) => {
        const beta = normalisedBlack(x, s);
        const maximum = Math.exp(0.5 * x);
        // Near the maximum the price carries no digits of the deviation at all.
        fc.pre(beta > 1e-300 && beta < maximum * (1 - 1e-12));
        const error = Math.abs(impliedDeviation(beta, x) / s - 1);
        expect(error).toBeLessThan(40 * attainable(x, s, beta));
      }),
      { numRuns: 3000 },
    );
  });

  test('the rational guess is within 12 %', () => {
    fc.assert(
      fc.property(moneyness, logUniform(1e-6, 10), (x, s) => {
        const beta = normalisedBlack(x, s);
        fc.pre(beta > 1e-300 && beta < Math.exp(0.5 * x) * (1 - 1e-12));
        expect(Math.abs(guessImpliedDeviation(beta, x) / s - 1)).toBeLessThan(0.12);
      }),
      { numRuns: 1000 },
    );
  });

  test('finds the same from any start', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 0, noNaN: true }), logUniform(0.01, 3), logUniform(1e-3, 1e3), (x, s, factor) => {
        const beta = normalisedBlack(x, s);
        fc.pre(beta > 1e-300 && beta < Math.exp(0.5 * x) * (1 - 1e-9));
        const error = Math.abs(impliedDeviationFrom(s * factor, beta, x, Math.exp(0.5 * x)) / s - 1);
        expect(error).toBeLessThan(100 * attainable(x, s, beta));
      }),
      { numRuns: 2000 },
    );
  });

  test('is NaN at and outside the limits of a price, finite inside them', () => {
    const maximum = Math.exp(-0.05);
    expect(impliedDeviation(0, -0.1)).toBeNaN();
    expect(impliedDeviation(-1e-9, -0.1)).toBeNaN();
    expect(impliedDeviation(maximum, -0.1)).toBeNaN();
    expect(impliedDeviation(Number.NaN, -0.1)).toBeNaN();
    expect(impliedDeviation(0.1, Number.NaN)).toBeNaN();
    for (const x of [0, -1e-300, -0.1, -30, -700, -1400]) {
      for (const beta of [Number.MIN_VALUE, 1e-308, 1e-200, 1e-20, Math.exp(0.5 * x) * 0.5, Math.exp(0.5 * x) * (1 - 2 ** -52)]) {
        if (beta >= Math.exp(0.5 * x)) continue;
        const s = impliedDeviation(beta, x);
        expect(Number.isFinite(s) && s > 0, `impliedDeviation(${beta}, ${x}) = ${s}`).toBe(true);
      }
    }
  });
});

describe('implied volatility of a price', () => {
  const option = fc.record({
    right: fc.constantFrom<0 | 1>(CALL, PUT),
    forward: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
    moneyness: fc.double({ min: 0.3, max: 3, noNaN: true }),
    years: fc.double({ min: 1 / 365, max: 5, noNaN: true }),
    volatility: fc.double({ min: 0.02, max: 5, noNaN: true }),
    discountFactor: fc.double({ min: 0.7, max: 1.05, noNaN: true }),
  });

  test('prices the option as it is priced', () => {
    fc.assert(
      fc.property(option, ({ right, forward, moneyness, years, volatility, discountFactor }) => {
        const strike = forward * moneyness;
        const price = black76Price(right, forward, strike, years, volatility, discountFactor);
        const timeValue = black76Price(strike > forward ? CALL : PUT, forward, strike, years, volatility, discountFactor);
        // In the money the time value may drown in the rounding of the price, and far out of it underflow; then there is nothing to invert.
        fc.pre(timeValue > 1e-12 * price && timeValue > 1e-290);
        const implied = black76ImpliedVolatility(price, right, forward, strike, years, discountFactor);
        const h = Math.log(forward / strike) / (volatility * Math.sqrt(years));
        // A price that far out moves by h² times the relative rounding of the volatility.
        const again = black76Price(right, forward, strike, years, implied, discountFactor);
        expect(Math.abs(again - price)).toBeLessThanOrEqual(1e-14 * (10 + h * h) * price);
      }),
      { numRuns: 2000 },
    );
  });

  test('is NaN at or below the discounted intrinsic value and at or above the largest price', () => {
    const solve = (price: number, right: 0 | 1) => black76ImpliedVolatility(price, right, 110, 100, 0.5, 0.98);
    expect(solve(0.98 * 10 - 1e-9, CALL)).toBeNaN();
    expect(solve(0.98 * 10 + 1e-3, CALL)).toBeGreaterThan(0);
    expect(solve(0.98 * 110, CALL)).toBeNaN();
    expect(solve(0.98 * 109, CALL)).toBeGreaterThan(0);
    expect(solve(0, PUT)).toBeNaN();
    expect(solve(1e-12, PUT)).toBeGreaterThan(0);
    expect(solve(98, PUT)).toBeNaN();
    expect(solve(97, PUT)).toBeGreaterThan(0);
    expect(solve(Number.NaN, CALL)).toBeNaN();
    expect(black76ImpliedVolatility(5, CALL, 100, 100, 0, 1)).toBeNaN();
  });
});
