import { DAY_MS } from '../../calendar/day-number.ts';
import type { MetricSeries } from '../metric-series.ts';

/** A long weekend and a holiday are no break. */
const LONGEST_GAP_MS = 7 * DAY_MS;

/** The part of a daily series behind its last gap of more than 7 days: what lies before is not evenly spaced with it. */
export function lastUnbroken({ atMs, values }: MetricSeries): MetricSeries {
  let from = atMs.length - 1;
  while (from > 0 && atMs[from]! - atMs[from - 1]! <= LONGEST_GAP_MS) from--;
  return { atMs: atMs.slice(Math.max(0, from)), values: values.slice(Math.max(0, from)) };
}
