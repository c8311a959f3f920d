import type { Sql } from '../../db/client.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { estimateRows } from './estimate-rows.ts';

/** Which rows of a stream; what is left out: any. */
export interface StreamRowsQuery {
  readonly symbols?: readonly string[] | undefined;
  /** When they were stored, inclusive, epoch milliseconds. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly beforeMs?: number | undefined;
}

/** A stream as its table holds it, in the order it was stored. */
export interface StreamRows<Row> {
  /** At most `limit` rows behind a position; null: from the beginning. */
  read(query: StreamRowsQuery, after: StreamPosition | null, limit: number): Promise<Row[]>;
  estimate(query: StreamRowsQuery): Promise<number>;
}

export interface StreamRowsOptions {
  readonly table: string;
  /** Column of the time by which the stream is ordered, and partitioned. */
  readonly timeColumn: string;
  /** What is read, as a list for `select`. */
  readonly selection: string;
}

export function createStreamRows<Row extends object>(sql: Sql, { table, timeColumn, selection }: StreamRowsOptions): StreamRows<Row> {
  function conditionsOf({ symbols, fromMs, beforeMs }: StreamRowsQuery, parameters: SqlParameters): string[] {
    const conditions = ['true'];
    if (symbols) conditions.push(`symbol = any(${parameters.add(symbols, 'text[]')})`);
    if (fromMs !== undefined) conditions.push(`${timeColumn} >= ${parameters.add(new Date(fromMs), 'timestamptz')}`);
    if (beforeMs !== undefined) conditions.push(`${timeColumn} < ${parameters.add(new Date(beforeMs), 'timestamptz')}`);
    return conditions;
  }

  return {
    async read(query, after, limit) {
      const parameters = createSqlParameters();
      const conditions = conditionsOf(query, parameters);
      if (after) {
        const at = parameters.add(new Date(after.atMs), 'timestamptz');
        // The bare comparison of the time besides the pair is what partitions are chosen by.
        conditions.push(`${timeColumn} >= ${at} and (${timeColumn}, sequence) > (${at}, ${parameters.add(after.sequence, 'bigint')})`);
      }
      const text = `select ${selection} from ${table} where ${conditions.join(' and ')} order by ${timeColumn}, sequence limit ${parameters.add(limit, 'int')}`;
      return sql.unsafe<Row[]>(text, parameters.values as never[]);
    },
    estimate(query) {
      const parameters = createSqlParameters();
      return estimateRows(sql, table, conditionsOf(query, parameters), parameters);
    },
  };
}
