import type { Viewer } from '../../domain/access/viewer.ts';
import type { CandidateBatch } from '../../domain/candidates/candidate-batch.ts';
import type { CandidateGenerator } from '../../domain/candidates/candidate-generator.ts';
import { METRIC_INDEX, METRICS } from '../../domain/candidates/metric.ts';
import { OperationCancelledError } from '../../domain/errors/operation-cancelled-error.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import { type CriteriaPreview, createCriteriaPreviewer } from '../../domain/filters/preview-criteria.ts';
import { createPreviewPositions, type NearMiss, type PreviewPosition, type PreviewRows } from '../../domain/filters/preview-positions.ts';
import { constantMaturityVolatility } from '../../domain/pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';
import { extractPosition } from '../../domain/results/extract-position.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import type { scoreBatch } from '../../domain/scoring/score-batch.ts';
import type { ScanResultColumn } from '../results/scan-result-columns.ts';
import { NEWEST_FIRST } from '../results/scan-result-query.ts';
import { type ScanResultStore, scanResultCursor } from '../results/scan-result-store.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import type { UnderlyingService } from '../underlyings/underlying-service.ts';
import { createPreviewQueue } from './preview-queue.ts';

export const PREVIEW_SOURCES = ['LIVE_CHAINS', 'RECENT_RESULTS'] as const;
export type PreviewSource = (typeof PREVIEW_SOURCES)[number];

/** More are no list that somebody reads. */
export const MOST_NEAR_MISSES = 10;
/** Read at a time: parsed within a few milliseconds. */
const RESULTS_AT_A_TIME = 250;

export interface FilterPreviewRequest {
  /** As parseFilterCriteria leaves them. */
  readonly criteria: FilterCriteria;
  readonly over: PreviewSource;
  /** Only these underlyings; null: all. */
  readonly symbols: readonly string[] | null;
  /** The newest results to look at. */
  readonly results: number;
  /** How many of the best matches to tell. */
  readonly best: number;
}

export interface SymbolPreview {
  readonly symbol: string;
  readonly considered: number;
  readonly matching: number;
}

export interface FilterPreview extends CriteriaPreview {
  readonly over: PreviewSource;
  /** Most matches first, then by symbol. */
  readonly symbols: readonly SymbolPreview[];
  /** Underlyings that were asked for and of which there is nothing to look at. */
  readonly missingSymbols: readonly string[];
  readonly best: readonly PreviewPosition[];
  readonly nearMisses: readonly NearMiss[];
}

export interface FilterPreviewServiceDeps {
  readonly underlyings: Pick<UnderlyingService, 'latestChains' | 'rank'>;
  readonly results: Pick<ScanResultStore, 'page'>;
  /** Private filters of others, whose results the viewer does not see. */
  readonly hiddenFilterIds: (viewer: Viewer) => readonly string[];
  /** Of its own: neither is shared with a scan that is under way. */
  readonly generator: CandidateGenerator;
  readonly createBatch: () => CandidateBatch;
  readonly scoreBatch: typeof scoreBatch;
  readonly slicer: EventLoopSlicer;
  /** Whether nobody waits any more for what the running code works for. */
  readonly isCancelled: () => boolean;
}

export interface FilterPreviewService {
  /**
   * What criteria would find. Computes in slices, one preview after the other.
   * @throws LimitExceededError when too many previews are waited for, OperationCancelledError when nobody waits any more
   */
  preview(request: FilterPreviewRequest, viewer: Viewer): Promise<FilterPreview>;
}

/** What a preview adds up. */
interface Sums {
  readonly previewer: ReturnType<typeof createCriteriaPreviewer>;
  readonly bySymbol: Map<string, { considered: number; matching: number }>;
  /** What the previewer looks at now. */
  rows: PreviewRows;
}

const POSITION_COLUMNS: ReadonlySet<ScanResultColumn> = new Set<ScanResultColumn>([
  ...(['symbol', 'strategy', 'legs', 'legsKey', 'expiration', 'quotedAt'] as const),
  ...METRICS.map(({ name }) => name),
]);

