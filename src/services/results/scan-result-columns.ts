import { columnName } from '../../db/column-name.ts';
import { copyJson, copyNumber, copyString, copyTextArray, copyTimestamp } from '../../db/copy-text.ts';
import { METRICS, type MetricName } from '../../domain/candidates/metric.ts';
import type { ScanResult, ScanResultDraft } from '../../domain/results/scan-result.ts';

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

/** What rules for opportunities know of their newest results. */
export const RESULT_METRIC_COLUMNS: ReadonlySet<ScanResultColumn> = new Set(METRIC_NAMES);

/** For COPY: the columns by name. */
export const SCAN_RESULT_COLUMNS = [...FIXED_COLUMNS, ...METRIC_NAMES].map(columnName).join(', ');

export type ScanResultColumn = (typeof FIXED_COLUMNS)[number] | MetricName;

/** Those whose JSON is not what a ScanResult holds: times come as epoch milliseconds. Dates come as YYYY-MM-DD, whatever the settings of the server. */
const FIELD_SELECTIONS: Readonly<Partial<Record<ScanResultColumn, string>>> = {
  detectedAt: `round(date_part('epoch', detected_at) * 1000) as "detectedAtMs"`,
  quotedAt: `round(date_part('epoch', quoted_at) * 1000) as "quotedAtMs"`,
};

/** How a set of columns is read. PostgreSQL makes JSON of the rows, which is read in a fifth of the time that a value for each column takes. */
export interface ScanResultReading {
  /** A statement that answers with all rows in one value. @param rest what follows `from scan_results` in the selection of the rows: conditions, order, limit */
  statement(rest: string): string;
  /** @param answer what the statement answers with, rows as arrays. What was not asked for is undefined: only for who asked for all that it uses. */
  rows(answer: readonly (readonly unknown[])[]): ScanResult[];
}

/** @param columns those wanted; the place in the stream and the id are always read */
export function scanResultReading(columns: ReadonlySet<ScanResultColumn>): ScanResultReading {
  const fields = FIXED_COLUMNS.filter(
    (column) => column === 'sequence' || column === 'detectedAt' || column === 'id' || columns.has(column),
  );
  const metrics = METRIC_NAMES.filter((name) => columns.has(name)).map((name) => `${columnName(name)} as "${name}"`);
  const selection = fields.map((column) => FIELD_SELECTIONS[column] ?? `${columnName(column)} as "${column}"`);
  // A row of its own instead of json_build_object, which takes no more than 50 pairs.
  selection.push(
    metrics.length === 0 ? `'{}'::json as metrics` : `(select metrics from (select ${metrics.join(', ')}) as metrics) as metrics`,
  );
  return {
    statement: (rest) => `select json_agg(result) from (select ${selection.join(', ')} from scan_results ${rest}) as result`,
    rows: (answer) => (answer[0]![0] as ScanResult[] | null) ?? [],
  };
}

/** Whole rows. */
export const WHOLE_SCAN_RESULT = scanResultReading(new Set([...FIXED_COLUMNS, ...METRIC_NAMES]));

/** The part of a line of COPY text that does not depend on the place in the stream. */
export function scanResultLineEnd(draft: ScanResultDraft): string {
  const { id, scanRunId, filterId, filterRevision, strategy, expiration, marketState, metrics } = draft;
  const fields: (string | number)[] = [
    '',
    id,
    scanRunId,
    filterId,
    filterRevision,
    copyString(draft.symbol),
    strategy,
    expiration,
    copyTimestamp(draft.quotedAtMs),
    marketState,
    copyString(draft.legsKey),
    copyJson(draft.legs),
    copyJson(draft.scoreComponents),
    copyTextArray(draft.reasons),
  ];
  for (const name of METRIC_NAMES) fields.push(copyNumber(metrics[name]));
  fields[fields.length - 1] += '\n';
  // Joined, it is one piece of memory; added up it would stay a tree of a hundred until it is sent.
  return fields.join('\t');
}
