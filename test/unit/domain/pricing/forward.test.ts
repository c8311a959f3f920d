import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { createForwardFinder } from '../../../../src/domain/pricing/forward-finder.ts';
import { flatRateCurve } from '../../../../src/domain/pricing/rate-curve.ts';
import { createSliceTerms, type SliceTerms } from '../../../../src/domain/pricing/slice-terms.ts';
import { aChain, type ModelChain, QUOTED_AT_MS, withoutQuote } from './a-chain.ts';

function find(chain: ModelChain, index = 0, dividendYield = 0): SliceTerms | null {
  const terms = createSliceTerms();
  const found = createForwardFinder().fill(terms, chain.snapshot, index, QUOTED_AT_MS, flatRateCurve(0.05), dividendYield);
  return found ? terms : null;
}

/** Takes all puts of an expiration away, and with them every pair. */
function withoutPuts(chain: ModelChain, expiration: number): ModelChain {
  for (const strike of chain.terms.strikes) withoutQuote(chain, chain.row(expiration, PUT, strike));
  return chain;
}

/** Moves a quote as a whole. */
function shift(chain: ModelChain, row: number, by: number): void {
  chain.snapshot.quotes.bid[row]! += by;
  chain.snapshot.quotes.ask[row]! += by;
}

describe('forward of an expiration', () => {
  test('comes from put-call parity, whatever the spot says', () => {
    const terms = find(aChain({ underlyingPrice: 99 }));
    expect(terms).toMatchObject({ forwardSource: 'PARITY', yearFraction: 30 / 365, rate: 0.05 });
    expect(terms!.forward).toBeCloseTo(100 * Math.exp((0.03 * 30) / 365), 9);
    expect(terms!.discountFactor).toBeCloseTo(Math.exp((-0.05 * 30) / 365), 12);
  });

  test('is the one the source states, if it does', () => {
    expect(find(aChain({ vendorForward: 100.7 }))).toMatchObject({ forward: 100.7, forwardSource: 'VENDOR', spot: 100.7 });
  });

  test('one absurd pair near the money does not move it', () => {
    const chain = aChain();
    shift(chain, chain.row(0, CALL, 100), 8);
    expect(find(chain)!.forward).toBeCloseTo(chain.forwards[0]!, 6);
  });

  test('a wide pair counts less than a tight one', () => {
    const chain = aChain({ strikes: [95, 100, 105] });
    const wide = chain.row(0, CALL, 95);
    shift(chain, wide, 0.5);
    chain.snapshot.quotes.bid[wide]! -= 1;
    chain.snapshot.quotes.ask[wide]! += 1;
    // Without weights the three pairs would be 0.17 off together.
    expect(Math.abs(find(chain)!.forward - chain.forwards[0]!)).toBeLessThan(0.005);
  });

  test('pairs far from the money and one-sided quotes take no part', () => {
    const chain = aChain({ strikes: Array.from({ length: 41 }, (_, i) => 60 + 2 * i) });
    for (const strike of [60, 62, 64, 66, 136, 138, 140]) shift(chain, chain.row(0, CALL, strike), 3);
    chain.snapshot.quotes.bid[chain.row(0, PUT, 100)] = Number.NaN;
    expect(find(chain)!.forward).toBeCloseTo(chain.forwards[0]!, 6);
  });

  test('follows the carry of its neighbours where it has no pairs of its own', () => {
    const chain = withoutPuts(aChain({ days: [20, 40, 80], dividendYield: 0.015 }), 1);
    const terms = find(chain, 1, 0.3);
    expect(terms!.forwardSource).toBe('CARRY');
    expect(terms!.forward).toBeCloseTo(chain.forwards[1]!, 6);
  });

  test('takes the carry between two neighbours that differ', () => {
    const chain = withoutPuts(aChain({ days: [20, 40, 80] }), 1);
    // Dearer calls mean a higher forward: the carry of the far expiration rises.
    for (const strike of chain.terms.strikes) shift(chain, chain.row(2, CALL, strike), 0.5);
    const carry = (index: number) => Math.log(find(chain, index)!.forward / 100) / find(chain, index)!.yearFraction;
    expect(carry(2) - carry(0)).toBeGreaterThan(0.02);
    expect(carry(1)).toBeCloseTo(carry(0) + (carry(2) - carry(0)) / 3, 9);
  });

  test('beyond the last neighbour the carry goes on as it was', () => {
    const chain = withoutPuts(aChain({ days: [20, 40, 80] }), 2);
    expect(find(chain, 2)!.forward).toBeCloseTo(chain.forwards[2]!, 6);
  });

  test('without any pair it is spot, rate and the yield it is told', () => {
    const chain = withoutPuts(aChain(), 0);
    expect(find(chain, 0, 0.02)).toMatchObject({ forwardSource: 'CARRY' });
    expect(find(chain, 0, 0.02)!.forward).toBeCloseTo(chain.forwards[0]!, 9);
    expect(find(chain)!.forward).toBeCloseTo(100 * Math.exp((0.05 * 30) / 365), 9);
  });

  test('quotes too wide to tell it within 1 % leave it to the cost of carry', () => {
    expect(find(aChain({ strikes: [100], halfSpread: 1.2 }))!.forwardSource).toBe('CARRY');
    expect(find(aChain({ strikes: [100], halfSpread: 0.4 }))!.forwardSource).toBe('PARITY');
  });

  test('a parity forward far from the spot belongs to another moment or underlying', () => {
    const chain = aChain({ underlyingPrice: 70 });
    expect(find(chain)).toMatchObject({ forwardSource: 'CARRY' });
    expect(find(chain)!.forward).toBeCloseTo(70 * Math.exp((0.05 * 30) / 365), 9);
  });

  test('there is none without pairs and without a price of the underlying, nor after expiration', () => {
    expect(find(withoutPuts(aChain({ underlyingPrice: Number.NaN }), 0))).toBeNull();
    expect(find(aChain({ days: [-1] }))).toBeNull();
    expect(find(aChain({ days: [0] }))).toBeNull();
  });
});

describe('yield that the forward implies', () => {
  test('is what makes forward and spot agree', () => {
    const terms = find(aChain({ days: [90] }))!;
    expect(terms.dividendYield).toBeCloseTo(0.02, 9);
    expect(terms.spot).toBeCloseTo(100, 9);
  });

  test('stays sane near expiration, where spot and options are never of the same second', () => {
    const terms = find(aChain({ days: [1], underlyingPrice: 99.5 }))!;
    expect(terms.forwardSource).toBe('PARITY');
    expect(Math.abs(terms.dividendYield)).toBeLessThan(0.03);
    expect(terms.spot * Math.exp(((terms.rate - terms.dividendYield) * 1) / 365)).toBeCloseTo(terms.forward, 9);
  });
});
