import { describe, expect, it } from 'vitest';
import { smoothedVolatility } from '../../../../src/domain/candidates/smoothed-volatility.ts';
import { createVolatilitySmile, fillVolatilitySmile, refineVolatilitySmile } from '../../../../src/domain/candidates/volatility-smile.ts';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';
import { aPricedChain, quote, rowOf, strikesFrom } from '../strategies/a-priced-chain.ts';
import { candidateWith, type ListedCandidate, listCandidates } from './list-candidates.ts';

/** Probability-weighted mean over the underlying at expiration, lognormal around the forward: midpoint rule on the standard normal, -9 to 9. */
function expectation(chain: PricedChain, volatility: number, value: (price: number) => number): number {
  const { forward, yearFraction } = chain.expirations[0]!;
  const deviation = volatility * Math.sqrt(yearFraction);
  const steps = 20_000;
  const width = 18 / steps;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const z = -9 + (step + 0.5) * width;
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    sum += density * width * value(forward * Math.exp(deviation * z - 0.5 * deviation * deviation));
  }
  return sum;
}

/** Payoff of the option legs at expiration. */
function optionPayoff(chain: PricedChain, candidate: ListedCandidate, price: number): number {
  const { strike, right } = chain.snapshot.quotes;
  return candidate.rows.reduce((sum, row, leg) => {
    const distance = right[row] === 0 ? price - strike[row]! : strike[row]! - price;
    return sum + candidate.quantities[leg]! * Math.max(0, distance);
  }, 0);
}

function profit(chain: PricedChain, candidate: ListedCandidate, price: number): number {
  const { underlyingPrice } = chain.snapshot;
  return optionPayoff(chain, candidate, price) + candidate.stockQuantity * (price - underlyingPrice) + candidate.metrics.netCredit;
}

describe('probability of profit', () => {
  it('is the mass of the lognormal density where the position wins, for every strategy', () => {
    const chain = aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(80, 125, 2.5), smile: () => 0.22 }] });
    const { candidates } = listCandidates(chain);
    expect(new Set(candidates.map(({ strategy }) => strategy)).size).toBe(13);
    const seen = new Set<string>();
    for (const candidate of candidates) {
      if (seen.has(candidate.strategy)) continue;
      seen.add(candidate.strategy);
      const mass = expectation(chain, 0.22, (price) => (profit(chain, candidate, price) > 0 ? 1 : 0));
      expect(candidate.metrics.probabilityOfProfit, `${candidate.strategy} ${candidate.legs}`).toBeCloseTo(mass, 3);
    }
  });

  it('is taken at the break-even and under the volatility of the smile there, not at the strike', () => {
    const smile = (strike: number) => 0.25 - 0.002 * (strike - 100);
    const chain = aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(70, 130, 2), smile }] });
    const { candidates } = listCandidates(chain, { strategies: ['BULL_PUT_SPREAD'] });
    for (const { metrics } of candidates) {
      const above = expectation(chain, smile(metrics.breakevenLower), (price) => (price > metrics.breakevenLower ? 1 : 0));
      expect(metrics.probabilityOfProfit).toBeCloseTo(above, 3);
    }
  });

  it.each([
    ['SHORT_STRADDLE', 0],
    ['LONG_STRADDLE', 1],
  ] as const)('of a %s between break-evens whose volatilities contradict each other is %d, not beyond', (strategy, expected) => {
    // Far more volatility quoted below than above: less than nothing would end between 95 and 105.
    const smile = (strike: number) => (strike <= 95 ? 8 : 0.05);
    const chain = aPricedChain({ rate: 0, expirations: [{ days: 365, strikes: [95, 100, 105], smile, forward: 109 }] });
    for (const right of ['CALL', 'PUT'] as const) {
      quote(chain, right, 100, 2.5, 2.5);
      chain.columns.delta[rowOf(chain, right, 100)] = right === 'CALL' ? 0.5 : -0.5;
    }
    const sign = strategy === 'LONG_STRADDLE' ? '+1' : '-1';
    const { metrics } = candidateWith(chain, strategy, `${sign} P100, ${sign} C100`);
    expect([metrics.breakevenLower, metrics.breakevenUpper]).toEqual([95, 105]);
    expect(metrics.probabilityOfProfit).toBe(expected);
  });
});

