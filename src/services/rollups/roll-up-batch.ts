import type { Sql, Transaction } from '../../db/client.ts';
import type { EnsureChunks } from '../../db/time-series/ensure-chunks.ts';
import { createDeltaCells, type DeltaCells } from '../../domain/rollups/delta-cells.ts';
import { ROLLUP_METRICS, type RollupDimension, type RollupMetric, type RollupSource } from '../../domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { type CellDelta, type CellStore, ROLLUP_TABLES } from './cell-store.ts';
import { readSourceRows, type SourceRows } from './read-source-rows.ts';
import type { ChangedBuckets, RollupChange } from './rollup-changes.ts';
import type { RollupSeries, SeriesKey } from './rollup-series.ts';
import { ROLLUP_CONSUMER, ROLLUP_STREAMS } from './rollup-streams.ts';

export interface RollUpBatchDeps {
  readonly sql: Sql;
  readonly series: RollupSeries;
  readonly cells: CellStore;
  readonly slicer: EventLoopSlicer;
  /** Makes room for cells of the past, see db/time-series. */
  readonly ensureChunks: EnsureChunks;
}

/** Read at once: parsed within a few milliseconds. */
const READ_ROWS = 500;

/** Cells that a batch changes, more or less: what a row of a minute without others changes is held in memory, about a kilobyte each. */
const MOST_CELLS = 40_000;

interface Batch {
  readonly source: RollupSource;
  readonly metrics: readonly RollupMetric[];
  readonly delta: DeltaCells;
  /** Newest market time rolled up before, epoch milliseconds; -Infinity: nothing was. */
  readonly newestMs: number;
}

/** Null: another process is at it. */
export type BatchOutcome = { readonly rows: number; readonly change: RollupChange | null } | null;

/**
 * Rolls up the next rows of a source, once in the whole cluster: what they add to the cells is stored in one transaction with how far the stream has been read, and the
 * place in the stream is locked meanwhile.
 */
export function createRollUpBatch(deps: RollUpBatchDeps): (source: RollupSource, limit: number) => Promise<BatchOutcome> {
  const { sql, slicer, ensureChunks } = deps;
  return async (source, limit) => {
    const { stream, dimensionColumns } = ROLLUP_STREAMS[source];
    const metrics = ROLLUP_METRICS.filter((metric) => metric.source === source);
    let remember: () => Promise<void> = async () => {};
    const outcome = await sql.begin(async (transaction): Promise<BatchOutcome> => {
      const [position] = await transaction<StreamPosition[]>`
        select sequence, at as "atMs" from stream_positions
        where consumer = ${ROLLUP_CONSUMER} and stream = ${stream} for update skip locked`;
      if (!position) return null;
      // Asked for behind the lock: what another process has rolled up before counts.
      const [known] = await transaction<
        { newestMs: number }[]
      >`select newest_at as "newestMs" from rollup_sources where source = ${source}`;
      const delta = createDeltaCells(source, metrics.length);
      const dimensions = Object.keys(dimensionColumns) as RollupDimension[];
      let taken = 0;
      let after = position;
      for (let isMore = true; isMore && taken < limit && delta.size() < MOST_CELLS; ) {
        const wanted = Math.min(READ_ROWS, limit - taken);
        const rows = await readSourceRows(transaction, { source, after, limit: wanted, metrics, dimensions });
        await addRows(delta, rows, slicer);
        taken += rows.length;
        after = rows.position;
        isMore = rows.length === wanted;
      }
      if (taken === 0) return { rows: 0, change: null };
      // On a connection of its own, while this transaction has not touched the cells yet. Chunks begin at days.
      for (const dayMs of delta.buckets('DAY')) {
        await ensureChunks(ROLLUP_TABLES.MINUTE, dayMs, dayMs);
        await ensureChunks(ROLLUP_TABLES.HOUR, dayMs, dayMs);
      }
      remember = await store(deps, transaction, { source, metrics, delta, newestMs: known?.newestMs ?? Number.NEGATIVE_INFINITY });
      await transaction`
        update stream_positions set sequence = ${after.sequence}, at = ${transaction.typed.timestamptz(after.atMs)}
        where consumer = ${ROLLUP_CONSUMER} and stream = ${stream}`;
      await transaction`
        insert into rollup_sources as known (source, newest_at) values (${source}, ${transaction.typed.timestamptz(delta.newestMs())})
        on conflict (source) do update set newest_at = greatest(known.newest_at, excluded.newest_at)`;
      return { rows: taken, change: { source, buckets: changedBuckets(delta) } };
    });
    await remember();
    return outcome;
  };
}

async function addRows(delta: DeltaCells, rows: SourceRows, slicer: EventLoopSlicer): Promise<void> {
  await slicer.turn();
  for (let index = 0; index < rows.length; index++) {
    delta.add(rows, index);
    if (slicer.isExhausted()) await slicer.turn();
  }
}

/** @returns what is to be called after the commit */
async function store(
  { series, cells, slicer }: RollUpBatchDeps,
  transaction: Transaction,
  { source, metrics, delta, newestMs }: Batch,
): Promise<() => Promise<void>> {
  // Also of metrics that are unknown in all of these rows: a series without cells does no harm.
  const keys = delta.combinations().flatMap(({ dimensions }) => metrics.map(({ name }): SeriesKey => ({ metric: name, ...dimensions })));
  const { ids, remember } = await series.idsOf(transaction, source, keys);
  const deltas: Record<RollupTier, CellDelta[]> = { MINUTE: [], HOUR: [], DAY: [] };
  for (let metric = 0; metric < metrics.length; metric++) {
    await slicer.turn();
    for (const known of delta.cellsOf(metric)) {
      if (known) {
        const { tier, combination, bucketMs, cell, sketch } = known;
        deltas[tier].push({ seriesId: ids[combination * metrics.length + metric]!, bucketMs, cell, sketch });
      }
      if (slicer.isExhausted()) await slicer.turn();
    }
  }
  await cells.add(transaction, deltas, newestMs);
  return remember;
}

function changedBuckets(delta: DeltaCells): Record<RollupTier, ChangedBuckets> {
  const entries = Object.entries(ROLLUP_TIERS).map(([tier, widthMs]) => {
    let [fromMs, beforeMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const bucketMs of delta.buckets(tier as RollupTier)) {
      fromMs = Math.min(fromMs, bucketMs);
      beforeMs = Math.max(beforeMs, bucketMs + widthMs);
    }
    return [tier, { fromMs, beforeMs }];
  });
  return Object.fromEntries(entries) as Record<RollupTier, ChangedBuckets>;
}
