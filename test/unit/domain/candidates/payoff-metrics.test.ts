import { describe, expect, it } from 'vitest';
import { aPricedChain, quote, strikesFrom } from '../strategies/a-priced-chain.ts';
import { candidateWith } from './list-candidates.ts';

/** Underlying at 100, strikes 80 to 120 by 5; each test sets the quotes of the legs it is about. */
function aChain() {
  return aPricedChain({ underlyingPrice: 100, expirations: [{ days: 73, strikes: strikesFrom(70, 130, 5), smile: () => 0.25 }] });
}

describe('payoffs at expiration, worked out by hand', () => {
  it('long call 105 for 2.40: unlimited profit, loses 2.40, breaks even at 107.40', () => {
    const chain = aChain();
    quote(chain, 'CALL', 105, 2.3, 2.5);
    const { metrics } = candidateWith(chain, 'LONG_CALL', '+1 C105');
    expect(metrics.netCredit).toBeCloseTo(-2.4, 12);
    expect(metrics.maxProfit).toBeNaN();
    expect(metrics.maxLoss).toBeCloseTo(2.4, 12);
    expect(metrics.breakevenLower).toBeCloseTo(107.4, 12);
    expect(metrics.breakevenUpper).toBeNaN();
    expect(metrics.returnOnRisk).toBeNaN();
  });

  it('long put 95 for 2.10: wins 92.90 at most, loses 2.10, breaks even at 92.90', () => {
    const chain = aChain();
    quote(chain, 'PUT', 95, 2, 2.2);
    const { metrics } = candidateWith(chain, 'LONG_PUT', '+1 P95');
    expect(metrics.netCredit).toBeCloseTo(-2.1, 12);
    expect(metrics.maxProfit).toBeCloseTo(92.9, 12);
    expect(metrics.maxLoss).toBeCloseTo(2.1, 12);
    expect(metrics.breakevenLower).toBeCloseTo(92.9, 12);
    expect(metrics.breakevenUpper).toBeNaN();
    expect(metrics.returnOnRisk).toBeCloseTo(92.9 / 2.1, 12);
  });

  it('covered call 105 for 2.40 on stock at 100: wins 7.40 at most, loses 97.60, breaks even at 97.60', () => {
    const chain = aChain();
    quote(chain, 'CALL', 105, 2.3, 2.5);
    const candidate = candidateWith(chain, 'COVERED_CALL', '-1 C105');
    expect(candidate.stockQuantity).toBe(1);
    expect(candidate.metrics.netCredit).toBeCloseTo(2.4, 12);
    expect(candidate.metrics.maxProfit).toBeCloseTo(7.4, 12);
    expect(candidate.metrics.maxLoss).toBeCloseTo(97.6, 12);
    expect(candidate.metrics.breakevenLower).toBeCloseTo(97.6, 12);
    expect(candidate.metrics.breakevenUpper).toBeNaN();
    expect(candidate.metrics.returnOnRisk).toBeCloseTo(7.4 / 97.6, 12);
  });

  it('cash-secured put 95 for 2.10: wins 2.10, loses 92.90, breaks even at 92.90', () => {
    const chain = aChain();
    quote(chain, 'PUT', 95, 2, 2.2);
    const { metrics } = candidateWith(chain, 'CASH_SECURED_PUT', '-1 P95');
    expect(metrics.netCredit).toBeCloseTo(2.1, 12);
    expect(metrics.maxProfit).toBeCloseTo(2.1, 12);
    expect(metrics.maxLoss).toBeCloseTo(92.9, 12);
    expect(metrics.breakevenLower).toBeCloseTo(92.9, 12);
    expect(metrics.returnOnRisk).toBeCloseTo(2.1 / 92.9, 12);
  });

  it('bull put spread 100/95 for a credit of 1.20: wins 1.20, loses 3.80, breaks even at 98.80, returns 0.3158', () => {
    const chain = aChain();
    quote(chain, 'PUT', 100, 3.4, 3.6);
    quote(chain, 'PUT', 95, 2.2, 2.4);
    const { metrics } = candidateWith(chain, 'BULL_PUT_SPREAD', '+1 P95, -1 P100');
    expect(metrics.netCredit).toBeCloseTo(1.2, 12);
    expect(metrics.breakevenLower).toBeCloseTo(98.8, 12);
    expect(metrics.breakevenUpper).toBeNaN();
    expect(metrics.returnOnRisk).toBeCloseTo(0.3158, 4);
    expect(metrics.maxProfit).toBeCloseTo(1.2, 12);
    expect(metrics.maxLoss).toBeCloseTo(3.8, 12);
    expect(metrics.annualizedReturn).toBeCloseTo((1.2 / 3.8) * 5, 10);
  });

  it('bear call spread 105/110 for a credit of 1.50: wins 1.50, loses 3.50, breaks even at 106.50', () => {
    const chain = aChain();
    quote(chain, 'CALL', 105, 2.6, 2.8);
    quote(chain, 'CALL', 110, 1.1, 1.3);
    const { metrics } = candidateWith(chain, 'BEAR_CALL_SPREAD', '-1 C105, +1 C110');
    expect(metrics.netCredit).toBeCloseTo(1.5, 12);
    expect(metrics.maxProfit).toBeCloseTo(1.5, 12);
    expect(metrics.maxLoss).toBeCloseTo(3.5, 12);
    expect(metrics.breakevenLower).toBeCloseTo(106.5, 12);
    expect(metrics.breakevenUpper).toBeNaN();
  });

  it('bull call spread 100/105 for a debit of 2.20: wins 2.80, loses 2.20, breaks even at 102.20', () => {
    const chain = aChain();
    quote(chain, 'CALL', 100, 4.7, 4.9);
    quote(chain, 'CALL', 105, 2.5, 2.7);
    const { metrics } = candidateWith(chain, 'BULL_CALL_SPREAD', '+1 C100, -1 C105');
    expect(metrics.netCredit).toBeCloseTo(-2.2, 12);
    expect(metrics.maxProfit).toBeCloseTo(2.8, 12);
    expect(metrics.maxLoss).toBeCloseTo(2.2, 12);
    expect(metrics.breakevenLower).toBeCloseTo(102.2, 12);
    expect(metrics.breakevenUpper).toBeNaN();
  });

  it('bear put spread 100/95 for a debit of 1.90: wins 3.10, loses 1.90, breaks even at 98.10', () => {
    const chain = aChain();
    quote(chain, 'PUT', 100, 4, 4.2);
    quote(chain, 'PUT', 95, 2.1, 2.3);
    const { metrics } = candidateWith(chain, 'BEAR_PUT_SPREAD', '-1 P95, +1 P100');
    expect(metrics.netCredit).toBeCloseTo(-1.9, 12);
    expect(metrics.maxProfit).toBeCloseTo(3.1, 12);
    expect(metrics.maxLoss).toBeCloseTo(1.9, 12);
    expect(metrics.breakevenLower).toBeCloseTo(98.1, 12);
    expect(metrics.breakevenUpper).toBeNaN();
  });

  it('iron condor 90/95/110/115 for a credit of 1.60: wins 1.60, loses 3.40, breaks even at 93.40 and 111.60', () => {
    const chain = aChain();
    quote(chain, 'PUT', 90, 1, 1.2);
    quote(chain, 'PUT', 95, 2, 2.2);
    quote(chain, 'CALL', 110, 1.1, 1.3);
    quote(chain, 'CALL', 115, 0.5, 0.7);
    const { metrics } = candidateWith(chain, 'IRON_CONDOR', '+1 P90, -1 P95, -1 C110, +1 C115');
    expect(metrics.netCredit).toBeCloseTo(1.6, 12);
    expect(metrics.maxProfit).toBeCloseTo(1.6, 12);
    expect(metrics.maxLoss).toBeCloseTo(3.4, 12);
    expect(metrics.breakevenLower).toBeCloseTo(93.4, 12);
    expect(metrics.breakevenUpper).toBeCloseTo(111.6, 12);
    expect(metrics.returnOnRisk).toBeCloseTo(1.6 / 3.4, 12);
  });

  it('short strangle 95/110 for 3.30: wins 3.30, unlimited loss, breaks even at 91.70 and 113.30', () => {
    const chain = aChain();
    quote(chain, 'PUT', 95, 2, 2.2);
    quote(chain, 'CALL', 110, 1.1, 1.3);
    const { metrics } = candidateWith(chain, 'SHORT_STRANGLE', '-1 P95, -1 C110');
    expect(metrics.netCredit).toBeCloseTo(3.3, 12);
    expect(metrics.maxProfit).toBeCloseTo(3.3, 12);
    expect(metrics.maxLoss).toBeNaN();
    expect(metrics.breakevenLower).toBeCloseTo(91.7, 12);
    expect(metrics.breakevenUpper).toBeCloseTo(113.3, 12);
    expect(metrics.returnOnRisk).toBeNaN();
    expect(metrics.annualizedReturn).toBeNaN();
  });

  it('long strangle 95/110 for 3.30: unlimited profit, loses 3.30, breaks even at 91.70 and 113.30', () => {
    const chain = aChain();
    quote(chain, 'PUT', 95, 2, 2.2);
    quote(chain, 'CALL', 110, 1.1, 1.3);
    const { metrics } = candidateWith(chain, 'LONG_STRANGLE', '+1 P95, +1 C110');
    expect(metrics.netCredit).toBeCloseTo(-3.3, 12);
    expect(metrics.maxProfit).toBeNaN();
    expect(metrics.maxLoss).toBeCloseTo(3.3, 12);
    expect(metrics.breakevenLower).toBeCloseTo(91.7, 12);
    expect(metrics.breakevenUpper).toBeCloseTo(113.3, 12);
  });

  it.each([
    ['SHORT_STRADDLE', -1],
    ['LONG_STRADDLE', 1],
  ] as const)('%s 100 for 8.50 breaks even at 91.50 and 108.50', (strategy, quantity) => {
    const chain = aChain();
    quote(chain, 'PUT', 100, 3.8, 4);
    quote(chain, 'CALL', 100, 4.5, 4.7);
    const sign = quantity > 0 ? '+1' : '-1';
    const { metrics } = candidateWith(chain, strategy, `${sign} P100, ${sign} C100`);
    expect(metrics.netCredit).toBeCloseTo(-quantity * 8.5, 12);
    expect(quantity > 0 ? metrics.maxLoss : metrics.maxProfit).toBeCloseTo(8.5, 12);
    expect(quantity > 0 ? metrics.maxProfit : metrics.maxLoss).toBeNaN();
    expect(metrics.breakevenLower).toBeCloseTo(91.5, 12);
    expect(metrics.breakevenUpper).toBeCloseTo(108.5, 12);
  });

  it('are free of the noise of floating point: a filter may ask for a return of exactly this', () => {
    const chain = aChain();
    // 2.15 - 1.1 is 1.0499999999999998.
    quote(chain, 'PUT', 100, 2.15, 2.15);
    quote(chain, 'PUT', 95, 1.1, 1.1);
    const { metrics } = candidateWith(chain, 'BULL_PUT_SPREAD', '+1 P95, -1 P100');
    expect(metrics.netCredit).toBe(1.05);
    expect(metrics.maxProfit).toBe(1.05);
    expect(metrics.maxLoss).toBe(3.95);
    expect(metrics.returnOnRisk).toBe(1.05 / 3.95);
  });

  it('a short straddle whose credit exceeds the strike has only the upper break-even', () => {
    const chain = aChain();
    quote(chain, 'PUT', 100, 50, 50);
    quote(chain, 'CALL', 100, 60, 60);
    const { metrics } = candidateWith(chain, 'SHORT_STRADDLE', '-1 P100, -1 C100');
    expect(metrics.breakevenLower).toBeCloseTo(210, 12);
    expect(metrics.breakevenUpper).toBeNaN();
    expect(metrics.probabilityOfProfit).toBeGreaterThan(0.99);
  });
});
