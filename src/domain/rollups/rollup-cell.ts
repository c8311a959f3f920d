/** What is known of the values of one series in one bucket. Unknown values are not counted. */
export interface RollupCell {
  /** 1 or more. */
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Sum of the squared deviations from the mean: merged by Chan, Golub and LeVeque (1979). */
  readonly m2: number;
  /** The earliest value by market time; of several at one moment the one with the lowest number in its stream. */
  readonly first: number;
  /** Epoch milliseconds, market time. */
  readonly firstAtMs: number;
  /** The latest value by market time; of several at one moment the one with the highest number in its stream. */
  readonly last: number;
  readonly lastAtMs: number;
  /** 0.5, 0.95 and 0.99 quantiles, within the relative error of the sketch. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Which values a series is made of; null: all. */
export interface SeriesDimensions {
  readonly filterId: string | null;
  readonly symbol: string | null;
  readonly strategy: string | null;
}
