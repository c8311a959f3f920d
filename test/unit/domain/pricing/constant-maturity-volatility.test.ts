import { describe, expect, test } from 'vitest';
import { constantMaturityVolatility } from '../../../../src/domain/pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';

function aChain(...expirations: readonly (readonly [days: number, volatility: number] | null)[]): PricedChain {
  return {
    expirations: expirations.map((expiration) =>
      expiration === null
        ? null
        : { yearFraction: expiration[0] / 365, forward: 100, forwardSource: 'PARITY', rate: 0, atTheMoneyVolatility: expiration[1] },
    ),
  } as unknown as PricedChain;
}

describe('constant-maturity volatility', () => {
  test('interpolates the total variance, not the volatility', () => {
    const expected = Math.sqrt((0.5 * 0.2 ** 2 * 20 + 0.5 * 0.3 ** 2 * 40) / 30);
    expect(constantMaturityVolatility(aChain([20, 0.2], [40, 0.3]))).toBeCloseTo(expected, 12);
  });

  test('takes the nearest expirations on both sides, whatever their order, and skips unpriced ones', () => {
    const expected = constantMaturityVolatility(aChain([20, 0.2], [40, 0.3]));
    expect(constantMaturityVolatility(aChain([90, 0.9], null, [40, 0.3], [7, 0.7], [20, 0.2], [35, Number.NaN]))).toBeCloseTo(expected, 12);
  });

  test('is the volatility itself at an expiration of that maturity', () => {
    expect(constantMaturityVolatility(aChain([20, 0.2], [30, 0.25], [40, 0.3]))).toBe(0.25);
  });

  test('any maturity may be asked for', () => {
    expect(constantMaturityVolatility(aChain([30, 0.2], [90, 0.2]), 60)).toBeCloseTo(0.2, 12);
  });

  test('a flat term structure stays flat', () => {
    expect(constantMaturityVolatility(aChain([9, 0.31], [100, 0.31]))).toBeCloseTo(0.31, 12);
  });

  test('is unknown when nothing brackets the maturity', () => {
    expect(constantMaturityVolatility(aChain())).toBeNaN();
    expect(constantMaturityVolatility(aChain(null))).toBeNaN();
    expect(constantMaturityVolatility(aChain([10, 0.2], [20, 0.2]))).toBeNaN();
    expect(constantMaturityVolatility(aChain([40, 0.2], [70, 0.2]))).toBeNaN();
  });

  test('a bracket of a one-day and a two-year expiration says nothing about a month', () => {
    expect(constantMaturityVolatility(aChain([1, 0.5], [40, 0.2]))).toBeNaN();
    expect(constantMaturityVolatility(aChain([20, 0.5], [730, 0.2]))).toBeNaN();
  });

  test('an expiration within a tenth of the maturity may stand alone', () => {
    expect(constantMaturityVolatility(aChain([28, 0.2]))).toBe(0.2);
    expect(constantMaturityVolatility(aChain([32, 0.3]))).toBe(0.3);
    expect(constantMaturityVolatility(aChain([26, 0.2]))).toBeNaN();
    expect(constantMaturityVolatility(aChain([34, 0.3]))).toBeNaN();
  });
});
