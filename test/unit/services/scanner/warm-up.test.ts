import { expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { warmUp } from '../../../../src/services/scanner/warm-up.ts';
import { warmUpChain } from '../../../../src/services/scanner/warm-up-chain.ts';

const AT_MS = Date.UTC(2026, 10, 20, 15, 30);

it('goes through all that a scan does, in turns of the event loop: candidates, filters that find something, results', async () => {
  let turns = 0;
  const outcomes = await warmUp({
    pricer: createChainPricer(),
    generator: createCandidateGenerator(),
    scoreBatch,
    createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    slicer: {
      turn: async () => {
        turns++;
      },
      isExhausted: () => true,
      hasTime: () => false,
    },
    clock: () => AT_MS,
    newId: () => 'id',
  });
  expect(outcomes.length).toBeGreaterThan(5);
  for (const { contracts, candidates, results } of outcomes) {
    expect(contracts).toBeGreaterThan(1_000);
    expect(candidates).toBeGreaterThan(1_000);
    expect(results).toBeGreaterThan(10);
  }
  expect(turns).toBeGreaterThan(outcomes.length * 10);
});

it('has a chain of every kind of exercise, because they are priced by different code', () => {
  expect(warmUpChain('AMERICAN', AT_MS).underlying.exerciseStyle).toBe('AMERICAN');
  expect(warmUpChain('EUROPEAN', AT_MS).size).toBeGreaterThan(1_000);
});
