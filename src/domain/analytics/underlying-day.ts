import type { UnderlyingMetricName } from './underlying-metric.ts';

/** What was observed of an underlying on one market day. Unknown is NaN. */
export interface UnderlyingDay {
  /** `YYYY-MM-DD`: the date in New York, or UTC where the market never closes. */
  readonly day: string;
  /** Observations with a price. */
  readonly observations: number;
  /** Market time of the last observation, epoch milliseconds. */
  readonly lastAtMs: number;
  /** First, highest, lowest and last price observed, quote currency per unit: between observations it may have been elsewhere. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** The last known value of the day of each metric. */
  readonly metrics: Readonly<Record<UnderlyingMetricName, number>>;
}