describe('probability in the money', () => {
  it('is that of the short leg, under its own volatility', () => {
    const smile = (strike: number) => 0.25 - 0.002 * (strike - 100);
    const chain = aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(70, 130, 5), smile }] });
    const { metrics } = candidateWith(chain, 'CASH_SECURED_PUT', '-1 P95');
    expect(metrics.probabilityInTheMoney).toBeCloseTo(
      expectation(chain, smile(95), (price) => (price < 95 ? 1 : 0)),
      3,
    );
  });

  it('is that either short leg of a strangle ends in the money, and 1 for a straddle', () => {
    const chain = aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(70, 130, 5), smile: () => 0.25 }] });
    const [strangle] = listCandidates(chain, { strategies: ['SHORT_STRANGLE'] }).candidates;
    const [put, call] = strangle!.rows.map((row) => chain.snapshot.quotes.strike[row]!);
    expect(strangle!.metrics.probabilityInTheMoney).toBeCloseTo(
      expectation(chain, 0.25, (price) => (price < put! || price > call! ? 1 : 0)),
      3,
    );
    const [straddle] = listCandidates(chain, { strategies: ['SHORT_STRADDLE'] }).candidates;
    expect(straddle!.metrics.probabilityInTheMoney).toBeCloseTo(1, 8);
  });

  it('adds up to 1 for the call and the put of one strike', () => {
    const chain = aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(70, 130, 5) }] });
    const call = candidateWith(chain, 'LONG_CALL', '+1 C100').metrics;
    const put = candidateWith(chain, 'LONG_PUT', '+1 P100').metrics;
    expect(call.probabilityInTheMoney + put.probabilityInTheMoney).toBeCloseTo(1, 8);
  });
});

describe('put-call symmetry at the forward without interest', () => {
  it('holds for mark, greeks and the distance of the break-evens', () => {
    const chain = aPricedChain({ rate: 0, expirations: [{ days: 45, strikes: strikesFrom(70, 130, 5), forward: 100 }] });
    const call = candidateWith(chain, 'LONG_CALL', '+1 C100').metrics;
    const put = candidateWith(chain, 'LONG_PUT', '+1 P100').metrics;
    expect(call.mark).toBeCloseTo(put.mark, 12);
    expect(call.gamma).toBeCloseTo(put.gamma, 12);
    expect(call.vega).toBeCloseTo(put.vega, 12);
    expect(call.theta).toBeCloseTo(put.theta, 12);
    expect(call.delta - put.delta).toBeCloseTo(1, 12);
    expect(call.breakevenLower - 100).toBeCloseTo(100 - put.breakevenLower, 12);
    const straddle = candidateWith(chain, 'LONG_STRADDLE', '+1 P100, +1 C100').metrics;
    expect(straddle.breakevenUpper - 100).toBeCloseTo(100 - straddle.breakevenLower, 12);
    expect(straddle.delta).toBeCloseTo(call.delta + put.delta, 12);
  });
});

describe('expected value', () => {
  it('is 0 at the mark for every candidate of a chain without mispricing', () => {
    const smile = (strike: number) => 0.2 + 0.00005 * (strike - 104) ** 2;
    const chain = aPricedChain({ underlyingPrice: 100, expirations: [{ days: 60, strikes: strikesFrom(70, 130, 2.5), smile }] });
    const { candidates } = listCandidates(chain);
    expect(candidates.length).toBeGreaterThan(50);
    for (const { metrics } of candidates) expect(Math.abs(metrics.expectedValue)).toBeLessThan(1e-6);
  });

  it('is the discounted mean payoff under the smoothed smile, less the cost', () => {
    const chain = aPricedChain({
      rate: 0.05,
      expirations: [{ days: 60, strikes: strikesFrom(80, 120, 1), smile: (strike) => (strike === 95 ? 0.24 : 0.2) }],
    });
    const { yearFraction, rate } = chain.expirations[0]!;
    const smile = createVolatilitySmile(chain.snapshot.size);
    fillVolatilitySmile(smile, chain, chain.snapshot.expirations[0]!, chain.expirations[0]!, new Uint8Array(chain.snapshot.size).fill(1));
    refineVolatilitySmile(smile, chain);
    for (const strategy of ['LONG_PUT', 'CASH_SECURED_PUT'] as const) {
      const candidate = candidateWith(chain, strategy, strategy === 'LONG_PUT' ? '+1 P95' : '-1 P95');
      const fairVolatility = smoothedVolatility(smile, smile.nodeOfRow[candidate.rows[0]!]!);
      const mean = expectation(chain, fairVolatility, (price) => optionPayoff(chain, candidate, price));
      expect(candidate.metrics.expectedValue).toBeCloseTo(Math.exp(-rate * yearFraction) * mean + candidate.metrics.netCredit, 5);
    }
  });

  it('is positive for selling what its neighbours say is dear, and opposite for buying it', () => {
    const chain = aPricedChain({
      expirations: [{ days: 60, strikes: strikesFrom(80, 120, 1), smile: (strike) => (strike === 95 ? 0.24 : 0.2) }],
    });
    const sold = candidateWith(chain, 'CASH_SECURED_PUT', '-1 P95').metrics.expectedValue;
    const bought = candidateWith(chain, 'LONG_PUT', '+1 P95').metrics.expectedValue;
    expect(sold).toBeGreaterThan(0.1);
    expect(bought).toBeCloseTo(-sold, 12);
  });

  it('is unknown with too few strikes for a density of their own', () => {
    const chain = aPricedChain({ expirations: [{ days: 60, strikes: [95, 100, 105] }] });
    expect(candidateWith(chain, 'LONG_CALL', '+1 C100').metrics.expectedValue).toBeNaN();
  });
});
