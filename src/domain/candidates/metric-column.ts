import type { CandidateBatch } from './candidate-batch.ts';
import { METRIC_INDEX, type MetricName } from './metric.ts';

/** The column of a metric: one value per candidate, NaN where it is unknown. */
export function metricColumn(batch: CandidateBatch, name: MetricName): Float64Array {
  return batch.metrics[METRIC_INDEX[name]]!;
}
