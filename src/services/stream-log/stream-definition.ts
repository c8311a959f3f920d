import type { Sql, Transaction } from '../../db/client.ts';
import type { StreamPosition } from './stream-position.ts';

/** What every row of a stream carries besides its content. */
export interface StreamRow {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
}

/** How one kind of rows lives in its table. Draft: a row before it has a number. */
export interface StreamDefinition<Draft, Row extends StreamRow> {
  /** Key in stream_heads and name on the bus, e.g. `scan-results`. */
  readonly name: string;
  toRow(draft: Draft, sequence: number, atMs: number): Row;
  position(row: Row): StreamPosition;
  /** Inserts the rows inside the transaction that took their numbers. */
  insert(transaction: Transaction, rows: readonly Row[]): Promise<void>;
  /** Rows behind `after`, in order; at most `limit`. */
  select(sql: Sql, after: StreamPosition, limit: number): Promise<Row[]>;
}
