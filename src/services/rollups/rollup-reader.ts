import type { RollupCell, SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { RollupDimension, RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import type { RollupTier } from '../../domain/rollups/rollup-tier.ts';

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
