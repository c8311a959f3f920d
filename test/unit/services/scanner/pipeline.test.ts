import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import type { Filter } from '../../../../src/domain/filters/filter.ts';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import type { CompletedScan } from '../../../../src/domain/opportunities/opportunity-tracker.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { createDuplicateTracker } from '../../../../src/domain/results/duplicate-tracker.ts';
import type { ScanReportDraft } from '../../../../src/domain/results/scan-report.ts';
import type { ScanResultDraft } from '../../../../src/domain/results/scan-result.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { createFilterRegistry } from '../../../../src/services/filters/filter-registry.ts';
import { createPipeline } from '../../../../src/services/scanner/pipeline.ts';
import { createScannerMetrics } from '../../../../src/services/scanner/scanner-metrics.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

const QUOTED_AT = Date.UTC(2026, 10, 20, 15, 30);
/** By underlying. */
const SPOTS: Record<string, number> = { AAA: 100, BBB: 107, CCC: 93 };
const never = new AbortController().signal;

function aFilter(criteria: FilterCriteria, overrides: Partial<Filter> = {}): Filter {
  return {
    id: 'filter',
    presetKey: null,
    ownerSubject: null,
    visibility: 'SHARED',
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
  clock = () => QUOTED_AT,
  spot = (symbol: string) => SPOTS[symbol]!,
} = {}) {
  const filters = createFilterRegistry({ log: pino({ level: 'silent' }) });
  const accepted: ScanResultDraft[] = [];
  const scans: CompletedScan[] = [];
  const reports: ScanReportDraft[] = [];
  /** What became of chains, in order. */
  const chains: string[] = [];
  let turns = 0;
  let ids = 0;
  const scan = createPipeline({
    feed: { fetchChain: async (symbol) => aChain(symbol, { quotedAtMs: QUOTED_AT, spot: spot(symbol) }) },
    pricer: createChainPricer(),
    generator: createCandidateGenerator(),
    scoreBatch,
    createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    filters,
    underlyings: {
      scanned: ({ snapshot }) => void chains.push(`${snapshot.underlying.symbol} noted`),
      letGo: ({ snapshot }) => void chains.push(`${snapshot.underlying.symbol} let go`),
      rank: () => ({ ivRank: Number.NaN, ivPercentile: Number.NaN }),
    },
    observer: { observe: async () => true },
    reportWriter: {
      accept: async (drafts) => {
        reports.push(...drafts);
        chains.push(`${drafts[0]!.symbol} reported`);
      },
    },
    duplicates: createDuplicateTracker({ maximumEntries: 1_000 }),
    writer: {
      accept: async (drafts) => {
        await accept(drafts);
        accepted.push(...drafts);
      },
    },
    // A turn before every step, so that a test can act between any two expirations and any two filters.
    slicer: { turn: async () => onTurn(++turns), isExhausted: () => true, hasTime: () => false },
    metrics: createScannerMetrics(new Registry()),
    opportunities: {
      scanned: async (completed) => {
        scans.push(completed);
      },
    },
    newId: () => `id-${++ids}`,
    clock,
    resultsPerFilter,
  });
  return {
    filters,
    accepted,
    scans,
    reports,
    chains,
    scan: (symbol = 'AAA') => scan({ symbol, runId: 'run', filterIds: null, signal: never }),
  };
}

/** With one filter; refuses to take results over for as long as it is told to. */
function aRefusingPipeline(refusesAtFirst: boolean) {
  let refuses = refusesAtFirst;
  const pipeline = aPipeline({
    accept: async () => {
      if (refuses) throw new Error('given up');
    },
  });
  pipeline.filters.put(aFilter({}));
  return {
    ...pipeline,
    refuse(isRefusing: boolean) {
      refuses = isRefusing;
    },
  };
}

const EXPIRATIONS = 3;

/** Of a step: pricing takes one turn and one per expiration; then each expiration takes one, and one after each filter. */
function turnOf({
  expiration,
  filtersApplied = 0,
  filters = 1,
}: {
  expiration: number;
  filtersApplied?: number;
  filters?: number;
}): number {
  return 1 + EXPIRATIONS + expiration * (1 + filters) + 1 + filtersApplied;
}

