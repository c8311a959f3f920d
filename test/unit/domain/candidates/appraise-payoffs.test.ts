import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendCandidate, appendLeg } from '../../../../src/domain/candidates/append-candidate.ts';
import { appraisePayoffs } from '../../../../src/domain/candidates/appraise-payoffs.ts';
import { CANDIDATE_DROP_INDEX } from '../../../../src/domain/candidates/candidate-drop-reason.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX, type MetricName } from '../../../../src/domain/candidates/metric.ts';
import { aPricedChain, quote, rowOf, strikesFrom } from '../strategies/a-priced-chain.ts';

const STRIKES = strikesFrom(50, 150, 10);

interface RandomLeg {
  readonly right: 'CALL' | 'PUT';
  readonly strike: number;
  readonly quantity: number;
  /** In cents. */
  readonly mark: number;
}

const legs = fc
  .uniqueArray(
    fc.record({
      right: fc.constantFrom<'CALL' | 'PUT'>('CALL', 'PUT'),
      strike: fc.constantFrom(...STRIKES),
      quantity: fc.constantFrom(-2, -1, 1, 2),
      mark: fc.integer({ min: 1, max: 6_000 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ right, strike }) => `${right}${strike}` },
  )
  .map((list) => list.toSorted((a, b) => a.strike - b.strike));

/** Profit at expiration in cents, straight from the definition. */
function profitAt(position: readonly RandomLeg[], stock: number, price: number): number {
  const options = position.reduce((sum, { right, strike, quantity, mark }) => {
    const payoff = Math.max(0, right === 'CALL' ? price - strike : strike - price);
    return sum + quantity * (100 * payoff - mark);
  }, 0);
  return options + stock * 100 * (price - 100);
}

function appraise(position: readonly RandomLeg[], stock: number) {
  const chain = aPricedChain({ underlyingPrice: 100, expirations: [{ days: 30, strikes: STRIKES }] });
  const batch = createCandidateBatch(1);
  const candidate = appendCandidate(batch, 0, stock);
  for (const { right, strike, quantity, mark } of position) {
    quote(chain, right, strike, mark / 100, mark / 100);
    appendLeg(batch, candidate, rowOf(chain, right, strike), quantity);
  }
  const credit = -position.reduce((sum, { quantity, mark }) => sum + quantity * mark, 0);
  const isProfitAtZero = new Uint8Array(1);
  appraisePayoffs(batch, chain, chain.snapshot.expirations[0]!.putStart, Uint8Array.of(credit > 0 ? 1 : 0), isProfitAtZero);
  return { batch, credit, isProfitAtZero, metric: (name: MetricName) => batch.metrics[METRIC_INDEX[name]]![0]! };
}

/** All cents of the underlying from 0 to far above the last strike: every kink and every sign of the payoff. */
const GRID = Array.from({ length: 4_001 }, (_, index) => index / 10);

/** What a walk over the grid finds; a break-even lies in the tenth before its crossing. Null: a position that cannot lose, or not win, or is opened for nothing. */
function outcomeByGrid(position: readonly RandomLeg[], stock: number, credit: number) {
  const profits = GRID.map((price) => profitAt(position, stock, price));
  const slope = stock + position.reduce((sum, { right, quantity }) => sum + (right === 'CALL' ? quantity : 0), 0);
  const best = slope > 0 ? Number.NaN : Math.max(...profits) / 100;
  const worst = slope < 0 ? Number.NaN : Math.min(...profits) / 100;
  if (credit === 0 || best <= 0 || worst >= 0) return null;
  const crossings = GRID.slice(1).filter((_, index) => profits[index]! > 0 !== profits[index + 1]! > 0);
  return {
    netCredit: rounded(credit / 100),
    maxProfit: rounded(best),
    maxLoss: rounded(-worst),
    returnOnRisk: rounded(-best / worst),
    isProfitAtZero: profits[0]! > 0,
    crossings,
  };
}

function outcomeByAppraisal(position: readonly RandomLeg[], stock: number) {
  const { batch, credit, isProfitAtZero, metric } = appraise(position, stock);
  if (batch.size === 0) return { credit, outcome: null, breakevens: [] };
  const breakevens = [metric('breakevenLower'), metric('breakevenUpper')].filter((price) => price < GRID.at(-1)!);
  return {
    credit,
    outcome: {
      netCredit: rounded(metric('netCredit')),
      maxProfit: rounded(metric('maxProfit')),
      maxLoss: rounded(metric('maxLoss')),
      returnOnRisk: rounded(metric('returnOnRisk')),
      isProfitAtZero: isProfitAtZero[0] === 1,
    },
    breakevens,
  };
}

function rounded(value: number): string {
  return value.toFixed(8);
}

describe('appraisePayoffs', () => {
  it('agrees with brute force over the price of the underlying for any legs', () => {
    fc.assert(
      fc.property(legs, fc.constantFrom(0, 1), (position, stock) => {
        // A payoff that rests on exactly 0 between two strikes has no break-even to agree on.
        fc.pre([0, ...STRIKES].every((price) => profitAt(position, stock, price) !== 0));
        const { credit, outcome, breakevens } = outcomeByAppraisal(position, stock);
        const expected = outcomeByGrid(position, stock, credit);
        const crossings = expected?.crossings ?? [];
        fc.pre(crossings.length <= 2);
        expect(outcome && { ...outcome, crossings }).toEqual(expected);
        expect(breakevens).toHaveLength(crossings.length);
        for (const [index, price] of breakevens.entries()) {
          expect(Math.abs(profitAt(position, stock, price))).toBeLessThan(1e-6);
          expect(Math.abs(price - (crossings[index]! - 0.05))).toBeLessThan(0.05 + 1e-9);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['no-credit', { credit: true, sold: 1, bought: 1 }],
    ['no-credit', { credit: true, sold: 1, bought: 1.5 }],
    ['credit-exceeds-width', { credit: true, sold: 11, bought: 1 }],
    ['no-debit', { credit: false, sold: 1, bought: 1 }],
    ['debit-exceeds-width', { credit: false, sold: 1, bought: 11 }],
  ] as const)('counts %s for a put spread of width 10 %o', (reason, { credit, sold, bought }) => {
    const chain = aPricedChain({ underlyingPrice: 100, expirations: [{ days: 30, strikes: STRIKES }] });
    // Credit: sell the 100, buy the 90. Debit: the other way round.
    quote(chain, 'PUT', 100, credit ? sold : bought, credit ? sold : bought);
    quote(chain, 'PUT', 90, credit ? bought : sold, credit ? bought : sold);
    const batch = createCandidateBatch(2);
    const candidate = appendCandidate(batch, 0, 0);
    appendLeg(batch, candidate, rowOf(chain, 'PUT', 90), credit ? 1 : -1);
    appendLeg(batch, candidate, rowOf(chain, 'PUT', 100), credit ? -1 : 1);
    appraisePayoffs(batch, chain, chain.snapshot.expirations[0]!.putStart, Uint8Array.of(credit ? 1 : 0), new Uint8Array(2));
    expect(batch.size).toBe(0);
    expect([...batch.drops].reduce((sum, count) => sum + count)).toBe(1);
    expect(batch.drops[CANDIDATE_DROP_INDEX[reason]]).toBe(1);
  });

  it('keeps the others in order when one is removed', () => {
    const chain = aPricedChain({ underlyingPrice: 100, expirations: [{ days: 30, strikes: STRIKES }] });
    quote(chain, 'PUT', 90, 1, 1);
    quote(chain, 'PUT', 100, 0.5, 0.5);
    const batch = createCandidateBatch(3);
    const sell = (strike: number) => appendLeg(batch, appendCandidate(batch, 3, 0), rowOf(chain, 'PUT', strike), -1);
    sell(90);
    const spread = appendCandidate(batch, 6, 0);
    appendLeg(batch, spread, rowOf(chain, 'PUT', 90), 1);
    appendLeg(batch, spread, rowOf(chain, 'PUT', 100), -1);
    sell(100);
    appraisePayoffs(batch, chain, chain.snapshot.expirations[0]!.putStart, new Uint8Array(13).fill(1), new Uint8Array(3));
    expect(batch.size).toBe(2);
    expect([...batch.strategy.subarray(0, 2)]).toEqual([3, 3]);
    expect([batch.legRow[0], batch.legRow[4]]).toEqual([rowOf(chain, 'PUT', 90), rowOf(chain, 'PUT', 100)]);
    expect([...batch.metrics[METRIC_INDEX.netCredit]!.subarray(0, 2)]).toEqual([1, 0.5]);
  });

  it('needs the price of the underlying for a position that holds it', () => {
    const chain = aPricedChain({ underlyingPrice: Number.NaN, expirations: [{ days: 30, strikes: STRIKES, forward: 100 }] });
    const batch = createCandidateBatch(1);
    appendLeg(batch, appendCandidate(batch, 2, 1), rowOf(chain, 'CALL', 100), -1);
    appraisePayoffs(batch, chain, chain.snapshot.expirations[0]!.putStart, new Uint8Array(13).fill(1), new Uint8Array(1));
    expect(batch.size).toBe(0);
    expect(batch.drops[CANDIDATE_DROP_INDEX['no-underlying-price']]).toBe(1);
  });
});
