import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL } from '../../../../../src/domain/chain/chain-snapshot.ts';
import { black76Price } from '../../../../../src/domain/pricing/black76.ts';
import type { PathState } from '../../../../../src/services/market-data/simulated/path-state.ts';
import {
  type SmileParameters,
  smileAt,
  smileVolatility,
  totalVariance,
} from '../../../../../src/services/market-data/simulated/volatility-surface.ts';

const AVERAGE: PathState = { logPrice: 0, slowVolatility: 0, fastVolatility: 0 };
const INDEX: SmileParameters = { skew: -0.5, curvature: 0.75 };

const states = fc.record({
  logPrice: fc.double({ min: -1, max: 1, noNaN: true }),
  slowVolatility: fc.double({ min: -1, max: 1, noNaN: true }),
  fastVolatility: fc.double({ min: -3, max: 3, noNaN: true }),
});
const smiles = fc
  .record({ skew: fc.double({ min: -0.7, max: 0.3, noNaN: true }), share: fc.double({ min: 0.1, max: 1, noNaN: true }) })
  .map(({ skew, share }) => ({ skew, curvature: (2 * share) / (1 + Math.abs(skew)) }));
const years = fc.double({ min: 1 / 365, max: 2.5, noNaN: true });
const volatilities = fc.double({ min: 0.1, max: 1, noNaN: true });

function callPrice(parameters: SmileParameters, variance: number, yearFraction: number, moneyness: number): number {
  const smile = smileAt(parameters, variance, yearFraction);
  return black76Price(CALL, 1, moneyness, yearFraction, smileVolatility(smile, Math.log(moneyness)), 1);
}

describe('the volatility surface', () => {
  it('is at the money what the term structure says', () => {
    const smile = smileAt(INDEX, 0.04 * 0.5, 0.5);
    expect(smileVolatility(smile, 0)).toBeCloseTo(0.2, 12);
  });

  it('makes low strikes of an index dearer than high ones, the more so the nearer the expiration', () => {
    const skewAt = (yearFraction: number): number => {
      const smile = smileAt(INDEX, 0.04 * yearFraction, yearFraction);
      return smileVolatility(smile, -0.05) - smileVolatility(smile, 0.05);
    };
    expect(skewAt(1)).toBeGreaterThan(0);
    expect(skewAt(30 / 365)).toBeGreaterThan(2 * skewAt(1));
  });

  it('falls with time to expiration when markets are nervous, rises when they are calm', () => {
    const at = (fastVolatility: number, days: number): number =>
      Math.sqrt(totalVariance(0.2, { ...AVERAGE, fastVolatility }, days / 365) / (days / 365));
    expect(at(0.6, 7)).toBeGreaterThan(at(0.6, 60) + 0.03);
    expect(at(-0.6, 7)).toBeLessThan(at(-0.6, 60) - 0.03);
    expect(at(0.6, 900)).toBeCloseTo(0.2, 1);
  });

  it('stays between a quarter of and four times the long-run level', () => {
    fc.assert(
      fc.property(volatilities, states, years, (volatility, state, yearFraction) => {
        const atTheMoney = Math.sqrt(totalVariance(volatility, state, yearFraction) / yearFraction);
        expect(atTheMoney).toBeGreaterThanOrEqual(0.2499 * volatility);
        expect(atTheMoney).toBeLessThanOrEqual(4.0001 * volatility);
      }),
    );
  });

  it('offers no calendar spread for nothing: total variance at any moneyness grows with time', () => {
    fc.assert(
      fc.property(
        volatilities,
        states,
        smiles,
        years,
        fc.double({ min: -0.8, max: 0.8, noNaN: true }),
        (volatility, state, smile, near, k) => {
          const far = near * 1.1;
          const nearSmile = smileAt(smile, totalVariance(volatility, state, near), near);
          const farSmile = smileAt(smile, totalVariance(volatility, state, far), far);
          const nearVariance = smileVolatility(nearSmile, k) ** 2 * near;
          expect(smileVolatility(farSmile, k) ** 2 * far).toBeGreaterThan(nearVariance * (1 - 1e-9));
        },
      ),
    );
  });

  it('offers no butterfly for nothing: calls fall with the strike, ever more slowly', () => {
    fc.assert(
      fc.property(
        volatilities,
        states,
        smiles,
        years,
        fc.double({ min: 0.5, max: 1.8, noNaN: true }),
        (volatility, state, smile, year, m) => {
          const variance = totalVariance(volatility, state, year);
          const [low, middle, high] = [m - 0.01, m, m + 0.01].map((moneyness) => callPrice(smile, variance, year, moneyness)) as [
            number,
            number,
            number,
          ];
          expect(low - middle).toBeGreaterThan(-1e-12);
          expect(low + high - 2 * middle).toBeGreaterThan(-1e-12);
        },
      ),
    );
  });
});
