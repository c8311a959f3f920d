import { z } from 'zod';
import type { Permission } from '../../domain/access/permission.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import { parseDateTimeRange } from '../../resolvers/parse-date-time-range.ts';
import type { StreamRows, StreamRowsQuery } from '../../services/exports/stream-rows.ts';
import { decodePosition, encodePosition } from '../../services/stream-log/cursor.ts';
import type { StreamPosition } from '../../services/stream-log/stream-position.ts';
import type { ExportCriteria } from './export-parameters.ts';
import type { ExportSource } from './export-source.ts';

export interface StreamExportOptions<Row> {
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  /** Name of the stream, which its cursors are of. */
  readonly stream: string;
  readonly rows: StreamRows<Row>;
  readonly position: (row: Row) => StreamPosition;
  /** What is told of a row, by name. */
  readonly fields: Readonly<Record<string, (row: Row) => unknown>>;
}

/** Making them what is told takes several milliseconds, in one go. */
const PAGE_ROWS = 400;
const LONGEST_SYMBOL = 32;

const filterModel = z
  .strictObject({
    symbols: z
      .array(
        z
          .string()
          .min(1)
          .max(LONGEST_SYMBOL)
          .regex(/^[^\0]*$/),
      )
      .max(10_000)
      .nullish(),
  })
  .nullish();

/** Exports a stream in the order it was stored, for what GraphQL has no connection of. */
export function createStreamExport<Row>(options: StreamExportOptions<Row>): ExportSource {
  const { name, description, permission, stream, rows, position, fields } = options;
  const names = Object.keys(fields);

  return {
    name,
    description,
    permission,
    criteria: ['filter', 'from', 'before'],
    pageRows: PAGE_ROWS,
    prepare(criteria, wanted) {
      const unknown = wanted?.filter((column) => !names.includes(column)) ?? [];
      if (unknown.length > 0)
        throw new ValidationError(
          unknown.map((column) => ({
            path: 'columns',
            message: `expected some of ${names.join(', ')}, got ${JSON.stringify(column.slice(0, 60))}`,
          })),
        );
      const query = parseQuery(criteria);
      const columns = [...new Set(wanted ?? names)];
      const valuesOf = (row: Row) => Object.fromEntries(columns.map((column) => [column, fields[column]!(row)]));
      return {
        columns: columns.map((column) => ({ name: column, path: [column] })),
        async page(after, limit) {
          const read = await rows.read(query, after === null ? null : decodePosition(stream, after), limit + 1);
          const page = read.length > limit ? read.slice(0, limit) : read;
          return {
            rows: page.map((row) => ({ cursor: encodePosition(stream, position(row)), values: valuesOf(row) })),
            hasMore: read.length > limit,
          };
        },
        estimateRows: () => rows.estimate(query),
      };
    },
  };
}

function parseQuery({ filter, from, before }: ExportCriteria): StreamRowsQuery {
  const parsed = filterModel.safeParse(filter);
  if (!parsed.success)
    throw new ValidationError(
      parsed.error.issues.map(({ path, message }) => ({
        path: ['filter', ...path].join('.'),
        message: `expected { symbols: […] }, got ${message}`,
      })),
    );
  const { fromMs, beforeMs } = parseDateTimeRange({ from: timeIn('from', from), before: timeIn('before', before) }, 'range');
  return { symbols: parsed.data?.symbols?.map((symbol) => symbol.toUpperCase()), fromMs, beforeMs };
}

/** RFC 3339, with a zone, as the DateTime of the API. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function timeIn(path: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (DATE_TIME.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new ValidationError([{ path, message: `expected a time such as 2026-11-20T15:30:00Z, got ${JSON.stringify(text.slice(0, 60))}` }]);
}
