import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { expectedCallPayoff, expectedPutPayoff } from '../../../../src/domain/pricing/expected-payoff.ts';
import { partialExpectationBelow } from '../../../../src/domain/pricing/partial-expectation.ts';
import { probabilityAbove, probabilityBelow } from '../../../../src/domain/pricing/probability-below.ts';
import { probabilityInTheMoney } from '../../../../src/domain/pricing/probability-in-the-money.ts';
import { probabilityOfTouch } from '../../../../src/domain/pricing/probability-of-touch.ts';

const market = fc.record({
  forward: fc.double({ min: 1, max: 1000, noNaN: true }),
  moneyness: fc.double({ min: 0.2, max: 5, noNaN: true }),
  years: fc.double({ min: 0.003, max: 3, noNaN: true }),
  volatility: fc.double({ min: 0.03, max: 2, noNaN: true }),
});

/** Lognormal density of the price at expiration, integrated by Simpson's rule over ln(price). */
function integrate(
  payoff: (price: number) => number,
  from: number,
  to: number,
  forward: number,
  years: number,
  volatility: number,
): number {
  const deviation = volatility * Math.sqrt(years);
  const mean = Math.log(forward) - 0.5 * deviation * deviation;
  const low = Math.max(Math.log(from), mean - 10 * deviation);
  const high = Math.min(Math.log(to), mean + 10 * deviation);
  if (low >= high) return 0;
  const steps = 4000;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const y = low + ((high - low) * i) / steps;
    const z = (y - mean) / deviation;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += (weight * payoff(Math.exp(y)) * Math.exp(-0.5 * z * z)) / (deviation * Math.sqrt(2 * Math.PI));
  }
  return (sum * (high - low)) / (3 * steps);
}

