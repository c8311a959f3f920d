import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { americanImpliedVolatility } from '../../../../src/domain/pricing/american-implied-volatility.ts';
import { americanPrice, earlyExercisePremium } from '../../../../src/domain/pricing/american-price.ts';
import { americanTerms } from '../../../../src/domain/pricing/american-terms.ts';
import { bsmPrice } from '../../../../src/domain/pricing/black-scholes-merton.ts';
import { criticalPrice, premiumExponent } from '../../../../src/domain/pricing/critical-price.ts';
import { BARONE_ADESI_WHALEY_PRICES, EXACT_AMERICAN_PRICES, JU_ZHONG_PRICES } from './published/american-prices.ts';

/** The quadratic approximation itself, from the critical price and exponent under test: the published table is its. */
function baroneAdesiWhaley(
  right: 0 | 1,
  spot: number,
  strike: number,
  years: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const terms = americanTerms(years, rate, dividendYield);
  const european = bsmPrice(right, spot, strike, years, volatility, rate, dividendYield);
  if ((right === CALL ? dividendYield : rate) <= 0) return european;
  const side = right === CALL ? 1 : -1;
  const critical = strike * criticalPrice(right, volatility, terms);
  if (side * (spot - critical) >= 0) return side * (spot - strike);
  const atCritical = side * (critical - strike) - bsmPrice(right, critical, strike, years, volatility, rate, dividendYield);
  return european + atCritical * (spot / critical) ** premiumExponent(right, volatility, terms);
}

describe('American options against published numbers', () => {
  test.each(BARONE_ADESI_WHALEY_PRICES)(
    'Barone-Adesi-Whaley: right %d, strike %d, spot %d, yield %d, rate %d, years %d, volatility %d',
    (right, strike, spot, dividendYield, rate, years, volatility, price) => {
      expect(Math.abs(baroneAdesiWhaley(right, spot, strike, years, volatility, rate, dividendYield) - price)).toBeLessThanOrEqual(0.003);
    },
  );

  test.each(JU_ZHONG_PRICES)(
    'Ju-Zhong: right %d, strike %d, spot %d, yield %d, rate %d, years %d, volatility %d',
    (right, strike, spot, dividendYield, rate, years, volatility, price) => {
      expect(Math.abs(americanPrice(right, spot, strike, years, volatility, rate, dividendYield) - price)).toBeLessThanOrEqual(0.001);
    },
  );

  test.each(
    // A yield of 1000 % and 170 years are beyond what the approximation is for.
    EXACT_AMERICAN_PRICES.filter(([, , , dividendYield, , years]) => dividendYield < 5 && years < 20),
  )(
    'exact price within 0.5 %%: right %d, strike %d, spot %d, yield %d, rate %d, years %d, volatility %d',
    (right, strike, spot, dividendYield, rate, years, volatility, price) => {
      expect(Math.abs(americanPrice(right, spot, strike, years, volatility, rate, dividendYield) - price)).toBeLessThanOrEqual(
        0.005 * price + 1e-8,
      );
    },
  );
});

const listed = fc.record({
  right: fc.constantFrom<0 | 1>(CALL, PUT),
  spot: fc.constant(100),
  strike: fc.double({ min: 40, max: 250, noNaN: true }),
  years: fc.double({ min: 1 / 365, max: 3, noNaN: true }),
  volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  rate: fc.double({ min: -0.01, max: 0.12, noNaN: true }),
  dividendYield: fc.double({ min: -0.01, max: 0.15, noNaN: true }),
});

describe('American options as listed', () => {
  test('are worth at least the European option and immediate exercise, and at most the spot or the strike', () => {
    fc.assert(
      fc.property(listed, ({ right, spot, strike, years, volatility, rate, dividendYield }) => {
        const price = americanPrice(right, spot, strike, years, volatility, rate, dividendYield);
        const european = bsmPrice(right, spot, strike, years, volatility, rate, dividendYield);
        expect(price).toBeGreaterThanOrEqual(european);
        expect(price).toBeGreaterThanOrEqual((right === CALL ? spot - strike : strike - spot) - 1e-12 * strike);
        expect(price).toBeLessThanOrEqual(Math.max(european, right === CALL ? spot : strike) + 1e-9);
        const premium = earlyExercisePremium(european, right, spot, strike, volatility, americanTerms(years, rate, dividendYield));
        expect(premium).toBeCloseTo(price - european, 10);
      }),
      { numRuns: 2000 },
    );
  });

  /** Spot 100, one year, volatility 0.3. */
  function premiumOf(right: 0 | 1, strike: number, rate: number, dividendYield: number): number {
    const european = bsmPrice(right, 100, strike, 1, 0.3, rate, dividendYield);
    return earlyExercisePremium(european, right, 100, strike, 0.3, americanTerms(1, rate, dividendYield));
  }

  test('without yield a call, and without interest a put, is never exercised early', () => {
    expect(premiumOf(CALL, 80, 0.05, 0)).toBe(0);
    expect(premiumOf(PUT, 120, 0, 0.05)).toBe(0);
    expect(premiumOf(PUT, 120, 0.05, 0)).toBeGreaterThan(0.5);
  });

  test('a rate of 0 is the limit of small rates', () => {
    expect(americanPrice(CALL, 100, 100, 1, 0.3, 0, 0.05)).toBeCloseTo(americanPrice(CALL, 100, 100, 1, 0.3, 1e-7, 0.05), 4);
  });

  test('an unknown or impossible argument gives NaN', () => {
    expect(americanPrice(PUT, 100, 100, 1, Number.NaN, 0.05, 0)).toBeNaN();
    expect(americanPrice(PUT, 0, 100, 1, 0.2, 0.05, 0)).toBeNaN();
    expect(americanPrice(PUT, 100, -1, 1, 0.2, 0.05, 0)).toBeNaN();
  });
});

