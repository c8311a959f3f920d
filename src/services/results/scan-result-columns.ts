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

/** Copied for each row: a copy takes the shape of the object at once, where adding the metrics one by one takes microseconds. */
const NO_METRICS: Readonly<Record<MetricName, number | null>> = Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as never;

/** For COPY: the columns by name. */
export const SCAN_RESULT_COLUMNS = [...FIXED_COLUMNS, ...METRIC_NAMES].map(columnName).join(', ');

export type ScanResultColumn = (typeof FIXED_COLUMNS)[number] | MetricName;

const ALL_COLUMNS: readonly ScanResultColumn[] = [...FIXED_COLUMNS, ...METRIC_NAMES];

/** How a set of columns is read: the list of a SELECT, and what makes a result of its tuples. */
export interface ScanResultReading {
  readonly selection: string;
  /** Of what was not read, metrics are null, lists empty and the rest undefined: only for who asked for the columns it uses. */
  fromTuple(tuple: ScanResultTuple): ScanResult;
}

/** @param columns those wanted; the place in the stream and the id are always read */
export function scanResultReading(columns: ReadonlySet<ScanResultColumn>): ScanResultReading {
  const read = ALL_COLUMNS.filter((column) => column === 'sequence' || column === 'detectedAt' || column === 'id' || columns.has(column));
  const place = (column: ScanResultColumn) => read.indexOf(column);
  const metricsRead = METRIC_NAMES.filter((name) => read.includes(name));
  const metricPlaces = metricsRead.map(place);
  const [sequence, detectedAt, id, scanRunId, filterId, filterRevision, symbol, strategy, expiration, quotedAt] = FIXED_COLUMNS.map(place);
  const [marketState, legsKey, legs, scoreComponents, reasons] = FIXED_COLUMNS.slice(10).map(place);
  return {
    // The date as text, so that no time zone touches it.
    selection: read.map((column) => (column === 'expiration' ? 'expiration::text' : columnName(column))).join(', '),
    fromTuple(tuple) {
      const metrics = { ...NO_METRICS };
      for (let index = 0; index < metricsRead.length; index++) {
        metrics[metricsRead[index]!] = tuple[metricPlaces[index]!] as number | null;
      }
      return {
        sequence: tuple[sequence!] as number,
        detectedAtMs: tuple[detectedAt!] as number,
        id: tuple[id!] as string,
        scanRunId: tuple[scanRunId!] as string,
        filterId: tuple[filterId!] as string,
        filterRevision: tuple[filterRevision!] as number,
        symbol: tuple[symbol!] as string,
        strategy: tuple[strategy!] as StrategyId,
        expiration: tuple[expiration!] as string,
        quotedAtMs: tuple[quotedAt!] as number,
        marketState: tuple[marketState!] as MarketState,
        legsKey: tuple[legsKey!] as string,
        legs: (tuple[legs!] as readonly Leg[] | undefined) ?? [],
        scoreComponents: (tuple[scoreComponents!] as readonly ScoreComponent[] | undefined) ?? [],
        reasons: (tuple[reasons!] as readonly string[] | undefined) ?? [],
        metrics: metrics satisfies MetricValues,
      };
    },
  };
}

/** Whole rows. */
export const WHOLE_SCAN_RESULT = scanResultReading(new Set(ALL_COLUMNS));

/** The part of a line of COPY text that does not depend on the place in the stream. */
export function scanResultLineEnd(draft: ScanResultDraft): string {
  let line = `\t${draft.id}\t${draft.scanRunId}\t${draft.filterId}\t${draft.filterRevision}`;
  line += `\t${copyString(draft.symbol)}\t${draft.strategy}\t${draft.expiration}\t${copyTimestamp(draft.quotedAtMs)}\t${draft.marketState}`;
  line += `\t${copyString(draft.legsKey)}\t${copyJson(draft.legs)}\t${copyJson(draft.scoreComponents)}\t${copyTextArray(draft.reasons)}`;
  for (const name of METRIC_NAMES) line += `\t${copyNumber(draft.metrics[name])}`;
  return `${line}\n`;
}

/** One row in array form. */
export type ScanResultTuple = readonly unknown[];
