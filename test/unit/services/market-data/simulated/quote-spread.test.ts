import { describe, expect, it } from 'vitest';
import { quoteSpread, spreadScale } from '../../../../../src/services/market-data/simulated/quote-spread.ts';

const SPOT = 1806.12;
const MONTH = spreadScale(SPOT, 30 / 365);

describe('the spread of a quote', () => {
  // Cboe delayed quotes of RUT, 2023-09-20, puts of 2023-10-20: mid, delta, ask less bid.
  it.each([
    [0.825, -0.0128, 0.25],
    [2.05, -0.0368, 0.2],
    [7.35, -0.1275, 0.3],
    [16.9, -0.27, 0.3],
    [29.45, -0.42, 0.5],
    [48.9, -0.5997, 0.8],
    [91.6, -0.8355, 1.2],
  ])('is of the size seen on the Russell 2000 at %d', (mid, delta, seen) => {
    const ratio = quoteSpread(mid, delta, MONTH, 1) / seen;
    expect(ratio).toBeGreaterThan(0.65);
    expect(ratio).toBeLessThan(1.75);
  });

  it('grows as a share of the price away from the money, and doubles and more deep in it', () => {
    expect(quoteSpread(1, -0.02, MONTH, 1) / 1).toBeGreaterThan(5 * (quoteSpread(30, -0.45, MONTH, 1) / 30));
    expect(quoteSpread(150, -0.99, MONTH, 1)).toBeGreaterThan(2.5 * quoteSpread(150, -0.8, MONTH, 1));
  });

  it('follows the factor, the price of the underlying and, slowly, the time to expiration', () => {
    expect(quoteSpread(10, 0.3, MONTH, 2)).toBeCloseTo(2 * quoteSpread(10, 0.3, MONTH, 1), 12);
    expect(quoteSpread(100, 0.3, 10 * MONTH, 1)).toBeCloseTo(10 * quoteSpread(10, 0.3, MONTH, 1), 12);
    expect(spreadScale(SPOT, 60 / 365) / MONTH).toBeCloseTo(2 ** 0.2, 12);
  });
});
