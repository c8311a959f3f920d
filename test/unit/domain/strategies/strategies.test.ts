import { describe, expect, it } from 'vitest';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION, STRATEGIES } from '../../../../src/domain/strategies/strategies.ts';
import { STRATEGY_IDS, type StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';
import { listCandidates } from '../candidates/list-candidates.ts';
import { aPricedChain, rowOf, strikesFrom } from './a-priced-chain.ts';

/** Every strike of 0.25 between 40 and 160: far more contracts than buckets of delta. */
const DENSE = aPricedChain({ expirations: [{ days: 60, strikes: strikesFrom(40, 160, 0.25), smile: () => 0.3, spread: 0.0001 }] });
const ORDINARY = aPricedChain({ expirations: [{ days: 60, strikes: strikesFrom(70, 140, 2.5), smile: () => 0.3 }] });

interface Shape {
  /** Right and quantity per leg, in ascending strike. */
  readonly legs: string;
  readonly stock?: number;
  /** |delta| of the leg that the strategy is anchored on. */
  readonly anchor: number;
  readonly window: readonly [number, number];
}

const SHAPES: Readonly<Record<StrategyId, Shape>> = {
  LONG_CALL: { legs: 'C+1', anchor: 0, window: [0.16, 0.84] },
  LONG_PUT: { legs: 'P+1', anchor: 0, window: [0.16, 0.84] },
  COVERED_CALL: { legs: 'C-1', stock: 1, anchor: 0, window: [0.04, 0.56] },
  CASH_SECURED_PUT: { legs: 'P-1', anchor: 0, window: [0.04, 0.56] },
  BULL_CALL_SPREAD: { legs: 'C+1 C-1', anchor: 0, window: [0.34, 0.74] },
  BEAR_PUT_SPREAD: { legs: 'P-1 P+1', anchor: 1, window: [0.34, 0.74] },
  BULL_PUT_SPREAD: { legs: 'P+1 P-1', anchor: 1, window: [0.06, 0.5] },
  BEAR_CALL_SPREAD: { legs: 'C-1 C+1', anchor: 0, window: [0.06, 0.5] },
  IRON_CONDOR: { legs: 'P+1 P-1 C-1 C+1', anchor: 1, window: [0.06, 0.46] },
  SHORT_STRANGLE: { legs: 'P-1 C-1', anchor: 0, window: [0.06, 0.46] },
  LONG_STRANGLE: { legs: 'P+1 C+1', anchor: 0, window: [0.06, 0.46] },
  SHORT_STRADDLE: { legs: 'P-1 C-1', anchor: 1, window: [0.36, 0.64] },
  LONG_STRADDLE: { legs: 'P+1 C+1', anchor: 1, window: [0.36, 0.64] },
};

describe('the list of strategies', () => {
  it('has every id, in the order that makes its place the code', () => {
    expect(STRATEGIES.map(({ id }) => id)).toEqual(STRATEGY_IDS);
  });

  it('tells what opens for a credit and what has a defined risk', () => {
    expect(STRATEGIES.filter(({ shortPremium }) => shortPremium).map(({ id }) => id)).toEqual([
      'COVERED_CALL',
      'CASH_SECURED_PUT',
      'BULL_PUT_SPREAD',
      'BEAR_CALL_SPREAD',
      'IRON_CONDOR',
      'SHORT_STRANGLE',
      'SHORT_STRADDLE',
    ]);
    expect(STRATEGIES.filter(({ definedRisk }) => !definedRisk).map(({ id }) => id)).toEqual([
      'COVERED_CALL',
      'CASH_SECURED_PUT',
      'SHORT_STRANGLE',
      'SHORT_STRADDLE',
    ]);
  });
});

describe.each(STRATEGIES)('$id', (strategy) => {
  const shape = SHAPES[strategy.id];

  it.each([
    ['a dense', DENSE],
    ['an ordinary', ORDINARY],
  ])('chooses its legs by its windows from %s chain', (_, chain) => {
    const { candidates } = listCandidates(chain, { strategies: [strategy.id] });
    expect(candidates.length).toBeGreaterThan(0);
    const { right, strike } = chain.snapshot.quotes;
    for (const { rows, quantities, stockQuantity } of candidates) {
      const legs = rows.map((row, leg) => `${right[row] === 0 ? 'C' : 'P'}${quantities[leg]! > 0 ? '+' : ''}${quantities[leg]}`);
      expect(legs.join(' ')).toBe(shape.legs);
      expect(stockQuantity).toBe(shape.stock ?? 0);
      const anchor = Math.abs(chain.columns.delta[rows[shape.anchor]!]!);
      expect(anchor).toBeGreaterThanOrEqual(shape.window[0]);
      expect(anchor).toBeLessThan(shape.window[1]);
      const strikes = rows.map((row) => strike[row]!);
      expect(strikes).toEqual(strikes.toSorted((a, b) => a - b));
    }
  });

  it('proposes no position twice', () => {
    const { candidates } = listCandidates(ORDINARY, { strategies: [strategy.id] });
    expect(new Set(candidates.map(({ legs }) => legs)).size).toBe(candidates.length);
  });

  it('gives no more candidates than it says, however dense the chain', () => {
    const { candidates, drops } = listCandidates(DENSE, { strategies: [strategy.id] });
    expect(candidates.length).toBeLessThanOrEqual(strategy.maximumPerExpiration);
    expect(candidates.length).toBeGreaterThan(strategy.maximumPerExpiration * 0.9);
    expect(drops.capacity).toBe(0);
  });

  it('finds nothing where the other right is all there is, and does not fail', () => {
    const chain = aPricedChain({ expirations: [{ days: 60, strikes: strikesFrom(70, 140, 2.5), smile: () => 0.3 }] });
    const { start, putStart, end } = chain.snapshot.expirations[0]!;
    const onlyPuts = shape.legs.includes('C');
    for (let row = onlyPuts ? start : putStart; row < (onlyPuts ? putStart : end); row++) chain.columns.mark[row] = Number.NaN;
    expect(listCandidates(chain, { strategies: [strategy.id] }).candidates).toEqual([]);
  });
});

describe('the bound on candidates', () => {
  it('is 500 per expiration', () => {
    expect(MAXIMUM_CANDIDATES_PER_EXPIRATION).toBe(500);
    expect(listCandidates(DENSE).candidates.length).toBeLessThanOrEqual(500);
  });
});

describe('legs', () => {
  it('pair the wings of spreads with the widths of 0.1, 0.25 and 0.5 standard deviations', () => {
    const { candidates } = listCandidates(DENSE, { strategies: ['BULL_PUT_SPREAD'] });
    const { forward, yearFraction } = DENSE.expirations[0]!;
    const deviation = forward * 0.3 * Math.sqrt(yearFraction);
    const { strike } = DENSE.snapshot.quotes;
    const widths = candidates.slice(0, 3).map(({ rows }) => strike[rows[1]!]! - strike[rows[0]!]!);
    for (const [index, share] of [0.1, 0.25, 0.5].entries())
      expect(Math.abs(widths[index]! - share * deviation)).toBeLessThanOrEqual(0.125);
  });

  it('are at least one strike apart where strikes are wide', () => {
    const wide = aPricedChain({ expirations: [{ days: 7, strikes: strikesFrom(50, 150, 10), smile: () => 0.5 }] });
    const { candidates } = listCandidates(wide, { strategies: ['BULL_PUT_SPREAD'] });
    const { strike } = wide.snapshot.quotes;
    expect(candidates.length).toBeGreaterThan(0);
    for (const { rows } of candidates) expect(strike[rows[1]!]! - strike[rows[0]!]!).toBe(10);
  });

  it('have about the same delta on both sides of a condor and of a strangle', () => {
    for (const { rows, strategy } of listCandidates(ORDINARY, { strategies: ['IRON_CONDOR', 'SHORT_STRANGLE'] }).candidates) {
      const [put, call] = strategy === 'IRON_CONDOR' ? [rows[1]!, rows[2]!] : [rows[0]!, rows[1]!];
      const { delta } = ORDINARY.columns;
      expect(Math.abs(delta[call]! + delta[put]!)).toBeLessThan(0.06);
    }
  });

  it('are not paired when no delta on the other side is near', () => {
    const chain = aPricedChain({ expirations: [{ days: 60, strikes: [86, 88, 106, 108], smile: () => 0.3 }] });
    const { delta } = chain.columns;
    expect(delta[rowOf(chain, 'PUT', 88)]).toBeGreaterThan(-0.15);
    expect(delta[rowOf(chain, 'CALL', 108)]).toBeGreaterThan(0.27);
    expect(listCandidates(chain, { strategies: ['SHORT_STRANGLE', 'LONG_STRANGLE', 'IRON_CONDOR'] }).candidates).toEqual([]);
  });

  it('of a strangle or a condor never have the put at or above the call', () => {
    // Deltas of options on a forward are discounted: with high rates a put of -0.45 lies above a call of 0.45.
    const chain = aPricedChain({ rate: 0.3, expirations: [{ days: 390, strikes: strikesFrom(60, 240, 5), smile: () => 0.3 }] });
    const { candidates } = listCandidates(chain, { strategies: ['SHORT_STRANGLE', 'LONG_STRANGLE', 'IRON_CONDOR'] });
    expect(candidates.length).toBeGreaterThan(0);
    const { strike } = chain.snapshot.quotes;
    for (const { rows } of candidates) {
      const strikes = rows.map((row) => strike[row]!);
      expect(strikes).toEqual([...new Set(strikes)].toSorted((a, b) => a - b));
    }
  });

  it('are nearest to the middle of their step of delta where open interest does not decide', () => {
    const { delta } = DENSE.columns;
    const { putStart, end } = DENSE.snapshot.expirations[0]!;
    for (const { rows } of listCandidates(DENSE, { strategies: ['CASH_SECURED_PUT'] }).candidates) {
      const fromMiddle = (row: number) => Math.abs(((Math.abs(delta[row]!) * 50) % 1) - 0.5);
      const step = Math.floor(Math.abs(delta[rows[0]!]!) * 50);
      const alike = Array.from({ length: end - putStart }, (_, index) => putStart + index).filter(
        (row) => Math.floor(Math.abs(delta[row]!) * 50) === step,
      );
      expect(fromMiddle(rows[0]!)).toBe(Math.min(...alike.map(fromMiddle)));
    }
  });

  it('prefer the contract with the largest open interest among those of one delta', () => {
    const chain = aPricedChain({ expirations: [{ days: 60, strikes: strikesFrom(90, 95, 0.1), smile: () => 0.3 }] });
    const favourite = 91.5 as const;
    const row = chain.snapshot.quotes.strike.findIndex(
      (strike, index) => index >= chain.snapshot.expirations[0]!.putStart && Math.abs(strike - favourite) < 1e-9,
    );
    chain.snapshot.quotes.openInterest[row] = 50_000;
    const chosen = listCandidates(chain, { strategies: ['CASH_SECURED_PUT'] }).candidates.map(({ rows }) => rows[0]);
    expect(chosen).toContain(row);
    expect(chosen.length).toBeLessThan(15);
  });
});
