import { mean, median } from 'simple-statistics';

/** Centre and spread of values, hardly moved by a few that are far off. */
export interface RobustSpread {
  readonly count: number;
  /** The median; NaN of no value. */
  readonly centre: number;
  /** What a standard deviation would be, were the values normal and without the far-off ones; 0 when all are alike, NaN of no value. */
  readonly deviation: number;
}

/** Of a normal distribution: standard deviation / median absolute deviation, 1 / Φ⁻¹(0.75). */
const PER_MEDIAN_DEVIATION = 1.482_602_218_505_602;
/** Of a normal distribution: standard deviation / mean absolute deviation, √(π/2). */
const PER_MEAN_DEVIATION = 1.253_314_137_315_500_3;

/**
 * Median, and median absolute deviation in units of a standard deviation. Where more than half of the values are alike that is 0 and the mean absolute deviation
 * stands in, as Iglewicz & Hoaglin, How to Detect and Handle Outliers (1993), advise.
 *
 * @param values those that are not finite do not count
 */
export function robustSpread(values: readonly number[]): RobustSpread {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { count: 0, centre: Number.NaN, deviation: Number.NaN };
  const centre = median(known);
  const distances = known.map((value) => Math.abs(value - centre));
  const deviation = median(distances) * PER_MEDIAN_DEVIATION || mean(distances) * PER_MEAN_DEVIATION;
  return { count: known.length, centre, deviation };
}
