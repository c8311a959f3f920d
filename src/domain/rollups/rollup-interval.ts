/** Lengths of the buckets one can ask for, in milliseconds; of weeks and days those without a change of the clock, of months the mean of the Gregorian calendar. */
export const ROLLUP_INTERVALS = {
  MINUTE_1: 60_000,
  MINUTE_5: 300_000,
  MINUTE_15: 900_000,
  HOUR_1: 3_600_000,
  DAY_1: 86_400_000,
  WEEK_1: 604_800_000,
  MONTH_1: 2_629_746_000,
} as const;
export type RollupInterval = keyof typeof ROLLUP_INTERVALS;
export const ROLLUP_INTERVAL_NAMES = Object.keys(ROLLUP_INTERVALS) as readonly RollupInterval[];
