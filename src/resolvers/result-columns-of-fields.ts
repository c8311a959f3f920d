import { METRICS } from '../domain/candidates/metric.ts';
import type { ScanResultColumn } from '../services/results/scan-result-columns.ts';

/** The columns behind the fields of ScanResult whose names are not the columns'. */
const COLUMNS_OF_FIELD: Readonly<Record<string, readonly ScanResultColumn[]>> = {
  detectedAt: ['detectedAt'],
  quotedAt: ['quotedAt'],
  filter: ['filterId'],
  filterRevision: ['filterRevision'],
  scanRun: ['scanRunId'],
  symbol: ['symbol'],
  underlying: ['symbol'],
  strategy: ['strategy'],
  legs: ['legs'],
  expiration: ['expiration'],
  marketState: ['marketState'],
  breakevens: ['breakevenLower', 'breakevenUpper'],
  scoreComponents: ['scoreComponents'],
  reasons: ['reasons'],
  ...Object.fromEntries(METRICS.map(({ name }) => [name, [name]])),
};

/** What must be read of results for these fields of them. */
export function resultColumnsOfFields(fields: readonly string[]): ReadonlySet<ScanResultColumn> {
  return new Set(fields.flatMap((field) => COLUMNS_OF_FIELD[field] ?? []));
}