export function createFilterPreviewService(deps: FilterPreviewServiceDeps): FilterPreviewService {
  const { underlyings, results, hiddenFilterIds, generator, createBatch, scoreBatch, slicer, isCancelled } = deps;
  const queue = createPreviewQueue();
  let batch: CandidateBatch | null = null;

  /** To be called between two steps. */
  async function pause(): Promise<void> {
    if (slicer.isExhausted()) await slicer.turn();
    if (isCancelled()) throw new OperationCancelledError();
  }

  async function carryOut<T>(steps: Generator<undefined, T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await pause();
    }
  }

  async function addChain(chain: PricedChain, sums: Sums): Promise<void> {
    batch ??= createBatch();
    const { underlying, quotedAtMs, expirations } = chain.snapshot;
    const rank = underlyings.rank(underlying.symbol, quotedAtMs, constantMaturityVolatility(chain));
    sums.rows = candidateRows(chain, batch);
    await pause();
    for (const [index, { date }] of expirations.entries()) {
      const considered = generator.generateExpiration(chain, index, rank, batch);
      if (considered === 0) continue;
      await pause();
      scoreBatch(batch);
      await pause();
      const matching = await carryOut(sums.previewer.addBatch(batch, { symbol: underlying.symbol, expirationDate: date }));
      count(sums, underlying.symbol, considered, matching);
    }
  }

  async function addResults({ symbols, results: most }: FilterPreviewRequest, viewer: Viewer, sums: Sums): Promise<void> {
    const query = { hiddenFilterIds: hiddenFilterIds(viewer), ...(symbols && { criteria: { symbols: { in: symbols } } }) };
    let current: ScanResult | null = null;
    sums.rows = resultRows(() => current!);
    let cursor: string | null = null;
    for (let left = most; left > 0; ) {
      const limit = Math.min(left, RESULTS_AT_A_TIME);
      const page = await results.page(query, NEWEST_FIRST, { direction: 'forward', limit, cursor }, POSITION_COLUMNS);
      await slicer.turn();
      for (const result of page.rows) {
        current = result;
        count(sums, result.symbol, 1, sums.previewer.addResult(result) ? 1 : 0);
        await pause();
      }
      if (!page.hasNextPage) return;
      left -= page.rows.length;
      cursor = scanResultCursor(page.rows.at(-1)!, NEWEST_FIRST);
    }
  }

  async function compute(request: FilterPreviewRequest, viewer: Viewer): Promise<FilterPreview> {
    const { criteria, over, symbols } = request;
    const positions = createPreviewPositions(criteria, request.best, MOST_NEAR_MISSES);
    const sums: Sums = {
      previewer: createCriteriaPreviewer(criteria, {
        matched: (rows, size) => positions.matched(sums.rows, rows, size),
        missed: (criterion, rows, matching, size) => positions.missed(sums.rows, criterion, rows, matching, size),
      }),
      bySymbol: new Map(),
      rows: NO_ROWS,
    };
    await slicer.turn();
    if (over === 'RECENT_RESULTS') await addResults(request, viewer, sums);
    else {
      // Held from here on: what is scanned meanwhile is another chain.
      const chains = underlyings.latestChains(symbols ?? undefined);
      for (const chain of chains) {
        await addChain(chain, sums);
        count(sums, chain.snapshot.underlying.symbol, 0, 0);
      }
    }
    const preview = await carryOut(sums.previewer.finish());
    // Explaining near misses takes a few milliseconds.
    await slicer.turn();
    return {
      ...preview,
      over,
      symbols: [...sums.bySymbol]
        .map(([symbol, counts]) => ({ symbol, ...counts }))
        .toSorted((left, right) => right.matching - left.matching || (left.symbol < right.symbol ? -1 : 1)),
      missingSymbols: (symbols ?? []).filter((symbol) => !sums.bySymbol.has(symbol)),
      best: positions.best(),
      nearMisses: positions.nearMisses(preview),
    };
  }

  return { preview: (request, viewer) => queue.run(viewer.subject, isCancelled, () => compute(request, viewer)) };
}

const NO_ROWS: PreviewRows = resultRows(() => {
  throw new Error('expected rows to look at, got none');
});

function count({ bySymbol }: Sums, symbol: string, considered: number, matching: number): void {
  const counts = bySymbol.get(symbol) ?? { considered: 0, matching: 0 };
  bySymbol.set(symbol, { considered: counts.considered + considered, matching: counts.matching + matching });
}

function candidateRows(chain: PricedChain, batch: CandidateBatch): PreviewRows {
  const score = batch.metrics[METRIC_INDEX.score]!;
  return {
    score: (row) => score[row]!,
    value: (metric, row) => batch.metrics[METRIC_INDEX[metric]]![row]!,
    position: (row) => ({ ...extractPosition(chain, batch, row), resultId: null }),
  };
}

function resultRows(current: () => ScanResult): PreviewRows {
  return {
    score: () => current().metrics.score ?? Number.NaN,
    value: (metric) => current().metrics[metric] ?? Number.NaN,
    position: () => {
      const { symbol, strategy, legs, legsKey, expiration, quotedAtMs, metrics, id } = current();
      return { symbol, strategy, legs, legsKey, expiration, quotedAtMs, metrics, resultId: id };
    },
  };
}
