import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StrikeGridTerms, strikeGrid } from '../../../../../src/services/market-data/simulated/strike-grid.ts';

function aGrid(overrides: Partial<StrikeGridTerms> = {}): number[] {
  return [...strikeGrid({ referencePrice: 260, volatility: 0.28, yearFraction: 30 / 365, step: 2.5, count: 25, ...overrides })];
}

const terms = fc.record({
  referencePrice: fc.double({ min: 5, max: 200_000, noNaN: true }),
  volatility: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  yearFraction: fc.double({ min: 0, max: 2.5, noNaN: true }),
  count: fc.integer({ min: 20, max: 70 }),
});

/** As the market's own steps: two per cent of the price and less. */
function stepFor(price: number): number {
  const power = 10 ** Math.floor(Math.log10(price / 100));
  return Math.max(0.5, power);
}

describe('a ladder of strikes', () => {
  it('is dense near the money and coarse in the wings', () => {
    const strikes = aGrid();
    const gaps = strikes.slice(1).map((strike, i) => strike - strikes[i]!);
    const near = gaps[strikes.findIndex((strike) => strike >= 260)]!;
    expect(near).toBe(2.5);
    expect(gaps[0]).toBeGreaterThan(near);
    expect(gaps.at(-1)).toBeGreaterThan(near);
  });

  it('ascends, stays above 0 and reaches beyond two deviations to either side, or to a quarter and two and a half times the price', () => {
    fc.assert(
      fc.property(terms, (some) => {
        const strikes = aGrid({ ...some, step: stepFor(some.referencePrice) });
        expect(strikes.length).toBeGreaterThanOrEqual(7);
        expect(strikes.length).toBeLessThan(4 * some.count);
        for (const [i, strike] of strikes.entries()) expect(strike).toBeGreaterThan(strikes[i - 1] ?? 0);
        const deviation = some.volatility * Math.sqrt(Math.max(12 / 365, some.yearFraction));
        const widest = Math.max(...strikes.slice(1).map((strike, i) => strike - strikes[i]!));
        expect(strikes[0]).toBeLessThan(some.referencePrice * Math.max(0.25, Math.exp(-2 * deviation)) + widest);
        expect(strikes.at(-1)).toBeGreaterThan(some.referencePrice * Math.min(2.5, Math.exp(2 * deviation)) - widest);
      }),
    );
  });

  it('keeps near the money every strike it had when its expiration was farther away', () => {
    for (const step of [0.5, 1, 2.5, 5, 25, 500]) {
      const price = 100 * step;
      const far = aGrid({ referencePrice: price, step, yearFraction: 0.4 });
      const near = new Set(aGrid({ referencePrice: price, step, yearFraction: 30 / 365 }));
      const kept = far.filter((strike) => Math.abs(Math.log(strike / price)) < 0.28 * Math.sqrt(30 / 365));
      expect(kept.length).toBeGreaterThan(1);
      expect(kept.filter((strike) => !near.has(strike))).toEqual([]);
    }
  });
});
