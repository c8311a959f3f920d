import { type RobustSpread, robustSpread } from './robust-spread.ts';

/** Above this a value is called an outlier: Iglewicz & Hoaglin (1993). */
export const OUTLIER_Z = 3.5;

/**
 * How many standard deviations a value lies from the middle of others, by median and median absolute deviation.
 *
 * @returns 0 when it lies in the middle; NaN when it does not and the others are all alike, or one of both is unknown
 */
export function robustZScore(value: number, others: readonly number[] | RobustSpread): number {
  const { centre, deviation } = 'deviation' in others ? others : robustSpread(others);
  const distance = value - centre;
  if (!Number.isFinite(distance)) return Number.NaN;
  if (distance === 0) return 0;
  return deviation > 0 ? distance / deviation : Number.NaN;
}
