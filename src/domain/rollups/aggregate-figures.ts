/** What can be told of the values in a bucket, in the unit of the metric. Null: not known. */
export interface AggregateFigures {
  /** Known values. */
  readonly count: number;
  readonly sum: number | null;
  readonly avg: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The earliest and the latest by market time. */
  readonly first: number | null;
  readonly last: number | null;
  /** Sample standard deviation (n - 1); null with fewer than two values. */
  readonly stddev: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** One bucket of a series. */
export interface AggregateBucket extends AggregateFigures {
  /** Epoch milliseconds, market time. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  /** Whether it is taken to be complete. Something late is counted all the same. */
  readonly isFinal: boolean;
}

/** The figures one can go on computing with. */
export const BUCKET_FIGURES = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'FIRST', 'LAST', 'STDDEV', 'P50', 'P95', 'P99'] as const;
export type BucketFigure = (typeof BUCKET_FIGURES)[number];

/** NaN: not known. */
export function figureOf(bucket: AggregateFigures, figure: BucketFigure): number {
  return bucket[figure.toLowerCase() as Lowercase<BucketFigure>] ?? Number.NaN;
}
