import type { Sql } from '../../db/client.ts';
import type { RollupRows } from '../../domain/rollups/delta-cells.ts';
import { RollupAccumulator } from '../../domain/rollups/rollup-accumulator.ts';
import type { RollupCell, SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import { rollupCuboids } from '../../domain/rollups/rollup-cuboids.ts';
import type { RollupDimension, RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { SqlParameters } from '../results/criteria-sql.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { readSourceRows } from './read-source-rows.ts';
import { readNewestMs, readStoredCells } from './read-stored-cells.ts';
import { ROLLUP_STREAMS } from './rollup-streams.ts';

export interface RollupQuery {
  readonly metric: RollupMetric;
  readonly tier: RollupTier;
  /** Market time, epoch milliseconds; both multiples of the tier's width. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly beforeMs: number;
  /** One series for each combination of these. */
  readonly groupBy: readonly RollupDimension[];
  /** Only these values of a dimension; one that is left out is not narrowed. Empty: none. */
  readonly where: Readonly<Partial<Record<RollupDimension, readonly string[]>>>;
}

/** One stored bucket, and what has been committed behind it meanwhile. */
export interface ReadCell {
  readonly dimensions: SeriesDimensions;
  /** Start, epoch milliseconds, market time. */
  readonly bucketMs: number;
  readonly cell: RollupCell;
  /** To be merged with others; decoded when it is asked for. */
  sketch(): Uint8Array;
  /** When something came for it last, by the server's clock; epoch milliseconds. */
  readonly updatedAtMs: number;
}

export interface RollupReader {
  /**
   * Cells in order of series and bucket, as of now: rows that have been committed and not rolled up yet are counted as well. When `groupBy` and `where` together name
   * a cuboid that the tier has, series come as they are stored; several values of a dimension that is not grouped by give several series of one group: the caller merges them.
   */
  read(query: RollupQuery): Promise<readonly ReadCell[]>;
  /** Newest market time that was seen of a source, epoch milliseconds; null before the first. */
  newestMs(source: RollupMetric['source']): Promise<number | null>;
}

/** Rows behind the stored cells that are read at once. */
const PAGE_ROWS = 5_000;

export interface RollupReaderDeps {
  readonly sql: Sql;
  readonly slicer: EventLoopSlicer;
}

/**
 * Reads stored cells together with the place up to which they count, in one statement, and then the rows behind that place. Rows never change and are kept until they
 * have been rolled up, so it does not matter that they are read a moment later: each is counted once.
 */
export function createRollupReader({ sql, slicer }: RollupReaderDeps): RollupReader {
  return {
    async read(query) {
      checkCuboid(query);
      if (Object.values(query.where).some((values) => values.length === 0)) return [];
      const { cells, position, head } = await readStoredCells(sql, query);
      if (head.sequence <= position.sequence) return cells;
      const { metric, tier, fromMs, beforeMs, where } = query;
      const dimensions = dimensionsOf(query);
      const tail = createTail(cells, tier);
      for (let after = position; ; ) {
        const rows = await readSourceRows(sql, {
          source: metric.source,
          after,
          limit: PAGE_ROWS,
          metrics: [metric],
          dimensions,
          conditions: (parameters) => [
            `quoted_at >= ${parameters.add(new Date(fromMs), 'timestamptz')}`,
            `quoted_at < ${parameters.add(new Date(beforeMs), 'timestamptz')}`,
            ...narrowed(metric, where, parameters),
          ],
        });
        await slicer.turn();
        for (let index = 0; index < rows.length; index++) {
          tail.add(rows, rows.committedAtMs[index]!, index);
          if (slicer.isExhausted()) await slicer.turn();
        }
        if (rows.length < PAGE_ROWS) return tail.cells();
        after = rows.position;
      }
    },
    newestMs: (source) => readNewestMs(sql, source),
  };
}

/** Those that tell the series of a query apart. */
function dimensionsOf({ groupBy, where }: RollupQuery): readonly RollupDimension[] {
  return [...new Set([...groupBy, ...(Object.keys(where) as RollupDimension[])])];
}

/** @throws RangeError when the tier has no such series: the caller is to choose another */
function checkCuboid(query: RollupQuery): void {
  const { metric, tier } = query;
  const wanted = dimensionsOf(query);
  const isThere = rollupCuboids(metric.source, tier).some(
    (cuboid) => cuboid.length === wanted.length && wanted.every((dimension) => cuboid.includes(dimension)),
  );
  if (!isThere) throw new RangeError(`expected dimensions that tier ${tier} has of ${metric.source}, got [${wanted.join(', ')}]`);
}

function narrowed({ source }: RollupMetric, where: RollupQuery['where'], parameters: SqlParameters): string[] {
  return Object.entries(where).map(([dimension, values]) => {
    const column = ROLLUP_STREAMS[source].dimensionColumns[dimension as RollupDimension]!;
    return `${column} = any(${parameters.add(values, dimension === 'FILTER' ? 'uuid[]' : 'text[]')})`;
  });
}

interface TailCell {
  readonly dimensions: SeriesDimensions;
  readonly bucketMs: number;
  readonly accumulator: RollupAccumulator;
  updatedAtMs: number;
}

/** Adds rows to copies of the cells they belong to. */
function createTail(stored: readonly ReadCell[], tier: RollupTier) {
  const widthMs = ROLLUP_TIERS[tier];
  const keyOf = ({ filterId, symbol, strategy }: SeriesDimensions, bucketMs: number) => `${bucketMs} ${filterId} ${strategy} ${symbol}`;
  const storedByKey = new Map(stored.map((cell) => [keyOf(cell.dimensions, cell.bucketMs), cell]));
  const touched = new Map<string, TailCell>();
  return {
    add({ quotedAtMs, dimensions, values }: RollupRows, committedAtMs: number, index: number): void {
      const value = values[0]![index];
      if (!Number.isFinite(value)) return;
      const atMs = quotedAtMs[index]!;
      const bucketMs = Math.floor(atMs / widthMs) * widthMs;
      const of = {
        filterId: dimensions.FILTER?.[index] ?? null,
        symbol: dimensions.SYMBOL?.[index] ?? null,
        strategy: dimensions.STRATEGY?.[index] ?? null,
      };
      const key = keyOf(of, bucketMs);
      let cell = touched.get(key);
      if (!cell) {
        cell = { dimensions: of, bucketMs, accumulator: new RollupAccumulator(), updatedAtMs: committedAtMs };
        const before = storedByKey.get(key);
        if (before) cell.accumulator.merge(before.cell, before.sketch());
        touched.set(key, cell);
      }
      cell.accumulator.add(value as number, atMs);
      cell.updatedAtMs = Math.max(cell.updatedAtMs, committedAtMs);
    },
    cells(): ReadCell[] {
      if (touched.size === 0) return [...stored];
      const untouched = stored.filter((cell) => !touched.has(keyOf(cell.dimensions, cell.bucketMs)));
      const grown = [...touched.values()].map(({ dimensions, bucketMs, accumulator, updatedAtMs }): ReadCell => {
        const { cell, sketch } = { cell: accumulator.cell(), sketch: () => accumulator.sketch() };
        return { dimensions, bucketMs, cell, sketch, updatedAtMs };
      });
      return inOrder([...untouched, ...grown]);
    },
  };
}

/** By series, in the order of their first bucket here, and within a series by bucket. */
function inOrder(cells: readonly ReadCell[]): ReadCell[] {
  const bySeries = new Map<string, ReadCell[]>();
  for (const cell of cells) {
    const { filterId, symbol, strategy } = cell.dimensions;
    const key = `${filterId} ${strategy} ${symbol}`;
    const of = bySeries.get(key);
    if (of) of.push(cell);
    else bySeries.set(key, [cell]);
  }
  return [...bySeries.values()].flatMap((of) => of.sort((left, right) => left.bucketMs - right.bucketMs));
}
