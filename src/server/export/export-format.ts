import { stringify } from 'csv-stringify/sync';
import type { ExportColumn, ExportRow } from './export-source.ts';

/** How an export stands. */
export interface ExportState {
  /** Written so far. */
  readonly rows: number;
  /** About how many there are in all; null: not known. */
  readonly estimatedRows: number | null;
  /** Behind the last row written, or where the export began; null: at the beginning, with nothing written. */
  readonly cursor: string | null;
  /** Whether nothing follows: false before the end, and when a limit was reached first. */
  readonly isComplete: boolean;
}

export type ExportFormatName = 'ndjson' | 'csv' | 'json';

/** How rows become text, in pieces of any number of rows. */
export interface ExportFormat {
  readonly contentType: string;
  begin(columns: readonly ExportColumn[]): string;
  /** @param isFirst whether these are the first rows */
  rows(rows: readonly ExportRow[], columns: readonly ExportColumn[], isFirst: boolean): string;
  end(state: ExportState): string;
}

export const EXPORT_FORMATS: Readonly<Record<ExportFormatName, ExportFormat>> = {
  /** One JSON object a line, each with its `cursor`. */
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    begin: () => '',
    rows: (rows) => rows.map((row) => `${asJson(row)}\n`).join(''),
    end: () => '',
  },
  /** RFC 4180, with a row of names; the first column is the cursor. */
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    begin: (columns) => toCsv([['cursor', ...columns.map(({ name }) => name)]]),
    rows: (rows, columns) => toCsv(rows.map((row) => [row.cursor, ...columns.map(({ path }) => cellAt(row.values, path))])),
    end: () => '',
  },
  /** One object: `{"rows": […], "export": {…}}`. What was cut off is no JSON. */
  json: {
    contentType: 'application/json; charset=utf-8',
    begin: () => '{"rows":[',
    rows: (rows, _columns, isFirst) => rows.map((row, index) => `${isFirst && index === 0 ? '' : ','}\n${asJson(row)}`).join(''),
    end: (state) => `\n],"export":${JSON.stringify(state)}}\n`,
  },
};

/** A line of NDJSON that is no row: it has no `cursor` at its top. */
export function progressLine(state: ExportState): string {
  return `${JSON.stringify({ export: state })}\n`;
}

function asJson({ cursor, values }: ExportRow): string {
  return JSON.stringify({ cursor, ...values });
}

/** Unknown is an empty cell; lists are JSON. */
function cellAt(values: Readonly<Record<string, unknown>>, path: readonly string[]): string | number | boolean {
  let value: unknown = values;
  for (const name of path) value = value === null || value === undefined ? null : (value as Record<string, unknown>)[name];
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers. */
function toCsv(records: (string | number | boolean)[][]): string {
  return stringify(records, { record_delimiter: '\r\n', escape_formulas: true, cast: { boolean: String } });
}
