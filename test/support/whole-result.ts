import { METRICS } from '../../src/domain/candidates/metric.ts';
import type { ScanResult } from '../../src/domain/results/scan-result.ts';

/** A result as a plain object: one that is held in memory makes some of its fields when they are asked for. */
export function wholeResult(result: ScanResult): ScanResult {
  const { legsKey, legs, metrics, scoreComponents, reasons } = result;
  const all = Object.fromEntries(METRICS.map(({ name }) => [name, metrics[name]])) as ScanResult['metrics'];
  return { ...result, legsKey, legs, metrics: all, scoreComponents, reasons };
}
