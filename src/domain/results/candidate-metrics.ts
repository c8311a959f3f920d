import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { METRICS, type MetricName, type MetricValues } from '../candidates/metric.ts';
import { knownOrNull } from './known-or-null.ts';

/** The metrics of one candidate; unknown is null. */
export function candidateMetrics(batch: CandidateBatch, row: number): MetricValues {
  const values = {} as Record<MetricName, number | null>;
  for (let index = 0; index < METRICS.length; index++) values[METRICS[index]!.name] = knownOrNull(batch.metrics[index]![row]!);
  return values;
}
