import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../../src/domain/calendar/day-number.ts';
import { flatRateCurve } from '../../../../../src/domain/pricing/rate-curve.ts';
import type { ChainLayout } from '../../../../../src/services/market-data/simulated/chain-layout.ts';
import { allocateContracts } from '../../../../../src/services/market-data/simulated/chain-layout-columns.ts';
import { createEarlyExercisePremiums } from '../../../../../src/services/market-data/simulated/early-exercise-premiums.ts';
import { marketState } from '../../../../../src/services/market-data/simulated/market-state.ts';
import { createSlicePrices } from '../../../../../src/services/market-data/simulated/slice-prices.ts';
import { stockPreset } from '../../../../../src/services/market-data/simulated/underlying-presets.ts';

const NOW = Date.UTC(2026, 0, 8, 19);
const RATE = 0.037;
const STOCK = stockPreset('AMD', {
  price: 200,
  volatility: 0.73,
  spread: 1,
  openInterest: 1000,
  overrides: { smile: { skew: 0, curvature: 0.01 } },
});
const STRIKES = Float64Array.from({ length: 60 }, (_, i) => 150 + 2 * i);

/** Premiums of calls and puts over prices that are 0 (the intrinsic value is then all that `add` may put in their place). */
function premiumsAt(spot: number, years: number): { call: Float64Array; put: Float64Array } {
  const slice = { root: 'AMD', date: '', expiresAtMs: NOW + years * 365 * DAY_MS, first: 0, end: STRIKES.length };
  const layout: ChainLayout = {
    day: Math.floor(NOW / DAY_MS),
    slices: [slice],
    strikes: STRIKES,
    contracts: allocateContracts(2 * STRIKES.length),
  };
  const prices = createSlicePrices(STRIKES.length);
  // High enough to see the premium by itself above every intrinsic value.
  prices.callPrice.fill(1000);
  prices.putPrice.fill(1000);
  const state = marketState(STOCK, { logPrice: Math.log(spot / 200), slowVolatility: 0, fastVolatility: 0 }, NOW);
  createEarlyExercisePremiums(STOCK, flatRateCurve(RATE)).add(prices, layout, slice, state);
  return { call: prices.callPrice.map((price) => price - 1000), put: prices.putPrice.map((price) => price - 1000) };
}

describe('premiums for early exercise', () => {
  it('stay between nothing and the interest or dividends until expiration, from hours to years', () => {
    for (const years of [0.00297, 0.01, 0.1, 1, 2]) {
      for (let spot = 180; spot < 220; spot += 0.4) {
        const { call, put } = premiumsAt(spot, years);
        expect(put.every((premium, i) => premium > -1e-9 && premium <= STRIKES[i]! * RATE * years + 1e-9)).toBe(true);
        expect(call.every((premium) => premium > -1e-9 && premium <= 1.01 * spot * 0.005 * years + 1e-9)).toBe(true);
      }
    }
  });

  it('are larger the deeper a put is in the money and the longer it lives', () => {
    const { put } = premiumsAt(200, 1);
    expect(put.slice(1).every((premium, i) => premium > put[i]!)).toBe(true);
    expect(put[25]).toBeGreaterThan(3 * premiumsAt(200, 0.25).put[25]!);
  });

  it('hold an option at its intrinsic value at least', () => {
    const slice = { root: 'AMD', date: '', expiresAtMs: NOW + DAY_MS, first: 0, end: STRIKES.length };
    const layout: ChainLayout = { day: 0, slices: [slice], strikes: STRIKES, contracts: allocateContracts(2 * STRIKES.length) };
    const prices = createSlicePrices(STRIKES.length);
    const state = marketState(STOCK, { logPrice: 0, slowVolatility: 0, fastVolatility: 0 }, NOW);
    createEarlyExercisePremiums(STOCK, flatRateCurve(RATE)).add(prices, layout, slice, state);
    expect(prices.putPrice.every((price, i) => price >= Math.max(0, STRIKES[i]! - 200))).toBe(true);
    expect(prices.callPrice.every((price, i) => price >= Math.max(0, 200 - STRIKES[i]!))).toBe(true);
  });
});
