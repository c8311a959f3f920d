import { METRICS, type MetricValues } from '../candidates/metric.ts';
import { METRIC_PRECISION } from './metric-precision.ts';

const SCALES = METRICS.map(({ name }) => ({ name, scale: 10 ** METRIC_PRECISION[name] }));

/**
 * The metrics of a result as compared with the one before it: rounded by METRIC_PRECISION, in one text. No time of observation goes in. Unknown differs from
 * every number.
 */
export function resultFingerprint(metrics: MetricValues): string {
  let fingerprint = '';
  for (const { name, scale } of SCALES) {
    const value = metrics[name];
    // Adding 0 turns -0 into 0.
    fingerprint += value === null ? '|' : `${Math.round(value * scale) + 0}|`;
  }
  return fingerprint;
}
