import { marketStateAt } from '../../domain/calendar/market-state-at.ts';
import type { CandidateBatch } from '../../domain/candidates/candidate-batch.ts';
import { CANDIDATE_DROP_REASONS } from '../../domain/candidates/candidate-drop-reason.ts';
import type { CandidateGenerator } from '../../domain/candidates/candidate-generator.ts';
import { metricColumn } from '../../domain/candidates/metric-column.ts';
import type { ChainSnapshot } from '../../domain/chain/chain-snapshot.ts';
import type { BatchContext } from '../../domain/filters/row-narrower.ts';
import type { CompletedScan } from '../../domain/opportunities/opportunity-tracker.ts';
import type { ChainPricer } from '../../domain/pricing/chain-pricer.ts';
import { constantMaturityVolatility } from '../../domain/pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';
import type { Cooldown, DuplicateTracker } from '../../domain/results/duplicate-tracker.ts';
import { extractResult } from '../../domain/results/extract-result.ts';
import type { ScanReportDraft } from '../../domain/results/scan-report.ts';
import type { ScanResultDraft } from '../../domain/results/scan-result.ts';
import { tallyResults } from '../../domain/results/tally-results.ts';
import type { scoreBatch } from '../../domain/scoring/score-batch.ts';
import type { VolatilityRank } from '../../domain/volatility/volatility-rank.ts';
import type { ActiveFilter, FilterRegistry } from '../filters/filter-registry.ts';
import { FeedUnavailableError } from '../market-data/feed-errors.ts';
import type { MarketDataFeed } from '../market-data/market-data-feed.ts';
import type { OpportunityService } from '../opportunities/opportunity-service.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';
import type { UnderlyingObserver } from '../underlyings/underlying-observer.ts';
import type { UnderlyingService } from '../underlyings/underlying-service.ts';
import { type BestCandidates, createBestCandidates } from './best-candidates.ts';
import type { ChainScanOutcome } from './chain-scan-outcome.ts';
import { createDropCounter, type DropCounter } from './drop-counter.ts';
import type { EventLoopSlicer } from './event-loop-slicer.ts';
import type { ScanChainInput } from './scanner.ts';
import type { ScannerMetrics } from './scanner-metrics.ts';
import { screenCandidates } from './screen-candidates.ts';

/** A fetch that takes longer counts as failed: one hanging source must not hold a place for ever. */
const FETCH_TIMEOUT_MS = 60_000;

export interface PipelineDeps {
  readonly feed: Pick<MarketDataFeed, 'fetchChain'>;
  readonly pricer: ChainPricer;
  readonly generator: CandidateGenerator;
  readonly scoreBatch: typeof scoreBatch;
  /** One for each chain in hand; they are used again. */
  readonly createBatch: () => CandidateBatch;
  readonly filters: Pick<FilterRegistry, 'active'>;
  readonly underlyings: Pick<UnderlyingService, 'scanned' | 'letGo' | 'rank'>;
  readonly observer: UnderlyingObserver;
  readonly duplicates: DuplicateTracker;
  readonly writer: Pick<StreamWriter<ScanResultDraft>, 'accept'>;
  readonly opportunities: Pick<OpportunityService, 'scanned'>;
  readonly reportWriter: Pick<StreamWriter<ScanReportDraft>, 'accept'>;
  readonly slicer: EventLoopSlicer;
  readonly metrics: Pick<ScannerMetrics, 'filtersEvaluated'>;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Most results one filter takes from one underlying in one pass. */
  readonly resultsPerFilter: number;
}

/** The best candidates of one revision of one filter. */
interface FilterSelection {
  readonly active: ActiveFilter;
  readonly best: BestCandidates;
}

/** What is worked with while one chain is in hand. */
interface Workspace {
  /** The candidates of one expiration. */
  readonly batch: CandidateBatch;
  /** By candidate: 1 when it passed the filter at hand. */
  readonly passed: Uint8Array;
  /** What selections of the last chain were kept in, to be used again. */
  best: BestCandidates[];
}

