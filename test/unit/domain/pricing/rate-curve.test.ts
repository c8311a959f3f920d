import { describe, expect, test } from 'vitest';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { flatRateCurve } from '../../../../src/domain/pricing/rate-curve.ts';
import { US_POLICY_RATE_CURVE } from '../../../../src/domain/pricing/us-policy-rate-curve.ts';
import { aChain } from './a-chain.ts';

describe('rate curves', () => {
  test('a flat one is the same everywhere', () => {
    expect(flatRateCurve(0.03).rateAt(0, 1)).toBe(0.03);
    expect(flatRateCurve(0.03).rateAt(1e12, 10)).toBe(0.03);
  });

  test('the US policy rate steps on the day after a decision', () => {
    const before = US_POLICY_RATE_CURVE.rateAt(Date.UTC(2022, 10, 2, 23, 59), 0.1);
    const after = US_POLICY_RATE_CURVE.rateAt(Date.UTC(2022, 10, 3), 0.1);
    expect(after - before).toBeCloseTo(0.0076, 4);
  });

  test('the US policy rate is continuously compounded over a year of 365 days', () => {
    // 5.33 % simple, act/360, compounded daily.
    const rate = US_POLICY_RATE_CURVE.rateAt(Date.UTC(2023, 8, 20), 1);
    expect(Math.exp(rate)).toBeCloseTo((1 + 0.0533 / 360) ** 365, 12);
  });

  test('before and after its table the nearest value holds', () => {
    expect(US_POLICY_RATE_CURVE.rateAt(0, 1)).toBeCloseTo(0.0015, 4);
    expect(US_POLICY_RATE_CURVE.rateAt(Date.UTC(2050, 0, 1), 1)).toBe(US_POLICY_RATE_CURVE.rateAt(Date.UTC(2026, 5, 1), 1));
  });
});

describe('the rate a chain is discounted at unless told otherwise', () => {
  const rateOf = (terms: Parameters<typeof aChain>[0]) => createChainPricer().price(aChain(terms).snapshot).expirations[0]!.rate;

  test('is the US policy rate of the day for prices in dollars', () => {
    expect(rateOf({})).toBeCloseTo(0.054, 3);
  });

  test('is 0 for crypto-currencies and other currencies', () => {
    expect(rateOf({ kind: 'CRYPTO' })).toBe(0);
    expect(rateOf({ currency: 'EUR' })).toBe(0);
  });
});
