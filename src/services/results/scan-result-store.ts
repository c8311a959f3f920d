import type { Sql } from '../../db/client.ts';
import { timeSeriesTable } from '../../db/time-series/time-series-tables.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { decodePosition, decodeValuePosition, encodePosition, encodeValuePosition } from '../stream-log/cursor.ts';
import { createSqlParameters, type SqlParameters } from './criteria-sql.ts';
import { type DetectedRange, detectedNear } from './detected-near.ts';
import { HeldResult } from './packed-result.ts';
import { type ScanResultColumn, type ScanResultReading, scanResultReading, WHOLE_SCAN_RESULT } from './scan-result-columns.ts';
import { scanResultConditions } from './scan-result-conditions.ts';
import type { ScanResultOrder, ScanResultOrderField, ScanResultQuery } from './scan-result-query.ts';
import { scanResultStream } from './scan-result-stream.ts';
import { createWorthPreparing } from './worth-preparing.ts';

export interface ScanResultStore {
  /**
   * One keyset page: costs the same at any depth, and rows that arrive meanwhile neither shift nor repeat anything.
   * @param columns what is read of each row (see ScanResultReading); whole rows by default
   * @throws MalformedCursorError when the cursor is none of this order.
   */
  page(
    query: ScanResultQuery,
    order: ScanResultOrder,
    request: PageRequest,
    columns?: ReadonlySet<ScanResultColumn>,
  ): Promise<Page<ScanResult>>;
  /** Those that exist, in no particular order. @param columns as of a page */
  byIds(ids: readonly string[], columns?: ReadonlySet<ScanResultColumn>): Promise<ScanResult[]>;
  /** The newest rows, oldest of them first. */
  newest(limit: number): Promise<ScanResult[]>;
}

/** Columns that orders by a metric run along. */
const VALUE_COLUMNS: Readonly<Record<Exclude<ScanResultOrderField, 'DETECTED_AT'>, { column: string; metric: 'score' | 'returnOnRisk' }>> =
  {
    SCORE: { column: 'score', metric: 'score' },
    RETURN_ON_RISK: { column: 'return_on_risk', metric: 'returnOnRisk' },
  };

/** What PostgreSQL reads in the form that dates are sent in. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * A page is looked for this near to its cursor first, and in all chunks only when that is not enough: PostgreSQL takes longer to plan for many chunks than to read a
 * page from one. As much as a chunk holds, so it is two of them at most.
 */
const PAGE_WINDOW_MS = timeSeriesTable('scan_results').chunkMs;

