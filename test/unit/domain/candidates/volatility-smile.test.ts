import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothedVolatility } from '../../../../src/domain/candidates/smoothed-volatility.ts';
import {
  createVolatilitySmile,
  fillVolatilitySmile,
  refineVolatilitySmile,
  type VolatilitySmile,
  volatilityAt,
} from '../../../../src/domain/candidates/volatility-smile.ts';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';
import { aPricedChain, rowOf, strikesFrom } from '../strategies/a-priced-chain.ts';

function aSmile(chain: PricedChain, tradable = new Uint8Array(chain.snapshot.size).fill(1)): VolatilitySmile {
  const smile = createVolatilitySmile(chain.snapshot.size);
  fillVolatilitySmile(smile, chain, chain.snapshot.expirations[0]!, chain.expirations[0]!, tradable);
  refineVolatilitySmile(smile, chain);
  return smile;
}

function nodeAt(smile: VolatilitySmile, strike: number): number {
  return smile.strike.subarray(0, smile.count).indexOf(strike);
}

describe('fillVolatilitySmile', () => {
  it('takes the out-of-the-money side of each strike, and the other where that is not tradable', () => {
    const chain = aPricedChain({ underlyingPrice: 100, expirations: [{ days: 30, strikes: [90, 95, 105, 110] }] });
    const { impliedVolatility } = chain.columns;
    for (const [index, strike] of [90, 95, 105, 110].entries()) {
      impliedVolatility[rowOf(chain, 'PUT', strike)] = 0.1 + index / 100;
      impliedVolatility[rowOf(chain, 'CALL', strike)] = 0.2 + index / 100;
    }
    const tradable = new Uint8Array(chain.snapshot.size).fill(1);
    tradable[rowOf(chain, 'PUT', 95)] = 0;
    tradable[rowOf(chain, 'CALL', 110)] = 0;
    const smile = aSmile(chain, tradable);
    expect([...smile.strike.subarray(0, smile.count)]).toEqual([90, 95, 105, 110]);
    expect([...smile.quoted.subarray(0, smile.count)]).toEqual([0.1, 0.2 + 0.01, 0.22, 0.13]);
    expect(smile.nodeOfRow[rowOf(chain, 'CALL', 105)]).toBe(2);
    expect(smile.nodeOfRow[rowOf(chain, 'PUT', 105)]).toBe(2);
  });

  it('leaves out strikes without a tradable contract', () => {
    const chain = aPricedChain({ expirations: [{ days: 30, strikes: [90, 95, 100] }] });
    const tradable = new Uint8Array(chain.snapshot.size).fill(1);
    tradable[rowOf(chain, 'PUT', 95)] = 0;
    tradable[rowOf(chain, 'CALL', 95)] = 0;
    const smile = aSmile(chain, tradable);
    expect([...smile.strike.subarray(0, smile.count)]).toEqual([90, 100]);
  });
});

describe('volatilityAt', () => {
  it('is linear between strikes, exact on them, flat beyond, and unknown without any', () => {
    const chain = aPricedChain({ expirations: [{ days: 30, strikes: [90, 100, 120], smile: (strike) => strike / 1_000 }] });
    const smile = aSmile(chain);
    expect(volatilityAt(smile, 100)).toBe(0.1);
    expect(volatilityAt(smile, 115)).toBeCloseTo(0.115, 15);
    expect(volatilityAt(smile, 10)).toBe(0.09);
    expect(volatilityAt(smile, 500)).toBe(0.12);
    expect(volatilityAt(smile, Number.NaN)).toBeNaN();
    expect(volatilityAt(createVolatilitySmile(1), 100)).toBeNaN();
  });

  it('finds the neighbouring strikes however unevenly they lie', () => {
    const strikes = fc
      .uniqueArray(fc.integer({ min: 1, max: 20_000 }), { minLength: 2, maxLength: 60 })
      .map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(strikes, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const smile = aSmile(aPricedChain({ expirations: [{ days: 30, strikes: list, smile: (strike) => 0.1 + (strike % 97) / 100 }] }));
        const price = list[0]! + share * (list.at(-1)! - list[0]!);
        const above = list.findIndex((strike) => strike > price);
        const [low, high] = above < 0 ? [list.at(-2)!, list.at(-1)!] : [list[above - 1]!, list[above]!];
        const at = (strike: number) => 0.1 + (strike % 97) / 100;
        expect(volatilityAt(smile, price)).toBeCloseTo(at(low) + ((price - low) / (high - low)) * (at(high) - at(low)), 10);
      }),
    );
  });
});

describe('smoothedVolatility', () => {
  const parabola = (strike: number) => 0.2 + 0.00002 * (strike - 103) ** 2;

  it('repeats a smile that is a parabola, at the ends too', () => {
    const smile = aSmile(
      aPricedChain({ expirations: [{ days: 30, strikes: [80, 84, 90, 95, 100, 110, 120, 125, 140], smile: parabola }] }),
    );
    for (let node = 0; node < smile.count; node++) expect(smoothedVolatility(smile, node)).toBeCloseTo(parabola(smile.strike[node]!), 10);
  });

  it('pulls a quote that stands out towards its neighbours', () => {
    const smile = aSmile(
      aPricedChain({ expirations: [{ days: 30, strikes: strikesFrom(90, 110, 1), smile: (strike) => (strike === 98 ? 0.22 : 0.2) }] }),
    );
    const smoothed = smoothedVolatility(smile, nodeAt(smile, 98));
    expect(smoothed).toBeGreaterThan(0.2);
    expect(smoothed).toBeLessThan(0.212);
  });

  it('trusts a wide quote less', () => {
    const chain = aPricedChain({
      expirations: [{ days: 30, strikes: strikesFrom(90, 110, 1), smile: (strike) => (strike === 98 ? 0.22 : 0.2) }],
    });
    const tight = smoothedVolatility(aSmile(chain), 8);
    chain.snapshot.quotes.ask[rowOf(chain, 'PUT', 98)]! += 2;
    const wide = smoothedVolatility(aSmile(chain), 8);
    expect(wide).toBeLessThan(tight);
    expect(wide).toBeCloseTo(0.2, 3);
  });

  it('is unknown with four strikes and known with five', () => {
    const four = aSmile(aPricedChain({ expirations: [{ days: 30, strikes: [90, 95, 100, 105] }] }));
    const five = aSmile(aPricedChain({ expirations: [{ days: 30, strikes: [90, 95, 100, 105, 110] }] }));
    expect(smoothedVolatility(four, 1)).toBeNaN();
    expect(smoothedVolatility(five, 1)).toBeCloseTo(0.2, 10);
  });

  it('is unknown where fewer than three quotes carry weight', () => {
    const smile = aSmile(aPricedChain({ expirations: [{ days: 30, strikes: [90, 95, 100, 105, 110] }] }));
    smile.weight.set([1, 1, 1e-14, 1e-14, 1e-14]);
    expect(smoothedVolatility(smile, 1)).toBeNaN();
    smile.weight.fill(0);
    expect(smoothedVolatility(smile, 1)).toBeNaN();
  });
});
