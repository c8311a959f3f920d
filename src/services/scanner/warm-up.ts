import { compileFilter } from '../../domain/filters/compile-filter.ts';
import { FILTER_PRESETS } from '../../domain/filters/presets.ts';
import { createDuplicateTracker } from '../../domain/results/duplicate-tracker.ts';
import type { ActiveFilter } from '../filters/filter-registry.ts';
import { createUnderlyingObserver } from '../underlyings/underlying-observer.ts';
import type { ChainScanOutcome } from './chain-scan-outcome.ts';
import { createPipeline, type PipelineDeps } from './pipeline.ts';
import { warmUpChain } from './warm-up-chain.ts';

/** By then the engine has compiled what a scan runs through; more passes change nothing. */
const PASSES = 12;

export type WarmUpDeps = Pick<PipelineDeps, 'pricer' | 'generator' | 'scoreBatch' | 'createBatch' | 'slicer' | 'clock' | 'newId'>;

/**
 * Scans a made-up chain a few times, through the pipeline and with the presets, and keeps nothing of it. Code that has never run is ten times as slow as later: without
 * this, single steps of the first scans hold up every socket for longer than a slice is to last. Answers with what the passes came to.
 */
export async function warmUp(deps: WarmUpDeps): Promise<readonly ChainScanOutcome[]> {
  const nowMs = deps.clock();
  const chains = [warmUpChain('EUROPEAN', nowMs), warmUpChain('AMERICAN', nowMs)];
  const presets = FILTER_PRESETS.map(
    (preset): ActiveFilter => ({
      filter: {
        ...preset,
        id: preset.key,
        presetKey: preset.key,
        kind: 'PRESET',
        ownerSubject: null,
        visibility: 'SHARED',
        enabled: true,
        revision: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        deletedAtMs: null,
      },
      compiled: compileFilter(preset.criteria),
    }),
  );
  const outcomes: ChainScanOutcome[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const scan = createPipeline({
      ...deps,
      feed: { fetchChain: async () => chains[pass % chains.length]! },
      filters: { active: () => presets },
      underlyings: { scanned: () => {}, letGo: deps.pricer.release, rank: () => ({ ivRank: 50, ivPercentile: 50 }) },
      observer: createUnderlyingObserver({ writer: { accept: async () => {} }, newId: deps.newId }),
      duplicates: createDuplicateTracker({ maximumEntries: 1_000 }),
      writer: { accept: async () => {} },
      opportunities: { scanned: async () => {} },
      reportWriter: { accept: async () => {} },
      metrics: { filtersEvaluated: () => {} },
      resultsPerFilter: 5,
    });
    outcomes.push(await scan({ symbol: 'WARM', runId: '', filterIds: null, signal: new AbortController().signal }));
  }
  return outcomes;
}