describe('probabilities at expiration', () => {
  test('are the lognormal density, integrated', () => {
    for (const [level, forward, years, volatility] of [
      [100, 100, 0.25, 0.2],
      [80, 100, 1, 0.5],
      [130, 100, 0.1, 0.9],
    ] as const) {
      expect(probabilityBelow(level, forward, years, volatility)).toBeCloseTo(
        integrate(() => 1, 1e-9, level, forward, years, volatility),
        8,
      );
      expect(partialExpectationBelow(level, forward, years, volatility)).toBeCloseTo(
        integrate((price) => price, 1e-9, level, forward, years, volatility),
        6,
      );
      expect(expectedCallPayoff(level, forward, years, volatility)).toBeCloseTo(
        integrate((price) => price - level, level, 1e9, forward, years, volatility),
        6,
      );
      expect(expectedPutPayoff(level, forward, years, volatility)).toBeCloseTo(
        integrate((price) => level - price, 1e-9, level, forward, years, volatility),
        6,
      );
    }
  });

  // Hull, example 15.6 (9th edition): S = 42, K = 40, r = 10 %, σ = 20 %, T = 0.5 give d2 = 0.6278, N(d2) = 0.7349.
  test('a call ends in the money with N(d2), a put with N(-d2)', () => {
    const forward = 42 * Math.exp(0.05);
    expect(probabilityInTheMoney(CALL, forward, 40, 0.5, 0.2)).toBeCloseTo(0.7349, 4);
    expect(probabilityInTheMoney(PUT, forward, 40, 0.5, 0.2)).toBeCloseTo(1 - 0.7349, 4);
  });

  test('below and above add up to one, and rise and fall with the level', () => {
    fc.assert(
      fc.property(market, ({ forward, moneyness, years, volatility }) => {
        const level = forward * moneyness;
        const below = probabilityBelow(level, forward, years, volatility);
        expect(below + probabilityAbove(level, forward, years, volatility)).toBeCloseTo(1, 12);
        expect(probabilityBelow(level * 1.05, forward, years, volatility)).toBeGreaterThanOrEqual(below);
        expect(below).toBeGreaterThanOrEqual(0);
        expect(below).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('call less put payoff is the forward less the strike', () => {
    fc.assert(
      fc.property(market, ({ forward, moneyness, years, volatility }) => {
        const strike = forward * moneyness;
        const difference = expectedCallPayoff(strike, forward, years, volatility) - expectedPutPayoff(strike, forward, years, volatility);
        expect(Math.abs(difference - (forward - strike))).toBeLessThan(1e-12 * (forward + strike));
      }),
    );
  });

  test('levels of 0 and less, and a price that cannot move any more', () => {
    expect(probabilityBelow(0, 100, 1, 0.2)).toBe(0);
    expect(probabilityAbove(-5, 100, 1, 0.2)).toBe(1);
    expect(partialExpectationBelow(-1, 100, 1, 0.2)).toBe(0);
    expect(expectedCallPayoff(-10, 100, 1, 0.2)).toBe(110);
    expect(expectedPutPayoff(-10, 100, 1, 0.2)).toBe(0);
    expect(probabilityBelow(101, 100, 0, 0.2)).toBe(1);
    expect(probabilityBelow(99, 100, 1, 0)).toBe(0);
    expect(probabilityAbove(99, 100, 0, 0.2)).toBe(1);
    expect(partialExpectationBelow(101, 100, 0, 0.2)).toBe(100);
  });

  test('what is not known stays unknown', () => {
    expect(probabilityBelow(Number.NaN, 100, 1, 0.2)).toBeNaN();
    expect(probabilityBelow(100, Number.NaN, 1, 0.2)).toBeNaN();
    expect(probabilityAbove(100, 100, -1, 0.2)).toBeNaN();
    expect(probabilityInTheMoney(CALL, 100, 100, 1, Number.NaN)).toBeNaN();
    expect(expectedCallPayoff(-1, Number.NaN, 1, 0.2)).toBeNaN();
    expect(partialExpectationBelow(100, 0, 1, 0.2)).toBeNaN();
    expect(probabilityOfTouch(100, 90, 90, 1, Number.NaN)).toBeNaN();
  });
});

describe('probability of touch', () => {
  test('without drift in the logarithm it is exactly twice the probability of ending beyond', () => {
    const [spot, years, volatility] = [100, 0.5, 0.3];
    const forward = spot * Math.exp(0.5 * volatility * volatility * years);
    for (const level of [70, 95, 105, 140]) {
      const beyond =
        level < spot ? probabilityBelow(level, forward, years, volatility) : probabilityAbove(level, forward, years, volatility);
      expect(probabilityOfTouch(level, spot, forward, years, volatility)).toBeCloseTo(2 * beyond, 12);
    }
  });

  test('is at least the probability of ending beyond, at most 1, and 1 at the spot', () => {
    fc.assert(
      fc.property(market, fc.double({ min: -0.2, max: 0.2, noNaN: true }), ({ forward, moneyness, years, volatility }, carry) => {
        const spot = forward * Math.exp(-carry * years);
        const level = spot * moneyness;
        const touch = probabilityOfTouch(level, spot, forward, years, volatility);
        const beyond =
          level < spot ? probabilityBelow(level, forward, years, volatility) : probabilityAbove(level, forward, years, volatility);
        expect(touch).toBeGreaterThanOrEqual(beyond - 1e-12);
        expect(touch).toBeLessThanOrEqual(1);
        expect(probabilityOfTouch(spot, spot, forward, years, volatility)).toBe(1);
      }),
    );
  });

  test('a steep drift overflows nothing', () => {
    expect(probabilityOfTouch(150, 100, 200, 1, 0.01)).toBeCloseTo(1, 10);
    expect(probabilityOfTouch(150, 100, 100, 1, 0.005)).toBeCloseTo(0, 10);
    expect(probabilityOfTouch(50, 100, 200, 1, 0.01)).toBeCloseTo(0, 10);
    expect(probabilityOfTouch(150, 100, 200, 1, 0)).toBe(1);
    expect(probabilityOfTouch(50, 100, 200, 1, 0)).toBe(0);
  });

  test('rises with time and volatility when there is no carry', () => {
    for (const level of [80, 90, 110, 125]) {
      const base = probabilityOfTouch(level, 100, 100, 0.2, 0.2);
      expect(probabilityOfTouch(level, 100, 100, 0.4, 0.2)).toBeGreaterThan(base);
      expect(probabilityOfTouch(level, 100, 100, 0.2, 0.3)).toBeGreaterThan(base);
    }
  });
});
