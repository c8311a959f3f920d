import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX } from '../../../../src/domain/candidates/metric.ts';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import { extractResult } from '../../../../src/domain/results/extract-result.ts';
import { knownOrNull } from '../../../../src/domain/results/known-or-null.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import type { StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';
import { aPricedChain, rowOf, strikesFrom } from '../strategies/a-priced-chain.ts';

const QUOTED_AT_MS = Date.UTC(2024, 0, 2, 15);
const IDENTITY = { id: 'result', scanRunId: 'run', filterId: 'filter', filterRevision: 3, marketState: 'REGULAR' } as const;

function extractFirst(strategy: StrategyId, filterVolume = true) {
  const chain = aPricedChain({
    underlying: { symbol: 'SPX' },
    underlyingPrice: 100,
    quotedAtMs: QUOTED_AT_MS,
    expirations: [{ days: 45, strikes: strikesFrom(80, 120, 5), smile: () => 0.3 }],
  });
  if (!filterVolume) chain.snapshot.quotes.volume.fill(Number.NaN);
  const batch = createCandidateBatch(500);
  createCandidateGenerator().generateExpiration(chain, 0, { ivRank: Number.NaN, ivPercentile: 40 }, batch, new Set([strategy]));
  scoreBatch(batch);
  return { chain, batch, draft: extractResult(chain, batch, 0, IDENTITY) };
}

describe('extractResult', () => {
  it('names the contracts, their quotes and the position', () => {
    const { chain, draft } = extractFirst('IRON_CONDOR');
    const options = draft.legs.filter((leg) => leg.kind === 'OPTION');
    expect(options.map(({ right, quantity }) => `${quantity} ${right}`)).toEqual(['1 PUT', '-1 PUT', '-1 CALL', '1 CALL']);
    const short = options[1]!;
    const row = rowOf(chain, 'PUT', short.strike);
    expect(short).toEqual({
      kind: 'OPTION',
      symbol: `SPX240216P000${short.strike}000`,
      right: 'PUT',
      strike: short.strike,
      expiration: '2024-02-16',
      quantity: -1,
      bid: expect.closeTo(chain.snapshot.quotes.bid[row]!, 6),
      ask: expect.closeTo(chain.snapshot.quotes.ask[row]!, 6),
      impliedVolatility: 0.3,
      delta: expect.closeTo(chain.columns.delta[row]!, 9),
    });
    expect(draft.legsKey).toBe(options.map(({ quantity, symbol }) => `${quantity > 0 ? '+1' : '-1'} ${symbol}`).join(','));
  });

  it('carries its identity, its moment and its place', () => {
    const { draft } = extractFirst('IRON_CONDOR');
    expect(draft).toMatchObject({
      ...IDENTITY,
      symbol: 'SPX',
      strategy: 'IRON_CONDOR',
      expiration: '2024-02-16',
      quotedAtMs: QUOTED_AT_MS,
    });
  });

  it('puts the stock of a covered call first', () => {
    const { draft } = extractFirst('COVERED_CALL');
    expect(draft.legs[0]).toEqual({ kind: 'STOCK', symbol: 'SPX', quantity: 1 });
    expect(draft.legs).toHaveLength(2);
    expect(draft.legsKey).toMatch(/^\+1 SPX,-1 SPX240216C\d{8}$/);
  });

  it('rounds away the noise of floating point behind the tenth digit', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.integer().map((units) => units / 1e4),
        ),
        (value) => {
          expect(knownOrNull(value)).toBe(Number(value.toPrecision(10)));
        },
      ),
    );
    expect([2.15 - 1.1, -1.0549999999999997, 1 / 3, 123456.7890123, 1e-12].map(knownOrNull)).toEqual([
      1.05, -1.055, 0.3333333333, 123456.789, 1e-12,
    ]);
  });

  it('turns what is unknown into null and keeps the rest', () => {
    const { batch, draft } = extractFirst('SHORT_STRANGLE', false);
    expect(draft.metrics.maxLoss).toBeNull();
    expect(draft.metrics.volume).toBeNull();
    expect(draft.metrics.ivRank).toBeNull();
    expect(draft.metrics.ivPercentile).toBe(40);
    expect(draft.metrics.score).toBeCloseTo(batch.metrics[METRIC_INDEX.score]![0]!, 7);
    expect(JSON.parse(JSON.stringify(draft))).toEqual(draft);
  });

  it('explains its score', () => {
    const { draft } = extractFirst('BULL_PUT_SPREAD');
    expect(draft.scoreComponents.reduce((sum, { weight, value }) => sum + weight * (value ?? 0), 0)).toBeCloseTo(draft.metrics.score!, 6);
    expect(draft.reasons[0]).toMatch(/^Bull put spread: receives \d+\.\d\d USD per unit for 45\.0 days/);
  });

  it('is matched by a filter as the candidate was', () => {
    const { batch, draft } = extractFirst('IRON_CONDOR');
    const context = { symbol: 'SPX', expirationDate: '2024-02-16' };
    const selection = new Uint8Array(batch.size);
    for (const criteria of [{ metrics: { maxLoss: { max: draft.metrics.maxLoss! } } }, { metrics: { ivRank: { isNull: false } } }]) {
      const filter = compileFilter(criteria);
      filter.apply(batch, context, selection);
      expect(filter.matches(draft)).toBe(selection[0] === 1);
    }
  });
});
