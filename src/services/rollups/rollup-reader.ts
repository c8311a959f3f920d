import type { Sql } from '../../db/client.ts';
import type { RollupCell, SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import { rollupCuboids } from '../../domain/rollups/rollup-cuboids.ts';
import type { RollupDimension, RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import type { RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { SqlParameters } from '../results/criteria-sql.ts';
import { carryOut } from '../scanner/carry-out.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { readSourceRows } from './read-source-rows.ts';
import { readNewestMs, readStoredCells } from './read-stored-cells.ts';
import { ROLLUP_STREAMS } from './rollup-streams.ts';
import { createTail } from './tail-cells.ts';

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
const PAGE_ROWS = 2_000;

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
      const { cells, position, head } = await readStoredCells(sql, slicer, query);
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
        await carryOut(tail.add(rows), slicer);
        if (rows.length < PAGE_ROWS) return carryOut(tail.cells(), slicer);
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