/** feed -> pricing -> strategies -> score -> filter -> dedup -> result writer -> opportunities, for one chain. */
export function createPipeline(deps: PipelineDeps): (input: ScanChainInput) => Promise<ChainScanOutcome> {
  const idle: Workspace[] = [];

  return async (input) => {
    const drops = createDropCounter();
    const startedAtMs = deps.clock();
    const snapshot = await fetchChain(deps, input, drops);
    const chain = await priceChain(deps, snapshot, drops);
    const rank = noteUnderlying(deps, chain);
    try {
      return await scanPriced(input, chain, rank, drops, startedAtMs);
    } finally {
      deps.underlyings.letGo(chain);
    }
  };

  async function scanPriced(
    input: ScanChainInput,
    chain: PricedChain,
    rank: VolatilityRank,
    drops: DropCounter,
    startedAtMs: number,
  ): Promise<ChainScanOutcome> {
    const { snapshot } = chain;
    const workspace = idle.pop() ?? createWorkspace(deps.createBatch());
    const filtersBefore = deps.filters.active();
    const { candidates, selections } = await selectCandidates(deps, workspace, chain, rank, input.filterIds, drops);
    const drafts = await extractResults(deps, chain, selections, input.runId, drops);
    workspace.best = selections.map(({ best }) => best);
    idle.push(workspace);
    const { fresh, cooling } = withoutDuplicates(deps, drafts, selections);
    drops.add('selection', 'cooling-down', cooling);
    // It looks at every contract once more.
    await deps.slicer.turn();
    await deps.observer.observe(chain, rank, input.runId, input.signal);
    // Storing begins at once, with the first rows of the batch.
    await deps.slicer.turn();
    await deps.writer.accept(fresh, input.signal);
    for (const draft of fresh) deps.duplicates.record(draft, deps.clock());
    // What is found is held against all that is open.
    await deps.slicer.turn();
    const stored = new Set(fresh);
    const scan = completedScan(deps, chain, drafts, stored, filtersBefore, input.filterIds);
    await deps.opportunities.scanned(scan, input.signal);
    const report: ScanReportDraft = {
      id: deps.newId(),
      symbol: scan.symbol,
      scanRunId: input.runId,
      quotedAtMs: scan.quotedAtMs,
      durationMs: deps.clock() - startedAtMs,
      contracts: snapshot.size,
      candidates,
      ...tallyResults(scan.revisions.keys(), drafts, stored),
    };
    await deps.reportWriter.accept([report], input.signal);
    return {
      contracts: snapshot.size,
      candidates,
      results: fresh.length,
      duplicates: drafts.length - fresh.length - cooling,
      drops: drops.list(),
    };
  }
}

/** What says anything new, and how many of the others only come too soon for the cooldown of their filter. */
function withoutDuplicates(
  { duplicates, clock }: PipelineDeps,
  drafts: readonly ScanResultDraft[],
  selections: readonly FilterSelection[],
): { fresh: ScanResultDraft[]; cooling: number } {
  const nowMs = clock();
  const cooldowns = new Map<string, Cooldown>();
  for (const { active } of selections) {
    const seconds = active.filter.limits?.cooldownSeconds;
    if (seconds !== undefined) cooldowns.set(active.filter.id, { lengthMs: seconds * 1_000, nowMs });
  }
  let cooling = 0;
  const fresh = drafts.filter((draft) => {
    const { kind, reason } = duplicates.decide(draft, cooldowns.get(draft.filterId));
    if (reason === 'cooling-down') cooling++;
    return kind !== 'duplicate';
  });
  return { fresh, cooling };
}

