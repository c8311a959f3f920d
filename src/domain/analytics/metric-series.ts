/** A metric over time; equally long columns, oldest first, all finite. */
export interface MetricSeries {
  /** Market time, epoch milliseconds. */
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}
