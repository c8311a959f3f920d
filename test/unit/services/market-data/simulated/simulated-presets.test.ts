import { expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../../src/domain/candidates/create-candidate-batch.ts';
import { compileFilter } from '../../../../../src/domain/filters/compile-filter.ts';
import { FILTER_PRESETS } from '../../../../../src/domain/filters/presets.ts';
import { createChainPricer } from '../../../../../src/domain/pricing/chain-pricer.ts';
import { scoreBatch } from '../../../../../src/domain/scoring/score-batch.ts';
import { volatilityRank } from '../../../../../src/domain/volatility/volatility-rank.ts';
import { aSimulatedFeed } from './a-simulated-feed.ts';

it('gives every preset something to find, and none everything', async () => {
  const { chain, symbols } = aSimulatedFeed({ underlyings: 12 });
  const filters = FILTER_PRESETS.map(({ key, criteria }) => ({ key, filter: compileFilter(criteria), found: 0 }));
  const pricer = createChainPricer();
  const generator = createCandidateGenerator();
  const batch = createCandidateBatch(50_000);
  const selection = new Uint8Array(batch.capacity);
  const unknownRank = volatilityRank([], Number.NaN);
  let candidates = 0;
  for (const symbol of await symbols()) {
    const priced = pricer.price(await chain(symbol));
    for (const [index, { date }] of priced.snapshot.expirations.entries()) {
      candidates += generator.generateExpiration(priced, index, unknownRank, batch);
      scoreBatch(batch);
      for (const entry of filters) entry.found += entry.filter.apply(batch, { symbol, expirationDate: date }, selection);
    }
  }
  const idle = filters.filter(({ found }) => found < 20).map(({ key }) => key);
  const careless = filters.filter(({ found }) => found > 0.15 * candidates).map(({ key }) => key);
  expect({ idle, careless }).toEqual({ idle: [], careless: [] });
});