describe('implied volatility of an American option', () => {
  test('prices the option as it is priced', () => {
    fc.assert(
      fc.property(listed, ({ right, spot, strike, years, volatility, rate, dividendYield }) => {
        const price = americanPrice(right, spot, strike, years, volatility, rate, dividendYield);
        const intrinsic = right === CALL ? spot - strike : strike - spot;
        const growth = right === CALL ? spot * Math.exp(-dividendYield * years) : -spot * Math.exp(-dividendYield * years);
        const european = growth - (right === CALL ? strike : -strike) * Math.exp(-rate * years);
        // Where the holder should exercise at once, or is sure to exercise at last, the price is the same whatever the volatility.
        fc.pre(price > Math.max(0, intrinsic, european) + 1e-4);
        fc.pre(price < (right === CALL ? spot * Math.exp(-dividendYield * years) : strike * Math.exp(-rate * years)) - 1e-4);
        const implied = americanImpliedVolatility(price, right, spot, strike, years, rate, dividendYield);
        expect(Math.abs(americanPrice(right, spot, strike, years, implied, rate, dividendYield) - price)).toBeLessThan(1e-4);
      }),
      { numRuns: 2000 },
    );
  });

  test('is lower than the European one where early exercise is worth something, and the same where it is not', () => {
    const price = americanPrice(PUT, 100, 110, 1, 0.25, 0.06, 0);
    expect(americanImpliedVolatility(price, PUT, 100, 110, 1, 0.06, 0)).toBeCloseTo(0.25, 6);
    const call = bsmPrice(CALL, 100, 110, 1, 0.25, 0.06, 0);
    expect(americanImpliedVolatility(call, CALL, 100, 110, 1, 0.06, 0)).toBeCloseTo(0.25, 10);
  });

  test('is unknown at and below the intrinsic value', () => {
    expect(americanImpliedVolatility(20, PUT, 100, 120, 0.5, 0.05, 0)).toBeNaN();
    expect(americanImpliedVolatility(19.9, PUT, 100, 120, 0.5, 0.05, 0)).toBeNaN();
    expect(americanImpliedVolatility(20.5, PUT, 100, 120, 0.5, 0.05, 0)).toBeGreaterThan(0);
    expect(americanImpliedVolatility(121, PUT, 100, 120, 0.5, 0.05, 0)).toBeNaN();
  });
});

describe('early-exercise premium', () => {
  test('never exceeds the interest on the strike or the dividends, near the pole of the correction either', () => {
    const bound = 205 * (1 - Math.exp(-0.0369 * 0.002968));
    const premium = (spot: number) =>
      americanPrice(PUT, spot, 205, 0.002968, 0.68, 0.0369, 0.005) - bsmPrice(PUT, spot, 205, 0.002968, 0.68, 0.0369, 0.005);
    for (let spot = 185; spot <= 215; spot += 0.05) {
      const intrinsicGap = Math.max(0, 205 - spot - bsmPrice(PUT, spot, 205, 0.002968, 0.68, 0.0369, 0.005));
      expect(premium(spot)).toBeLessThanOrEqual(Math.max(bound, intrinsicGap) + 1e-9);
    }
    fc.assert(
      fc.property(
        fc.constantFrom<0 | 1>(CALL, PUT),
        fc.double({ min: 60, max: 160, noNaN: true }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (right, spot, years, volatility, rate, dividendYield) => {
          const european = bsmPrice(right, spot, 100, years, volatility, rate, dividendYield);
          const most = right === CALL ? spot * (1 - Math.exp(-dividendYield * years)) : 100 * (1 - Math.exp(-rate * years));
          const found = americanPrice(right, spot, 100, years, volatility, rate, dividendYield) - european;
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(most + 1e-9);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