describe('scan of a chain', () => {
  it('reports what it selected of each filter and strategy, once as new and then as known', async () => {
    const pipeline = aPipeline({ resultsPerFilter: 3 });
    pipeline.filters.put(aFilter({ strategies: { in: ['BULL_PUT_SPREAD'] } }, { id: 'spreads' }));
    pipeline.filters.put(aFilter({ metrics: { score: { min: 101 } } }, { id: 'impossible' }));
    await pipeline.scan();
    await pipeline.scan();
    const bestScore = Math.max(...pipeline.accepted.map(({ metrics }) => metrics.score!));
    const nothing = { selected: 0, results: 0, bestScore: null };
    expect(pipeline.reports).toMatchObject([
      { symbol: 'AAA', scanRunId: 'run', filters: { spreads: { selected: 3, results: 3, bestScore }, impossible: nothing } },
      { strategies: { BULL_PUT_SPREAD: { selected: 3, results: 0, bestScore } }, filters: { impossible: nothing } },
    ]);
    expect(pipeline.reports[0]!.contracts).toBeGreaterThan(0);
  });

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

  it('keeps no more of a filter than it wants, and never more than the server grants', async () => {
    const pipeline = aPipeline({ resultsPerFilter: 4 });
    for (const [id, resultsPerUnderlying] of [
      ['one', 1],
      ['many', 100],
    ] as const)
      pipeline.filters.put(aFilter({}, { id, name: id, limits: { resultsPerUnderlying } }));
    await pipeline.scan();
    const count = (id: string) => pipeline.accepted.filter(({ filterId }) => filterId === id).length;
    expect([count('one'), count('many')]).toEqual([1, 4]);
  });

  it('drops and counts what scores lower than a filter wants', async () => {
    const everything = aPipeline({ resultsPerFilter: 10_000 });
    everything.filters.put(aFilter({}));
    await everything.scan();
    const scores = everything.accepted.map(({ metrics }) => metrics.score!).toSorted((a, b) => b - a);
    const minimumScore = (scores[10]! + scores[11]!) / 2;
    const enough = scores.filter((score) => score >= minimumScore).length;
    const limited = aPipeline({ resultsPerFilter: 10_000 });
    limited.filters.put(aFilter({}, { limits: { minimumScore } }));
    const outcome = await limited.scan();
    expect(limited.accepted.map(({ metrics }) => metrics.score!).toSorted((a, b) => b - a)).toEqual(scores.slice(0, enough));
    expect(outcome.drops).toContainEqual({ stage: 'selection', reason: 'below-minimum-score', count: scores.length - enough });
  });

  it('stores the same legs of a filter again only after its cooldown, and still takes them as seen', async () => {
    let nowMs = QUOTED_AT;
    let spot = 100;
    const pipeline = aPipeline({ resultsPerFilter: 10_000, clock: () => nowMs, spot: () => spot });
    pipeline.filters.put(aFilter({ strategies: { in: ['LONG_CALL'] } }, { id: 'quiet', name: 'quiet', limits: { cooldownSeconds: 60 } }));
    pipeline.filters.put(aFilter({ strategies: { in: ['LONG_CALL'] } }, { id: 'loud', name: 'loud' }));
    const scanned = async () => {
      const before = pipeline.accepted.length;
      const { drops, results, duplicates } = await pipeline.scan();
      const stored = pipeline.accepted.slice(before);
      const of = (id: string) => stored.filter(({ filterId }) => filterId === id).map(({ legsKey }) => legsKey);
      const cooling = drops.find(({ reason }) => reason === 'cooling-down')?.count ?? 0;
      return { quiet: of('quiet'), loud: of('loud'), cooling, results, duplicates };
    };
    const first = await scanned();
    expect(first.quiet.length).toBeGreaterThan(0);
    expect(first).toMatchObject({ quiet: first.loud, cooling: 0 });
    spot = 100.4;
    nowMs += 59_999;
    const again = await scanned();
    const repeated = again.loud.filter((legs) => first.loud.includes(legs));
    expect(repeated.length).toBeGreaterThan(0);
    expect(again).toMatchObject({ quiet: again.loud.filter((legs) => !repeated.includes(legs)), cooling: repeated.length });
    expect(pipeline.scans.at(-1)!.found.filter(({ draft }) => draft.filterId === 'quiet')).toHaveLength(again.loud.length);
    // What says nothing new is a duplicate, whatever the cooldown.
    expect((await scanned()).cooling).toBe(again.cooling);
    spot = 100.8;
    nowMs += 1;
    const later = await scanned();
    expect(later.quiet.filter((legs) => first.quiet.includes(legs))).toEqual(later.loud.filter((legs) => first.quiet.includes(legs)));
  });

  it('takes a changed filter for the next expiration and drops what the old revision selected', async () => {
    const pipeline = aPipeline({
      resultsPerFilter: 10_000,
      onTurn: (turn) => {
        if (turn === turnOf({ expiration: 2 })) pipeline.filters.put(aFilter({ strategies: { in: ['LONG_CALL'] } }, { revision: 2 }));
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
        if (turn === turnOf({ expiration: 2 })) pipeline.filters.put(aFilter({}, { revision: 2, deletedAtMs: 1 }));
      },
    });
    pipeline.filters.put(aFilter({}));
    const outcome = await pipeline.scan();
    expect(pipeline.accepted).toEqual([]);
    expect(outcome.drops).toContainEqual({ stage: 'selection', reason: 'filter-changed', count: 5 });
  });

  it('takes a filter that changes between two filters of one expiration as it is then, and what it selected before as gone', async () => {
    const change = { expiration: 1, filtersApplied: 1, filters: 2 };
    const pipeline = aPipeline({
      resultsPerFilter: 10_000,
      onTurn: (turn) => {
        if (turn !== turnOf(change)) return;
        pipeline.filters.put(aFilter({ strategies: { in: ['LONG_CALL'] } }, { id: 'first', name: 'first', revision: 2 }));
        pipeline.filters.put(aFilter({ strategies: { in: ['SHORT_STRADDLE'] } }, { id: 'second', name: 'second', revision: 2 }));
      },
    });
    pipeline.filters.put(aFilter({ strategies: { in: ['LONG_PUT'] } }, { id: 'first', name: 'first' }));
    pipeline.filters.put(aFilter({ strategies: { in: ['LONG_STRADDLE'] } }, { id: 'second', name: 'second' }));
    await pipeline.scan();
    for (const [filterId, strategy] of [
      ['first', 'LONG_CALL'],
      ['second', 'SHORT_STRADDLE'],
    ]) {
      const ofFilter = pipeline.accepted.filter((draft) => draft.filterId === filterId);
      expect(new Set(ofFilter.map((draft) => `${draft.strategy} ${draft.filterRevision}`))).toEqual(new Set([`${strategy} 2`]));
      // The second expiration, in which it changed, and the third.
      expect(new Set(ofFilter.map((draft) => draft.expiration)).size).toBe(2);
    }
  });

  it('drops results of a filter that changes while they are made', async () => {
    const selected = turnOf({ expiration: EXPIRATIONS, filters: 2 }) - 1;
    const pipeline = aPipeline({
      onTurn: (turn) => {
        if (turn === selected + 2) pipeline.filters.put(aFilter({}, { id: 'first', name: 'first', revision: 2 }));
      },
    });
    for (const name of ['first', 'second']) pipeline.filters.put(aFilter({}, { id: name, name }));
    const outcome = await pipeline.scan();
    expect(new Set(pipeline.accepted.map((draft) => draft.filterId))).toEqual(new Set(['second']));
    expect(outcome.drops).toContainEqual({ stage: 'selection', reason: 'filter-changed', count: 5 });
  });

  it('keeps chains that are worked on in turns apart', async () => {
    const aLoadedPipeline = () => {
      const pipeline = aPipeline({ resultsPerFilter: 10_000 });
      for (const id of ['first', 'second']) pipeline.filters.put(aFilter({ strategies: { in: ['IRON_CONDOR'] } }, { id, name: id }));
      return pipeline;
    };
    const found = (drafts: readonly ScanResultDraft[]) => drafts.map((draft) => [draft.legsKey, draft.filterId, draft.metrics.score]);
    const symbols = Object.keys(SPOTS);
    const together = aLoadedPipeline();
    await Promise.all(symbols.map((symbol) => together.scan(symbol)));
    for (const symbol of symbols) {
      const alone = aLoadedPipeline();
      await alone.scan(symbol);
      expect(alone.accepted.length).toBeGreaterThan(3);
      expect(found(together.accepted.filter((draft) => draft.symbol === symbol))).toEqual(found(alone.accepted));
    }
  });

  it('scores candidates for filters that ask for a score, at whatever depth, and for those that do not alike', async () => {
    const all = aPipeline({ resultsPerFilter: 10_000 });
    all.filters.put(aFilter({ strategies: { in: ['BULL_PUT_SPREAD'] } }));
    await all.scan();
    const good = all.accepted.filter((draft) => draft.metrics.score! >= 60).map((draft) => [draft.legsKey, draft.metrics.score]);
    expect(good.length).toBeGreaterThan(0);
    expect(good.length).toBeLessThan(all.accepted.length);
    for (const wish of [{ metrics: { score: { min: 60 } } }, { any: [{ none: [{ metrics: { score: { max: 59.999999999 } } }] }] }]) {
      const pipeline = aPipeline({ resultsPerFilter: 10_000 });
      pipeline.filters.put(aFilter({ strategies: { in: ['BULL_PUT_SPREAD'] }, ...wish }));
      await pipeline.scan();
      expect(pipeline.accepted.map((draft) => [draft.legsKey, draft.metrics.score])).toEqual(good);
    }
  });

  it('lets go of a chain when it is done with it, and when it fails', async () => {
    const pipeline = aRefusingPipeline(false);
    await Promise.all([pipeline.scan('AAA'), pipeline.scan('AAA')]);
    expect(pipeline.chains.splice(0).toSorted()).toEqual(['let go', 'noted', 'reported'].flatMap((what) => [`AAA ${what}`, `AAA ${what}`]));
    await pipeline.scan('BBB');
    expect(pipeline.chains.splice(0)).toEqual(['BBB noted', 'BBB reported', 'BBB let go']);
    pipeline.refuse(true);
    await expect(pipeline.scan('CCC')).rejects.toThrow('given up');
    expect(pipeline.chains).toEqual(['CCC noted', 'CCC let go']);
  });

  it('counts an unchanged chain as duplicates, but not one whose results were refused', async () => {
    const pipeline = aRefusingPipeline(true);
    await expect(pipeline.scan()).rejects.toThrow('given up');
    pipeline.refuse(false);
    expect(await pipeline.scan()).toMatchObject({ results: 5, duplicates: 0 });
    expect(await pipeline.scan()).toMatchObject({ results: 0, duplicates: 5 });
    expect(pipeline.accepted).toHaveLength(5);
  });
});
