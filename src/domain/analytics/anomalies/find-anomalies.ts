import type { MetricSeries } from '../metric-series.ts';
import { robustSpread } from '../robust-spread.ts';
import { changePoints } from './change-points.ts';
import { controlChart } from './control-chart.ts';
import { seasonalAnomalies } from './seasonal-anomalies.ts';

/**
 * OUTLIER: one value unlike those around it and those of its season. SHIFT: the moving average has left the level of the beginning. CHANGE_POINT: the mean changed
 * here, looking back at all values.
 */
export const ANOMALY_KINDS = ['OUTLIER', 'SHIFT', 'CHANGE_POINT'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

export interface Anomaly {
  readonly kind: AnomalyKind;
  /** When it began, market time, epoch milliseconds. */
  readonly atMs: number;
  /** When it was last so; that of an outlier or a change is the moment itself. */
  readonly untilMs: number;
  /** The value then; of a change the mean behind it, in the unit of the metric. */
  readonly value: number;
  /** What was expected; of a change the mean before it. */
  readonly expected: number;
  /** How far off, in standard deviations: of the values, of the moving average, or of the noise. */
  readonly zScore: number;
}

/** Values that tell the level of the beginning: a third, but at least this many. */
const LEAST_BASELINE = 20;

/**
 * What is unusual in a series by three methods, each blind to what another sees; in order of time.
 *
 * Yields between the methods and now and then within them: a caller that shares its thread pauses there.
 *
 * @param seasonOf which season a moment belongs to
 */
export function* findAnomalies(series: MetricSeries, seasonOf: (atMs: number) => number): Generator<undefined, Anomaly[]> {
  const found = outliers(series, seasonOf);
  yield;
  found.push(...shifts(series));
  yield;
  found.push(...(yield* changes(series)));
  return found.sort((a, b) => a.atMs - b.atMs);
}

function outliers(series: MetricSeries, seasonOf: (atMs: number) => number): Anomaly[] {
  return seasonalAnomalies(series, seasonOf).map(({ index, expected, zScore }) => ({
    kind: 'OUTLIER',
    atMs: series.atMs[index]!,
    untilMs: series.atMs[index]!,
    value: series.values[index]!,
    expected,
    zScore,
  }));
}

function shifts({ atMs, values }: MetricSeries): Anomaly[] {
  const baseline = Math.max(LEAST_BASELINE, Math.floor(values.length / 3));
  if (values.length <= baseline) return [];
  const { centre, deviation } = robustSpread(values.slice(0, baseline));
  return controlChart(values.slice(baseline), { target: centre, deviation }).signals.map(({ fromIndex, toIndex, zScore }) => ({
    kind: 'SHIFT',
    atMs: atMs[baseline + fromIndex]!,
    untilMs: atMs[baseline + toIndex]!,
    value: values[baseline + fromIndex]!,
    expected: centre,
    zScore,
  }));
}

function* changes({ atMs, values }: MetricSeries): Generator<undefined, Anomaly[]> {
  return (yield* changePoints(values)).map(({ index, meanBefore, meanAfter, size }) => ({
    kind: 'CHANGE_POINT',
    atMs: atMs[index]!,
    untilMs: atMs[index]!,
    value: meanAfter,
    expected: meanBefore,
    zScore: size,
  }));
}
