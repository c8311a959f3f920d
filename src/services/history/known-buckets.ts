import type { AggregateFigures } from '../../domain/rollups/aggregate-figures.ts';
import { bucketIndex } from '../../domain/rollups/bucket-bounds.ts';
import type { AggregateTier } from '../../domain/rollups/choose-tier.ts';
import { figuresOfCell } from '../../domain/rollups/figures-of-cell.ts';
import { RollupAccumulator } from '../../domain/rollups/rollup-accumulator.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { RollupDimension } from '../../domain/rollups/rollup-metric.ts';
import { encodeSketch } from '../../domain/rollups/sketch-codec.ts';
import type { ReadCell, RollupReader } from '../rollups/rollup-reader.ts';
import { carryOut } from '../scanner/carry-out.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import type { SeriesSelection } from './aggregate-request.ts';
import { groupedDimensions, groupKey } from './group-key.ts';
import type { RowAggregates } from './row-aggregates.ts';

/** A bucket with values. */
export interface KnownBucket {
  /** Index of the bound it begins at. */
  readonly index: number;
  readonly figures: AggregateFigures;
  /** When something came for it last, epoch milliseconds. */
  readonly updatedAtMs: number;
}

export interface KnownGroup {
  readonly dimensions: SeriesDimensions;
  /** Ascending. */
  readonly buckets: KnownBucket[];
}

export interface KnownBucketsDeps {
  readonly reader: Pick<RollupReader, 'read'>;
  readonly rows: RowAggregates;
  readonly slicer: EventLoopSlicer;
}

/** The dimensions that have to be told apart: those grouped by, and filters when some of them do not count. */
export function readDimensions({ metric, groupBy, where, hiddenFilterIds }: SeriesSelection): readonly RollupDimension[] {
  const tellsFilters = metric.source === 'SCAN_RESULTS' && hiddenFilterIds.length > 0 && !where.FILTER && !groupBy.includes('FILTER');
  return tellsFilters ? ['FILTER', ...groupBy] : groupBy;
}

/** Reads the buckets of a selection that have values, from a tier or from the rows. @param most buckets to be read; one more tells that there are more */
export function createKnownBuckets({ reader, rows, slicer }: KnownBucketsDeps) {
  async function fromTier(selection: SeriesSelection, bounds: readonly number[], tier: Exclude<AggregateTier, 'RAW'>) {
    const { metric, where } = selection;
    const query = { metric, tier, fromMs: bounds[0]!, beforeMs: bounds.at(-1)!, groupBy: readDimensions(selection), where };
    const cells = await reader.read(query);
    return carryOut(grouped(selection, bounds, cells), slicer);
  }

  async function fromRows(selection: SeriesSelection, bounds: readonly number[], most: number) {
    const groups = new Map<string, KnownGroup>();
    for (const { dimensions, bucket, updatedAtMs, figures } of await rows.read({ ...selection, bounds, most })) {
      const key = groupKey(dimensions);
      const group: KnownGroup = groups.get(key) ?? { dimensions, buckets: [] };
      groups.set(key, group);
      group.buckets.push({ index: bucket, figures, updatedAtMs });
    }
    return [...groups.values()];
  }

  return (selection: SeriesSelection, bounds: readonly number[], tier: AggregateTier, most: number): Promise<KnownGroup[]> =>
    tier === 'RAW' ? fromRows(selection, bounds, most) : fromTier(selection, bounds, tier);
}

/** In steps of one cell, more or less. */
function* grouped(
  { groupBy, hiddenFilterIds, withPercentiles }: SeriesSelection,
  bounds: readonly number[],
  cells: readonly ReadCell[],
): Generator<void, KnownGroup[]> {
  const hidden = new Set(hiddenFilterIds);
  const parts = new Map<string, { dimensions: SeriesDimensions; byBucket: Map<number, ReadCell[]> }>();
  let seriesOfLast: SeriesDimensions | null = null;
  let byBucket = new Map<number, ReadCell[]>();
  for (const cell of cells) {
    yield;
    if (cell.dimensions.filterId !== null && hidden.has(cell.dimensions.filterId)) continue;
    // Cells of a series follow one another.
    if (seriesOfLast !== cell.dimensions) {
      const dimensions = groupedDimensions(cell.dimensions, groupBy);
      const key = groupKey(dimensions);
      const part = parts.get(key) ?? { dimensions, byBucket: new Map() };
      parts.set(key, part);
      seriesOfLast = cell.dimensions;
      byBucket = part.byBucket;
    }
    const index = bucketIndex(bounds, cell.bucketMs);
    const together = byBucket.get(index);
    if (together) together.push(cell);
    else byBucket.set(index, [cell]);
  }
  const groups: KnownGroup[] = [];
  for (const { dimensions, byBucket: ofPart } of parts.values()) {
    const buckets: KnownBucket[] = [];
    for (const [index, together] of ofPart) {
      buckets.push(merged(index, together, withPercentiles));
      yield;
    }
    groups.push({ dimensions, buckets: buckets.sort((one, other) => one.index - other.index) });
  }
  return groups;
}

const NO_SKETCH = encodeSketch([], []);

function merged(index: number, cells: readonly ReadCell[], withPercentiles: boolean): KnownBucket {
  const [only] = cells;
  if (cells.length === 1) return { index, figures: figuresOfCell(only!.cell), updatedAtMs: only!.updatedAtMs };
  const all = new RollupAccumulator();
  let updatedAtMs = 0;
  for (const { cell, sketch, updatedAtMs: at } of cells) {
    all.merge(cell, withPercentiles ? sketch() : NO_SKETCH);
    updatedAtMs = Math.max(updatedAtMs, at);
  }
  const figures = figuresOfCell(all.cell());
  return { index, figures: withPercentiles ? figures : { ...figures, p50: null, p95: null, p99: null }, updatedAtMs };
}
