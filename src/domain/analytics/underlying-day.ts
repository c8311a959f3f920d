/** The metrics that a day is told with, besides its prices. */
export const DAILY_METRICS = ['impliedVolatility30d', 'termSlope', 'skew25Delta', 'volume', 'openInterest'] as const;
export type DailyMetricName = (typeof DAILY_METRICS)[number];

/** What was observed of an underlying on one market day. Unknown is NaN. */
export interface UnderlyingDay {
  /** `YYYY-MM-DD`, of UTC: a session of the US markets lies within one, and has the date of New York. */
  readonly day: string;
  /** Observations with a price. */
  readonly observations: number;
  /** Market time of the last observation with a price, epoch milliseconds. */
  readonly lastAtMs: number;
  /** First, highest, lowest and last price observed, quote currency per unit: between observations it may have been elsewhere. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** The last known value of the day of each. */
  readonly metrics: Readonly<Record<DailyMetricName, number>>;
}
