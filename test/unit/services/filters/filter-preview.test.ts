import { expect, it } from 'vitest';
import { LOCAL_ADMIN } from '../../../../src/domain/access/viewer.ts';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { createFilterPreviewService } from '../../../../src/services/filters/filter-preview.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

const QUOTED_AT = Date.UTC(2026, 10, 20, 15, 30);

function aPricedChain(symbol: string) {
  const pricer = createChainPricer();
  const chain = pricer.prepare(aChain(symbol, { quotedAtMs: QUOTED_AT }));
  for (let index = 0; index < chain.expirations.length; index++) pricer.priceExpiration(chain, index);
  return chain;
}

function aService({ onTurn = (_turn: number) => {}, isCancelled = (): boolean => false } = {}) {
  const chains = [aPricedChain('AAA')];
  let turns = 0;
  return createFilterPreviewService({
    underlyings: {
      latestChains: (symbols) => chains.filter(({ snapshot }) => symbols?.includes(snapshot.underlying.symbol) ?? true),
      rank: () => ({ ivRank: Number.NaN, ivPercentile: Number.NaN }),
    },
    results: { page: () => Promise.reject(new Error('expected no results to be read')) },
    hiddenFilterIds: () => [],
    generator: createCandidateGenerator(),
    createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    scoreBatch,
    // A turn before every step.
    slicer: { turn: async () => onTurn(++turns), isExhausted: () => true, hasTime: () => false },
    isCancelled,
  });
}

const REQUEST = { criteria: { metrics: { delta: { max: 0 } } }, over: 'LIVE_CHAINS', symbols: null, results: 1, best: 3 } as const;

it('gives way between any two steps', async () => {
  let turns = 0;
  const preview = await aService({ onTurn: (turn) => (turns = turn) }).preview(REQUEST, LOCAL_ADMIN);
  expect(preview.considered).toBeGreaterThan(100);
  // For each of three expirations: generated, scored, counted, counted by criterion.
  expect(turns).toBeGreaterThanOrEqual(3 * 4);
});

it('ends at the next step when nobody waits any more', async () => {
  let isCancelled = false;
  let turns = 0;
  const service = aService({
    onTurn: (turn) => {
      turns = turn;
      isCancelled = turn >= 5;
    },
    isCancelled: () => isCancelled,
  });
  await expect(service.preview(REQUEST, LOCAL_ADMIN)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(turns).toBe(5);
});
