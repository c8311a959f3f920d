import { RollupAccumulator } from '../../domain/rollups/rollup-accumulator.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { SourceRows } from './read-source-rows.ts';
import type { ReadCell } from './rollup-reader.ts';

interface TailCell {
  readonly dimensions: SeriesDimensions;
  readonly bucketMs: number;
  readonly accumulator: RollupAccumulator;
  /** The one that it goes on from; null: nothing is stored of it. */
  readonly stored: ReadCell | null;
  updatedAtMs: number;
}

/** Stored cells that are passed in one step. */
const CELLS_PER_STEP = 1_000;

const seriesKey = ({ filterId, symbol, strategy }: SeriesDimensions) => `${filterId} ${strategy} ${symbol}`;
const cellKey = (dimensions: SeriesDimensions, bucketMs: number) => `${bucketMs} ${seriesKey(dimensions)}`;

/**
 * Adds rows to copies of the cells they belong to; in steps, because there may be many cells. The rows are new: they belong to few buckets, and only the cells of those are looked at more
 * closely.
 *
 * @param stored in order of series and bucket, with one object for the dimensions of a series
 */
export function createTail(stored: readonly ReadCell[], tier: RollupTier) {
  const widthMs = ROLLUP_TIERS[tier];
  const bucketOf = (atMs: number) => Math.floor(atMs / widthMs) * widthMs;
  /** Whose stored cells are among those by key. */
  const buckets = new Set<number>();
  const storedByKey = new Map<string, ReadCell>();
  const touched = new Map<string, TailCell>();

  function* lookUp(rows: SourceRows): Generator<void> {
    const fresh = new Set<number>();
    for (let index = 0; index < rows.length; index++) {
      const bucketMs = bucketOf(rows.quotedAtMs[index]!);
      if (!buckets.has(bucketMs)) fresh.add(bucketMs);
    }
    if (fresh.size === 0) return;
    for (const bucketMs of fresh) buckets.add(bucketMs);
    for (let index = 0; index < stored.length; index++) {
      const cell = stored[index]!;
      if (fresh.has(cell.bucketMs)) storedByKey.set(cellKey(cell.dimensions, cell.bucketMs), cell);
      if (index % CELLS_PER_STEP === 0) yield;
    }
  }

  function addRow({ quotedAtMs, committedAtMs, dimensions, values }: SourceRows, index: number): void {
    const value = values[0]![index];
    if (!Number.isFinite(value)) return;
    const atMs = quotedAtMs[index]!;
    const bucketMs = bucketOf(atMs);
    const of = {
      filterId: dimensions.FILTER?.[index] ?? null,
      symbol: dimensions.SYMBOL?.[index] ?? null,
      strategy: dimensions.STRATEGY?.[index] ?? null,
    };
    const key = cellKey(of, bucketMs);
    let cell = touched.get(key);
    if (!cell) {
      const before = storedByKey.get(key) ?? null;
      cell = { dimensions: of, bucketMs, accumulator: new RollupAccumulator(), stored: before, updatedAtMs: committedAtMs[index]! };
      if (before) cell.accumulator.merge(before.cell, before.sketch());
      touched.set(key, cell);
    }
    cell.accumulator.add(value as number, atMs);
    cell.updatedAtMs = Math.max(cell.updatedAtMs, committedAtMs[index]!);
  }

  return {
    *add(rows: SourceRows): Generator<void> {
      yield* lookUp(rows);
      for (let index = 0; index < rows.length; index++) {
        addRow(rows, index);
        yield;
      }
    },
    /** All of them: those of a series together, in the order in which the series come first, and within a series by bucket. */
    *cells(): Generator<void, readonly ReadCell[]> {
      if (touched.size === 0) return stored;
      const grownOf = new Map<ReadCell, ReadCell>();
      const newBySeries = new Map<string, ReadCell[]>();
      for (const tailCell of touched.values()) {
        yield;
        const grown = toReadCell(tailCell);
        if (tailCell.stored) {
          grownOf.set(tailCell.stored, grown);
          continue;
        }
        const key = seriesKey(grown.dimensions);
        const ofSeries = newBySeries.get(key);
        if (ofSeries) ofSeries.push(grown);
        else newBySeries.set(key, [grown]);
      }
      const all: ReadCell[] = [];
      for (let start = 0; start < stored.length; ) {
        const { dimensions } = stored[start]!;
        const key = seriesKey(dimensions);
        const added = newBySeries.get(key)?.sort(byBucket) ?? [];
        newBySeries.delete(key);
        let next = 0;
        for (; stored[start]?.dimensions === dimensions; start++) {
          const cell = stored[start]!;
          while (next < added.length && added[next]!.bucketMs < cell.bucketMs) all.push(added[next++]!);
          all.push(grownOf.get(cell) ?? cell);
          if (start % CELLS_PER_STEP === 0) yield;
        }
        while (next < added.length) all.push(added[next++]!);
      }
      for (const ofSeries of newBySeries.values()) {
        for (const cell of ofSeries.sort(byBucket)) {
          if (all.length % CELLS_PER_STEP === 0) yield;
          all.push(cell);
        }
      }
      return all;
    },
  };
}

function byBucket(one: ReadCell, other: ReadCell): number {
  return one.bucketMs - other.bucketMs;
}

function toReadCell({ dimensions, bucketMs, accumulator, updatedAtMs }: TailCell): ReadCell {
  return { dimensions, bucketMs, cell: accumulator.cell(), sketch: () => accumulator.sketch(), updatedAtMs };
}