export function createScanResultStore({ sql }: { sql: Sql }): ScanResultStore {
  const isWorthPreparing = createWorthPreparing();
  const select = async (
    condition: string,
    order: string,
    parameters: SqlParameters,
    reading: ScanResultReading = WHOLE_SCAN_RESULT,
  ): Promise<ScanResult[]> => {
    const text = reading.statement(`where ${condition} ${order}`);
    return reading.rows(await sql.unsafe(text, parameters.values as never[], { prepare: isWorthPreparing(text) }).values());
  };

  const selectByIds = (
    ids: readonly string[],
    near: DetectedRange | null,
    reading: ScanResultReading | undefined,
  ): Promise<ScanResult[]> => {
    const parameters = createSqlParameters();
    const conditions = [`id = any(${parameters.add(ids, 'uuid[]')})`];
    if (near !== null) {
      const [from, to] = [near.fromMs, near.toMs].map((ms) => parameters.add(new Date(ms), 'timestamptz'));
      conditions.push(`detected_at between ${from} and ${to}`);
    }
    return select(conditions.join(' and '), '', parameters, reading);
  };

  /** @param windowMs only rows that lie as near to the cursor; null: all */
  const selectPage = (
    query: ScanResultQuery,
    order: ScanResultOrder,
    request: PageRequest,
    reading: ScanResultReading | undefined,
    windowMs: number | null,
  ): Promise<ScanResult[]> => {
    const parameters = createSqlParameters();
    const conditions = scanResultConditions(query, parameters);
    const descending = (order.direction === 'DESC') === (request.direction === 'forward');
    const keys = order.field === 'DETECTED_AT' ? ['detected_at', 'sequence'] : [VALUE_COLUMNS[order.field].column, 'sequence'];
    if (order.field !== 'DETECTED_AT') conditions.push(`${keys[0]} is not null`);
    if (request.cursor !== null) {
      const [key, sequence] = cursorParameters(order, request.cursor, parameters);
      conditions.push(`(${keys.join(', ')}) ${descending ? '<' : '>'} (${key}, ${sequence})`);
      // The bare comparison of the time besides the pair is what chunks are chosen by.
      if (order.field === 'DETECTED_AT') conditions.push(`detected_at ${descending ? '<=' : '>='} ${key}`);
      if (windowMs !== null) {
        const { atMs } = decodePosition(scanResultStream.name, request.cursor);
        const edge = parameters.add(new Date(descending ? atMs - windowMs : Math.min(atMs + windowMs, LATEST_MS)), 'timestamptz');
        conditions.push(`detected_at ${descending ? '>=' : '<='} ${edge}`);
      }
    }
    const direction = descending ? 'desc' : 'asc';
    const orderBy = `order by ${keys.map((key) => `${key} ${direction}`).join(', ')} limit ${parameters.add(request.limit + 1, 'int')}`;
    return select(conditions.join(' and '), orderBy, parameters, reading);
  };

  return {
    async page(query, order, request, columns) {
      const reading =
        columns && scanResultReading(order.field === 'DETECTED_AT' ? columns : new Set([...columns, VALUE_COLUMNS[order.field].metric]));
      if (order.field === 'DETECTED_AT' && request.cursor !== null) {
        const near = await selectPage(query, order, request, reading, PAGE_WINDOW_MS);
        if (near.length > request.limit) return pageOf(near, request);
      }
      return pageOf(await selectPage(query, order, request, reading, null), request);
    },

    async byIds(ids, columns) {
      const wanted = [...new Set(ids)];
      const reading = columns && scanResultReading(columns);
      // Looked for in all chunks only where the id does not tell in which, or tells wrongly.
      const near = detectedNear(wanted);
      const found = near === null ? [] : await selectByIds(wanted, near, reading);
      if (found.length === wanted.length) return found;
      const known = new Set(found.map(({ id }) => id));
      const missing = wanted.filter((id) => !known.has(id));
      return [...found, ...(await selectByIds(missing, null, reading))];
    },

    async newest(limit) {
      const parameters = createSqlParameters();
      const rows = await select('true', `order by detected_at desc, sequence desc limit ${parameters.add(limit, 'int')}`, parameters);
      return rows.reverse();
    },
  };
}

/** The cursor of a row in a page of this order. */
export function scanResultCursor(row: ScanResult, order: ScanResultOrder): string {
  if (order.field === 'DETECTED_AT') {
    return row instanceof HeldResult
      ? row.cursor
      : encodePosition(scanResultStream.name, { atMs: row.detectedAtMs, sequence: row.sequence });
  }
  const { metric } = VALUE_COLUMNS[order.field];
  const value = row.metrics[metric];
  return encodeValuePosition(metric, { value: value ?? Number.NEGATIVE_INFINITY, sequence: row.sequence });
}

/** Placeholders of the key and the number. */
function cursorParameters(order: ScanResultOrder, cursor: string, parameters: SqlParameters): [string, string] {
  if (order.field === 'DETECTED_AT') {
    const { atMs, sequence } = decodePosition(scanResultStream.name, cursor);
    return [parameters.add(new Date(atMs), 'timestamptz'), parameters.add(sequence, 'bigint')];
  }
  const { value, sequence } = decodeValuePosition(VALUE_COLUMNS[order.field].metric, cursor);
  return [parameters.add(value, 'float8'), parameters.add(sequence, 'bigint')];
}
