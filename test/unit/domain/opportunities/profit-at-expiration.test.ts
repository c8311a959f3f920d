import { describe, expect, it } from 'vitest';
import { profitAtExpiration } from '../../../../src/domain/opportunities/profit-at-expiration.ts';
import type { Leg } from '../../../../src/domain/results/scan-result.ts';

function option(right: 'CALL' | 'PUT', strike: number, quantity: number): Leg {
  const unknown = { bid: null, ask: null, impliedVolatility: null, delta: null };
  return { kind: 'OPTION', symbol: `${right}${strike}`, right, strike, expiration: '2026-12-18', quantity, ...unknown };
}

describe('profitAtExpiration', () => {
  it.each([
    ['above both strikes the credit is kept', 110, 1.5],
    ['at the break-even nothing is left', 98.5, 0],
    ['below both the width is lost less the credit', 90, -3.5],
  ])('of a bull put spread: %s', (_what, price, profit) => {
    const legs = [option('PUT', 95, 1), option('PUT', 100, -1)];
    expect(profitAtExpiration(legs, price, { netCredit: 1.5, underlyingPrice: 103 })).toBeCloseTo(profit, 12);
  });

  it('of a long call is its value less what was paid', () => {
    const legs = [option('CALL', 100, 1)];
    expect(profitAtExpiration(legs, 107, { netCredit: -3, underlyingPrice: 100 })).toBe(4);
    expect(profitAtExpiration(legs, 99, { netCredit: -3, underlyingPrice: 100 })).toBe(-3);
  });

  it('of a covered call counts what the underlying has gained, up to the strike', () => {
    const legs: Leg[] = [{ kind: 'STOCK', symbol: 'AAA', quantity: 1 }, option('CALL', 105, -1)];
    expect(profitAtExpiration(legs, 120, { netCredit: 2, underlyingPrice: 100 })).toBe(7);
    expect(profitAtExpiration(legs, 90, { netCredit: 2, underlyingPrice: 100 })).toBe(-8);
  });
});
