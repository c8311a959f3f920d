import type { MetricName, MetricValues } from '../candidates/metric.ts';

/** Every so many subjects are looked at: what is asked of them is a rough share. */
const EVERY = 16;
/** Values kept of each metric. */
const KEPT = 64;

/** What values metrics have had lately, to tell which of two ranges fewer of them lie in. */
export interface MetricSamples {
  note(metrics: MetricValues): void;
  /** Share of the values within the range, 0 to 1; 1 as long as nothing is known. Unknown values lie in no range. */
  shareWithin(metric: MetricName, min: number, max: number): number;
}

/** @param metrics those that are asked for */
export function createMetricSamples(metrics: readonly MetricName[]): MetricSamples {
  const values = new Map<MetricName, Float64Array>(metrics.map((metric) => [metric, new Float64Array(KEPT)]));
  let calls = 0;
  let noted = 0;

  return {
    note(subject) {
      if (calls++ % EVERY !== 0) return;
      const at = noted++ % KEPT;
      for (const [metric, kept] of values) kept[at] = subject[metric] ?? Number.NaN;
    },
    shareWithin(metric, min, max) {
      const kept = values.get(metric);
      const count = Math.min(noted, KEPT);
      if (!kept || count === 0) return 1;
      let within = 0;
      for (let at = 0; at < count; at++) if (kept[at]! >= min && kept[at]! <= max) within++;
      return within / count;
    },
  };
}