function completedScan(
  { filters, duplicates, clock }: PipelineDeps,
  { snapshot, expirations }: PricedChain,
  drafts: readonly ScanResultDraft[],
  stored: ReadonlySet<ScanResultDraft>,
  filtersBefore: readonly ActiveFilter[],
  filterIds: readonly string[] | null,
): CompletedScan {
  // One that was changed meanwhile has not seen the whole chain.
  const applied = filters.active().filter((active) => filtersBefore.includes(active) && (filterIds?.includes(active.filter.id) ?? true));
  const revisions = new Map(applied.map(({ filter }) => [filter.id, filter.revision]));
  const expiresAtMs = new Map(snapshot.expirations.map((slice) => [slice.date, slice.expiresAtMs]));
  const found = drafts.filter((draft) => revisions.get(draft.filterId) === draft.filterRevision);
  return {
    symbol: snapshot.underlying.symbol,
    atMs: clock(),
    quotedAtMs: snapshot.quotedAtMs,
    revisions,
    found: found.map((draft) => ({
      draft,
      resultId: stored.has(draft) ? draft.id : (duplicates.lastId(draft) ?? draft.id),
      isStored: stored.has(draft),
      expiresAtMs: expiresAtMs.get(draft.expiration)!,
    })),
    unpriced: new Set(snapshot.expirations.flatMap((slice, index) => (expirations[index] === null ? [slice.date] : []))),
  };
}

function createWorkspace(batch: CandidateBatch): Workspace {
  return { batch, passed: new Uint8Array(batch.capacity), best: [] };
}

async function fetchChain({ feed }: PipelineDeps, { symbol, signal }: ScanChainInput, drops: DropCounter): Promise<ChainSnapshot> {
  // By hand: what AbortSignal.any makes of a signal that lives as long as the scanner is never let go.
  const limited = new AbortController();
  const onAbort = () => limited.abort(signal.reason);
  const timer = setTimeout(() => {
    limited.abort(new FeedUnavailableError(`expected the chain of ${symbol} within ${FETCH_TIMEOUT_MS} ms, got nothing`));
  }, FETCH_TIMEOUT_MS);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const snapshot = await feed.fetchChain(symbol, limited.signal).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
  for (const { reason, count } of snapshot.drops) drops.add('feed', reason, count);
  return snapshot;
}

async function priceChain({ pricer, slicer }: PipelineDeps, snapshot: ChainSnapshot, drops: DropCounter): Promise<PricedChain> {
  await slicer.turn();
  const chain = pricer.prepare(snapshot);
  for (let index = 0; index < snapshot.expirations.length; index++) {
    if (slicer.isExhausted()) await slicer.turn();
    pricer.priceExpiration(chain, index);
    if (chain.expirations[index] === null) drops.add('pricing', 'expiration-not-priced', 1);
  }
  return chain;
}

function noteUnderlying({ underlyings }: PipelineDeps, chain: PricedChain): VolatilityRank {
  const volatility = constantMaturityVolatility(chain, 30);
  const { underlying, quotedAtMs } = chain.snapshot;
  const rank = underlyings.rank(underlying.symbol, quotedAtMs, volatility);
  underlyings.scanned(chain, volatility);
  return rank;
}

