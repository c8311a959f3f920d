import { describe, expect, test } from 'vitest';
import type { ExpirationSlice } from '../../../../src/domain/chain/chain-snapshot.ts';
import { atTheMoneyVolatility } from '../../../../src/domain/pricing/at-the-money-volatility.ts';

const UNKNOWN = Number.NaN;

/** At-the-money volatility of strikes 90, 100 and 110 with the given call and put volatilities, 0.1 years before expiration. */
function atTheMoney(forward: number, calls: readonly number[], puts: readonly number[]): number {
  const strike = Float64Array.from([90, 100, 110, 90, 100, 110]);
  const slice = { start: 0, putStart: 3, end: 6 } as ExpirationSlice;
  return atTheMoneyVolatility(strike, Float64Array.from([...calls, ...puts]), slice, forward, 0.1);
}

describe('at-the-money volatility', () => {
  test('lies between the put below and the call above the forward, by log-strike', () => {
    const share = Math.log(104 / 100) / Math.log(110 / 100);
    expect(atTheMoney(104, [0.9, 0.9, 0.4], [0.9, 0.3, 0.9])).toBeCloseTo(0.3 + 0.1 * share, 12);
  });

  test('takes the other right where the out-of-the-money one is unknown', () => {
    const share = Math.log(104 / 100) / Math.log(110 / 100);
    expect(atTheMoney(104, [0.9, 0.3, UNKNOWN], [0.9, UNKNOWN, 0.4])).toBeCloseTo(0.3 + 0.1 * share, 12);
  });

  test('is the put of a strike that is the forward', () => {
    expect(atTheMoney(100, [0.9, 0.5, 0.3], [0.9, 0.4, 0.9])).toBeCloseTo(0.4, 12);
  });

  test('takes the next strike where the nearest is unknown', () => {
    const share = Math.log(104 / 90) / Math.log(110 / 90);
    expect(atTheMoney(104, [0.9, UNKNOWN, 0.6], [0.5, UNKNOWN, 0.9])).toBeCloseTo(0.5 + 0.1 * share, 12);
  });

  test('one strike right at the money may stand alone, one farther off may not', () => {
    expect(atTheMoney(100.2, [UNKNOWN, UNKNOWN, UNKNOWN], [UNKNOWN, 0.3, UNKNOWN])).toBe(0.3);
    expect(atTheMoney(105, [UNKNOWN, UNKNOWN, UNKNOWN], [UNKNOWN, 0.3, UNKNOWN])).toBeNaN();
    expect(atTheMoney(99.8, [UNKNOWN, 0.3, UNKNOWN], [UNKNOWN, UNKNOWN, UNKNOWN])).toBe(0.3);
  });

  test('strikes more than a standard deviation away say nothing', () => {
    expect(atTheMoney(104, [UNKNOWN, UNKNOWN, 0.1], [0.1, UNKNOWN, UNKNOWN])).toBeNaN();
    expect(atTheMoney(104, [UNKNOWN, UNKNOWN, UNKNOWN], [UNKNOWN, UNKNOWN, UNKNOWN])).toBeNaN();
  });
});
