import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import type { Filter } from '../../../../src/domain/filters/filter.ts';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { createDuplicateTracker } from '../../../../src/domain/results/duplicate-tracker.ts';
import type { ScanResultDraft } from '../../../../src/domain/results/scan-result.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { createFilterRegistry } from '../../../../src/services/filters/filter-registry.ts';
import { createPipeline } from '../../../../src/services/scanner/pipeline.ts';
import { createScannerMetrics } from '../../../../src/services/scanner/scanner-metrics.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

const QUOTED_AT = Date.UTC(2026, 10, 20, 15, 30);
const never = new AbortController().signal;

function aFilter(criteria: FilterCriteria, overrides: Partial<Filter> = {}): Filter {
  return {
    id: 'filter',
    presetKey: null,
    kind: 'CUSTOM',
    name: 'Filter',
    description: '',
    criteria,
    enabled: true,
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
    deletedAtMs: null,
    ...overrides,
  };
}

function aPipeline({
  resultsPerFilter = 5,
  onTurn = (_turn: number) => {},
  accept = async (_drafts: readonly ScanResultDraft[]) => {},
} = {}) {
  const filters = createFilterRegistry({ log: pino({ level: 'silent' }) });
  const accepted: ScanResultDraft[] = [];
  let turns = 0;
  let ids = 0;
  const scan = createPipeline({
    feed: { fetchChain: async () => aChain('AAA', { quotedAtMs: QUOTED_AT }) },
    pricer: createChainPricer(),
    generator: createCandidateGenerator(),
    scoreBatch,
    batch: createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    filters,
    underlyings: { scanned: () => {}, rank: () => ({ ivRank: Number.NaN, ivPercentile: Number.NaN }) },
    duplicates: createDuplicateTracker({ maximumEntries: 1_000 }),
    writer: {
      accept: async (drafts) => {
        await accept(drafts);
        accepted.push(...drafts);
      },
    },
    // A turn before every step, so that a test can act between any two expirations.
    slicer: { turn: async () => onTurn(++turns), isExhausted: () => true },
    metrics: createScannerMetrics(new Registry()),
    newId: () => `id-${++ids}`,
    resultsPerFilter,
  });
  return { filters, accepted, scan: () => scan({ symbol: 'AAA', runId: 'run', filterIds: null, signal: never }) };
}

describe('scan of a chain', () => {
  it('keeps the best of each filter and counts the outranked', async () => {
    const everything = aPipeline({ resultsPerFilter: 10_000 });
    everything.filters.put(aFilter({ strategies: { in: ['BULL_PUT_SPREAD'] } }));
    await everything.scan();
    const best = aPipeline({ resultsPerFilter: 3 });
    best.filters.put(aFilter({ strategies: { in: ['BULL_PUT_SPREAD'] } }));
    const outcome = await best.scan();
    const scores = (drafts: readonly ScanResultDraft[]) => drafts.map((draft) => draft.metrics.score!).sort((a, b) => b - a);
    expect(scores(best.accepted)).toEqual(scores(everything.accepted).slice(0, 3));
    expect(outcome.drops).toContainEqual({ stage: 'selection', reason: 'outranked', count: everything.accepted.length - 3 });
  });

  it('takes a changed filter for the next expiration and drops what the old revision selected', async () => {
    const pipeline = aPipeline({
      resultsPerFilter: 10_000,
      onTurn: (turn) => {
        // Pricing: one turn and one per expiration (3); then the third expiration of the selection.
        if (turn === 7) pipeline.filters.put(aFilter({ strategies: { in: ['LONG_CALL'] } }, { revision: 2 }));
      },
    });
    pipeline.filters.put(aFilter({ strategies: { in: ['LONG_PUT'] } }));
    await pipeline.scan();
    expect(pipeline.accepted.length).toBeGreaterThan(0);
    expect(new Set(pipeline.accepted.map((draft) => `${draft.strategy} ${draft.filterRevision}`))).toEqual(new Set(['LONG_CALL 2']));
    expect(new Set(pipeline.accepted.map((draft) => draft.expiration)).size).toBe(1);
  });

  it('drops what a filter selected that was deleted meanwhile', async () => {
    const pipeline = aPipeline({
      onTurn: (turn) => {
        if (turn === 7) pipeline.filters.put(aFilter({}, { revision: 2, deletedAtMs: 1 }));
      },
    });
    pipeline.filters.put(aFilter({}));
    const outcome = await pipeline.scan();
    expect(pipeline.accepted).toEqual([]);
    expect(outcome.drops).toContainEqual({ stage: 'selection', reason: 'filter-changed', count: 5 });
  });

  it('counts an unchanged chain as duplicates, but not one whose results were refused', async () => {
    let refuse = true;
    const pipeline = aPipeline({
      accept: async () => {
        if (refuse) throw new Error('given up');
      },
    });
    pipeline.filters.put(aFilter({}));
    await expect(pipeline.scan()).rejects.toThrow('given up');
    refuse = false;
    expect(await pipeline.scan()).toMatchObject({ results: 5, duplicates: 0 });
    expect(await pipeline.scan()).toMatchObject({ results: 0, duplicates: 5 });
    expect(pipeline.accepted).toHaveLength(5);
  });
});
