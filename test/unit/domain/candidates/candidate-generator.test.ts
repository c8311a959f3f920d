import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CandidateBatch, MAX_LEGS } from '../../../../src/domain/candidates/candidate-batch.ts';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX, METRICS } from '../../../../src/domain/candidates/metric.ts';
import { SCREENED_METRICS, type ScreeningStage } from '../../../../src/domain/candidates/screened-metrics.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { aPricedChain, quote, rowOf, strikesFrom } from '../strategies/a-priced-chain.ts';
import { candidateWith, listCandidates } from './list-candidates.ts';

const UNKNOWN = { ivRank: Number.NaN, ivPercentile: Number.NaN };

describe('metrics of a position', () => {
  const chain = aPricedChain({
    underlyingPrice: 100,
    expirations: [{ days: 73, strikes: strikesFrom(70, 130, 5), smile: (strike) => 0.4 - strike / 500 }],
  });
  quote(chain, 'PUT', 90, 1, 1.2);
  quote(chain, 'PUT', 95, 2, 2.4);
  const { volume, openInterest } = chain.snapshot.quotes;
  const long = rowOf(chain, 'PUT', 90);
  const short = rowOf(chain, 'PUT', 95);
  volume[long] = 30;
  openInterest[long] = 400;
  volume[short] = 90;
  openInterest[short] = 300;
  const { metrics } = candidateWith(chain, 'BULL_PUT_SPREAD', '+1 P90, -1 P95', { ivRank: 42, ivPercentile: 61 });
  const columns = chain.columns;

  it('adds the quotes of the legs up: sold at bid and bought at ask', () => {
    // Selling the position: the 90 at its bid, the 95 bought back at its ask.
    expect(metrics.bid).toBeCloseTo(1 - 2.4, 12);
    expect(metrics.ask).toBeCloseTo(1.2 - 2, 12);
    expect(metrics.mark).toBeCloseTo(-1.1, 12);
    expect(metrics.spread).toBeCloseTo(0.6, 12);
    expect(metrics.spreadPercent).toBeCloseTo(0.6 / 1.1, 12);
    expect(metrics.premium).toBeCloseTo(1.1 + 2.2, 12);
    expect(metrics.netCredit).toBeCloseTo(1.1, 12);
  });

  it('takes the smallest volume and open interest, and their ratio where open interest is smallest', () => {
    expect(metrics.volume).toBe(30);
    expect(metrics.openInterest).toBe(300);
    expect(metrics.volumeToOpenInterest).toBeCloseTo(90 / 300, 12);
  });

  it('adds the greeks up: long legs plus, short legs minus', () => {
    for (const name of ['delta', 'gamma', 'theta', 'vega', 'rho'] as const) {
      expect(metrics[name]).toBeCloseTo(columns[name][long]! - columns[name][short]!, 12);
    }
  });

  it('describes the short leg', () => {
    expect(metrics.shortDelta).toBeCloseTo(Math.abs(columns.delta[short]!), 12);
    expect(metrics.impliedVolatility).toBeCloseTo(0.4 - 95 / 500, 12);
    const { forward, yearFraction } = chain.expirations[0]!;
    expect(metrics.moneyness).toBeCloseTo(Math.log(95 / forward) / (0.21 * Math.sqrt(yearFraction)), 12);
  });

  it('carries the context of the expiration', () => {
    expect(metrics.underlyingPrice).toBe(100);
    expect(metrics.daysToExpiration).toBeCloseTo(73, 10);
    expect(metrics.ivRank).toBe(42);
    expect(metrics.ivPercentile).toBe(61);
    const { atTheMoneyVolatility } = chain.expirations[0]!;
    expect(metrics.expectedMove).toBeCloseTo(100 * atTheMoneyVolatility * Math.sqrt(0.2), 10);
    expect(metrics.annualizedReturn).toBeCloseTo((1.1 / 3.9) * 5, 10);
    expect(metrics.thetaYield).toBeCloseTo(metrics.theta / 1.1, 12);
  });

  it('counts the stock of a covered call in delta, and nowhere in the quotes', () => {
    const covered = candidateWith(chain, 'COVERED_CALL', '-1 C105').metrics;
    const call = rowOf(chain, 'CALL', 105);
    expect(covered.delta).toBeCloseTo(1 - columns.delta[call]!, 12);
    expect(covered.mark).toBeCloseTo(-columns.mark[call]!, 12);
    expect(covered.netCredit).toBeCloseTo(columns.mark[call]!, 8);
  });

  it('describes the legs of a position without a short one', () => {
    const strangle = candidateWith(chain, 'LONG_STRANGLE', '+1 P90, +1 C110').metrics;
    expect(strangle.shortDelta).toBeNaN();
    expect(strangle.thetaYield).toBeNaN();
    expect(strangle.impliedVolatility).toBeCloseTo((0.4 - 90 / 500 + (0.4 - 110 / 500)) / 2, 12);
    const { forward, yearFraction } = chain.expirations[0]!;
    const call = Math.log(110 / forward) / ((0.4 - 110 / 500) * Math.sqrt(yearFraction));
    const put = Math.log(90 / forward) / ((0.4 - 90 / 500) * Math.sqrt(yearFraction));
    expect(Math.abs(call)).toBeLessThan(Math.abs(put));
    expect(strangle.moneyness).toBeCloseTo(call, 12);
  });
});