async function selectCandidates(
  deps: PipelineDeps,
  workspace: Workspace,
  chain: PricedChain,
  rank: VolatilityRank,
  filterIds: readonly string[] | null,
  drops: DropCounter,
): Promise<{ candidates: number; selections: FilterSelection[] }> {
  const { generator, scoreBatch, filters, slicer, metrics, resultsPerFilter } = deps;
  const { batch, passed } = workspace;
  const { snapshot } = chain;
  const selections = new Map<string, FilterSelection>();
  const days = metricColumn(batch, 'daysToExpiration');
  const isAskedFor = ({ filter }: ActiveFilter) => filterIds === null || filterIds.includes(filter.id);
  let candidates = 0;
  let filterMs = 0;
  for (const [index, slice] of snapshot.expirations.entries()) {
    if (slicer.isExhausted()) await slicer.turn();
    const contextNow = () => ({
      symbol: snapshot.underlying.symbol,
      expirationDate: slice.date,
      daysToExpiration: days[0]!,
      ivRank: rank.ivRank,
      ivPercentile: rank.ivPercentile,
    });
    candidates += generator.generateExpiration(chain, index, rank, batch, undefined, (_, wanted, stage) => {
      const startedAt = performance.now();
      const count = screenCandidates(batch, contextNow(), filters.active().filter(isAskedFor), wanted, stage);
      filterMs += performance.now() - startedAt;
      return count;
    });
    for (const [reason, name] of CANDIDATE_DROP_REASONS.entries()) drops.add('strategies', name, batch.drops[reason]!);
    if (batch.size > 0) await applyFilters(index, contextNow());
  }
  metrics.filtersEvaluated(filterMs / 1_000);
  return { candidates, selections: [...selections.values()] };

  /** A filter that changes while others are applied is applied anew: a change holds for the next candidates evaluated. */
  async function applyFilters(expirationIndex: number, context: BatchContext): Promise<void> {
    const applied = new Set<ActiveFilter>();
    let isScored = false;
    // Most expirations hold nothing that a filter wants: those are never scored.
    const ensureScored = () => {
      if (!isScored) scoreBatch(batch);
      isScored = true;
    };
    let active = filters.active();
    for (let next = 0; next < active.length; ) {
      const filter = active[next++]!;
      if (applied.has(filter) || !isAskedFor(filter)) continue;
      applied.add(filter);
      const startedAt = performance.now();
      if (filter.compiled.readsScore) ensureScored();
      if (filter.compiled.apply(batch, context, passed) > 0) {
        ensureScored();
        const { minimumScore } = filter.filter.limits ?? {};
        if (minimumScore !== undefined) drops.add('selection', 'below-minimum-score', dropBelow(minimumScore, batch, passed));
        bestOf(filter).offer(batch, passed, expirationIndex);
      }
      filterMs += performance.now() - startedAt;
      if (!slicer.isExhausted()) continue;
      await slicer.turn();
      if (active === filters.active()) continue;
      // All of them: the filters that have come may want what no other did.
      generator.generateExpiration(chain, expirationIndex, rank, batch);
      isScored = false;
      active = filters.active();
      next = 0;
    }
  }

  /** What an earlier revision selected is forgotten: it no longer is a result of this filter. */
  function bestOf(active: ActiveFilter): BestCandidates {
    const known = selections.get(active.filter.id);
    if (known?.active === active) return known.best;
    const best = takeBest(workspace, Math.min(resultsPerFilter, active.filter.limits?.resultsPerUnderlying ?? resultsPerFilter));
    selections.set(active.filter.id, { active, best });
    return best;
  }
}

function takeBest({ best }: Workspace, limit: number): BestCandidates {
  const place = best.findIndex(({ batch }) => batch.capacity === limit);
  if (place < 0) return createBestCandidates(limit);
  const [taken] = best.splice(place, 1);
  taken!.reset();
  return taken!;
}

/** Takes those of a lower or an unknown score out of the selection; how many they were. */
function dropBelow(minimumScore: number, batch: CandidateBatch, selection: Uint8Array): number {
  const score = metricColumn(batch, 'score');
  let dropped = 0;
  for (let row = 0; row < batch.size; row++) {
    if (selection[row] === 0 || score[row]! >= minimumScore) continue;
    selection[row] = 0;
    dropped++;
  }
  return dropped;
}

async function extractResults(
  { filters, newId, slicer }: PipelineDeps,
  chain: PricedChain,
  selections: readonly FilterSelection[],
  scanRunId: string,
  drops: DropCounter,
): Promise<ScanResultDraft[]> {
  const { underlying, quotedAtMs } = chain.snapshot;
  const marketState = marketStateAt(underlying.kind, quotedAtMs);
  const extracted = new Map<ActiveFilter, ScanResultDraft[]>();
  for (const { active, best } of selections) {
    drops.add('selection', 'outranked', best.outranked());
    const drafts: ScanResultDraft[] = [];
    const { id: filterId, revision: filterRevision } = active.filter;
    for (let row = 0; row < best.batch.size; row++) {
      if (slicer.isExhausted()) await slicer.turn();
      drafts.push(extractResult(chain, best.batch, row, { id: newId(), scanRunId, filterId, filterRevision, marketState }));
    }
    extracted.set(active, drafts);
  }
  // Looked at last: a filter may have changed at any turn.
  const inForce = new Set(filters.active());
  const drafts: ScanResultDraft[] = [];
  for (const [active, ofFilter] of extracted) {
    if (inForce.has(active)) drafts.push(...ofFilter);
    else drops.add('selection', 'filter-changed', ofFilter.length);
  }
  return drafts;
}
