import { columnName } from '../../db/column-name.ts';
import { copyJson, copyNumber, copyString, copyTextArray, copyTimestamp } from '../../db/copy-text.ts';
import { METRICS, type MetricName, type MetricValues } from '../../domain/candidates/metric.ts';
import type { Leg, MarketState, ScanResult, ScanResultDraft, ScoreComponent } from '../../domain/results/scan-result.ts';
import type { StrategyId } from '../../domain/strategies/strategy-id.ts';

/** The columns of scan_results before the metrics, in the order both directions use. */
const FIXED_COLUMNS = [
  'sequence',
  'detectedAt',
  'id',
  'scanRunId',
  'filterId',
  'filterRevision',
  'symbol',
  'strategy',
  'expiration',
  'quotedAt',
  'marketState',
  'legsKey',
  'legs',
  'scoreComponents',
  'reasons',
] as const;

const METRIC_NAMES = METRICS.map((metric) => metric.name);

/** For COPY: the columns by name. */
export const SCAN_RESULT_COLUMNS = [...FIXED_COLUMNS, ...METRIC_NAMES].map(columnName).join(', ');

/** For SELECT: the same order; the date as text, so that no time zone touches it. */
export const SCAN_RESULT_SELECTION = [...FIXED_COLUMNS, ...METRIC_NAMES]
  .map((property) => (property === 'expiration' ? 'expiration::text' : columnName(property)))
  .join(', ');

/** The part of a line of COPY text that does not depend on the place in the stream. */
export function scanResultLineEnd(draft: ScanResultDraft): string {
  let line = `\t${draft.id}\t${draft.scanRunId}\t${draft.filterId}\t${draft.filterRevision}`;
  line += `\t${copyString(draft.symbol)}\t${draft.strategy}\t${draft.expiration}\t${copyTimestamp(draft.quotedAtMs)}\t${draft.marketState}`;
  line += `\t${copyString(draft.legsKey)}\t${copyJson(draft.legs)}\t${copyJson(draft.scoreComponents)}\t${copyTextArray(draft.reasons)}`;
  for (const name of METRIC_NAMES) line += `\t${copyNumber(draft.metrics[name])}`;
  return `${line}\n`;
}

/** One row of a query for SCAN_RESULT_SELECTION in array form. */
export type ScanResultTuple = readonly unknown[];

export function scanResultFromTuple(tuple: ScanResultTuple): ScanResult {
  const metrics = {} as Record<MetricName, number | null>;
  for (let index = 0; index < METRIC_NAMES.length; index++) {
    metrics[METRIC_NAMES[index]!] = tuple[FIXED_COLUMNS.length + index] as number | null;
  }
  return {
    sequence: tuple[0] as number,
    detectedAtMs: tuple[1] as number,
    id: tuple[2] as string,
    scanRunId: tuple[3] as string,
    filterId: tuple[4] as string,
    filterRevision: tuple[5] as number,
    symbol: tuple[6] as string,
    strategy: tuple[7] as StrategyId,
    expiration: tuple[8] as string,
    quotedAtMs: tuple[9] as number,
    marketState: tuple[10] as MarketState,
    legsKey: tuple[11] as string,
    legs: tuple[12] as readonly Leg[],
    scoreComponents: tuple[13] as readonly ScoreComponent[],
    reasons: tuple[14] as readonly string[],
    metrics: metrics satisfies MetricValues,
  };
}