describe('what is not known', () => {
  const aChain = () => aPricedChain({ expirations: [{ days: 45, strikes: strikesFrom(80, 120, 5) }] });

  it('leaves volume, open interest and their ratio unknown', () => {
    const chain = aChain();
    const row = rowOf(chain, 'CALL', 105);
    chain.snapshot.quotes.volume[row] = Number.NaN;
    chain.snapshot.quotes.openInterest[row] = Number.NaN;
    for (const legs of ['-1 C105, +1 C110']) {
      const { metrics } = candidateWith(chain, 'BEAR_CALL_SPREAD', legs);
      expect(metrics.volume).toBeNaN();
      expect(metrics.openInterest).toBeNaN();
      expect(metrics.volumeToOpenInterest).toBeNaN();
    }
  });

  it('has no ratio to an open interest of 0', () => {
    const chain = aChain();
    chain.snapshot.quotes.openInterest[rowOf(chain, 'CALL', 105)] = 0;
    const { metrics } = candidateWith(chain, 'LONG_CALL', '+1 C105');
    expect(metrics.openInterest).toBe(0);
    expect(metrics.volumeToOpenInterest).toBeNaN();
  });

  it('drops covered calls, and has no expected move, without the price of the underlying', () => {
    const chain = aPricedChain({
      underlyingPrice: Number.NaN,
      expirations: [{ days: 45, strikes: strikesFrom(80, 120, 5), forward: 100 }],
    });
    const { candidates, drops } = listCandidates(chain);
    expect(drops['no-underlying-price']).toBeGreaterThan(0);
    expect(candidates.length).toBeGreaterThan(0);
    for (const { strategy, metrics } of candidates) {
      expect(strategy).not.toBe('COVERED_CALL');
      expect(metrics.underlyingPrice).toBeNaN();
      expect(metrics.expectedMove).toBeNaN();
      expect(metrics.netCredit).not.toBeNaN();
    }
  });

  it('uses no contract without two quotes or without model values, and counts each once', () => {
    const chain = aChain();
    const oneSided = rowOf(chain, 'PUT', 95);
    const unvalued = rowOf(chain, 'CALL', 105);
    chain.columns.mark[oneSided] = Number.NaN;
    chain.columns.theta[unvalued] = Number.NaN;
    const { candidates, drops } = listCandidates(chain);
    expect(drops['one-sided-quote']).toBe(1);
    expect(drops['no-model-values']).toBe(1);
    expect(candidates.length).toBeGreaterThan(0);
    for (const { rows } of candidates) expect(rows.includes(oneSided) || rows.includes(unvalued)).toBe(false);
  });

  it('never becomes Infinity, whatever the columns hold', () => {
    const strikes = strikesFrom(80, 120, 5);
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(Number.NaN, 0, -1, 1e-300, 1e9, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      },
    );
    const size = strikes.length * 2;
    const overlay = fc.array(value, { minLength: size, maxLength: size });
    const known = ['netCredit', 'bid', 'ask', 'mark', 'spread', 'probabilityOfProfit', 'breakevenLower', 'delta', 'theta'] as const;
    fc.assert(
      fc.property(overlay, overlay, overlay, overlay, overlay, overlay, (bids, asks, volumes, interests, volatilities, gammas) => {
        const chain = aPricedChain({ expirations: [{ days: 45, strikes }] });
        const { bid, ask, volume, openInterest } = chain.snapshot.quotes;
        const { impliedVolatility, gamma, mark } = chain.columns;
        const columns = [bid, ask, volume, openInterest, impliedVolatility, gamma];
        for (const [index, list] of [bids, asks, volumes, interests, volatilities, gammas].entries()) {
          for (const [row, replacement] of list.entries()) if (replacement !== null) columns[index]![row] = replacement;
        }
        for (let row = 0; row < size; row++) mark[row] = (bid[row]! + ask[row]!) / 2;
        const { candidates } = listCandidates(chain);
        const faults = candidates.flatMap(({ metrics }) => [
          ...METRICS.filter(({ name }) => Math.abs(metrics[name]) === Number.POSITIVE_INFINITY).map(({ name }) => `${name} is infinite`),
          ...known.filter((name) => Number.isNaN(metrics[name])).map((name) => `${name} is unknown`),
        ]);
        expect(faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the generator', () => {
  const chain = aPricedChain({
    expirations: [
      { days: 30, strikes: strikesFrom(80, 120, 5) },
      { days: 400, strikes: strikesFrom(80, 120, 5) },
      { days: 401, strikes: strikesFrom(80, 120, 5) },
    ],
  });

  it('empties the batch and its counters for each expiration', () => {
    const generator = createCandidateGenerator();
    const batch = createCandidateBatch(500);
    const first = generator.generateExpiration(chain, 0, UNKNOWN, batch);
    expect(first).toBeGreaterThan(0);
    expect(generator.generateExpiration(chain, 2, UNKNOWN, batch)).toBe(0);
    expect(batch.size).toBe(0);
    expect(generator.generateExpiration(chain, 0, UNKNOWN, batch)).toBe(first);
    expect([...batch.drops].every((count) => count === 0)).toBe(true);
  });

  it('scans expirations up to 400 days away', () => {
    expect(listCandidates(chain, { expirationIndex: 1 }).candidates.length).toBeGreaterThan(0);
    expect(listCandidates(chain, { expirationIndex: 2 })).toMatchObject({ candidates: [], drops: { 'expiration-too-far': 1 } });
  });

  it('takes its legs from the expiration asked for', () => {
    const { start, end } = chain.snapshot.expirations[1]!;
    for (const { rows } of listCandidates(chain, { expirationIndex: 1 }).candidates) {
      for (const row of rows) expect(row >= start && row < end).toBe(true);
    }
  });

  it('counts an expiration that is not priced', () => {
    const unpriced = { ...chain, expirations: [null, ...chain.expirations.slice(1)] };
    expect(listCandidates(unpriced)).toMatchObject({ candidates: [], drops: { 'expiration-not-priced': 1 } });
  });

  it('refuses an expiration the chain does not have', () => {
    expect(() => listCandidates(chain, { expirationIndex: 3 })).toThrow(/expirationIndex must be 0 to 2, got 3/);
  });

  it('uses the strategies it is told to', () => {
    const { candidates } = listCandidates(chain, { strategies: ['SHORT_STRADDLE', 'LONG_PUT'] });
    expect(new Set(candidates.map(({ strategy }) => strategy))).toEqual(new Set(['SHORT_STRADDLE', 'LONG_PUT']));
    expect(listCandidates(chain, { strategies: [] }).candidates).toEqual([]);
  });

  it('keeps what fits into a small batch and counts the rest', () => {
    const all = listCandidates(chain).candidates;
    const { candidates, drops } = listCandidates(chain, { capacity: 7 });
    expect(candidates).toEqual(all.slice(0, 7));
    expect(drops.capacity).toBe(all.length - 7);
  });

  it('gives the same candidates again after a longer chain', () => {
    const generator = createCandidateGenerator();
    const batch = createCandidateBatch(500);
    const longer = aPricedChain({ expirations: [{ days: 30, strikes: strikesFrom(10, 990, 1) }] });
    const before = snapshotOf(generator.generateExpiration(chain, 0, UNKNOWN, batch), batch);
    generator.generateExpiration(longer, 0, UNKNOWN, batch);
    expect(snapshotOf(generator.generateExpiration(chain, 0, UNKNOWN, batch), batch)).toEqual(before);
  });
});

function snapshotOf(size: number, batch: ReturnType<typeof createCandidateBatch>): number[][] {
  return batch.metrics.map((column) => [...column.subarray(0, size)]);
}

describe('candidates that somebody screens', () => {
  const chain = aPricedChain({
    underlyingPrice: 100,
    expirations: [{ days: 73, strikes: strikesFrom(70, 130, 2.5), smile: (strike) => 0.4 - strike / 500 }],
  });
  const rank = { ivRank: 42, ivPercentile: 61 };
  const generator = createCandidateGenerator();
  const all = createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
  const count = generator.generateExpiration(chain, 0, rank, all);
  const contentOf = (batch: CandidateBatch, row: number) => ({
    strategy: batch.strategy[row],
    stockQuantity: batch.stockQuantity[row],
    legs: Array.from({ length: batch.legCount[row]! }, (_, leg) => [
      batch.legRow[row * MAX_LEGS + leg],
      batch.legQuantity[row * MAX_LEGS + leg],
    ]),
    metrics: METRICS.map((_, index) => batch.metrics[index]![row]),
  });

  it.each([
    ['every one', () => true],
    ['none', () => false],
    ['the first half', (row: number) => row < count / 2],
    ['every third', (row: number) => row % 3 === 1],
  ])('are the same as without, when it wants %s', (_, wants) => {
    const batch = createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
    const expected = Array.from({ length: count }, (_, row) => row).filter(wants);
    const screened = generator.generateExpiration(chain, 0, rank, batch, undefined, (candidates, wanted, stage) => {
      expect(candidates.size).toBe(stage === 'UNQUOTED' ? count : expected.length);
      for (let row = 0; row < candidates.size; row++) wanted[row] = stage === 'QUOTED' || wants(row) ? 1 : 0;
      return expected.length;
    });
    expect(screened).toBe(count);
    expect(batch.drops).toEqual(all.drops);
    expect(Array.from({ length: batch.size }, (_, row) => contentOf(batch, row))).toEqual(expected.map((row) => contentOf(all, row)));
  });

  it('are the same as without, whatever it wants in each stage', () => {
    const batch = createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
    const wishes = fc.array(fc.boolean(), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(wishes, wishes, (first, second) => {
        generator.generateExpiration(chain, 0, rank, batch, undefined, ({ size }, wanted, stage) => {
          const wish = stage === 'UNQUOTED' ? first : second;
          for (let row = 0; row < size; row++) wanted[row] = wish[row] ? 1 : 0;
          return wanted.subarray(0, size).filter((mark) => mark === 1).length;
        });
        const left = Array.from({ length: count }, (_, row) => row).filter((row) => first[row]);
        const expected = left.filter((_, place) => second[place]);
        expect(Array.from({ length: batch.size }, (_, row) => contentOf(batch, row))).toEqual(expected.map((row) => contentOf(all, row)));
      }),
    );
  });

  it('have the metrics that are screened in each stage', () => {
    const batch = createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
    const columnsOf = ({ metrics }: CandidateBatch, stage: ScreeningStage) =>
      [...SCREENED_METRICS[stage]].map((name) => [name, metrics[METRIC_INDEX[name]]!.slice(0, count)]);
    const found: [ScreeningStage, unknown][] = [];
    generator.generateExpiration(chain, 0, rank, batch, undefined, (candidates, wanted, stage) => {
      found.push([stage, columnsOf(candidates, stage)]);
      wanted.fill(1, 0, count);
      return count;
    });
    expect(found).toEqual([
      ['UNQUOTED', columnsOf(all, 'UNQUOTED')],
      ['QUOTED', columnsOf(all, 'QUOTED')],
    ]);
  });
});
