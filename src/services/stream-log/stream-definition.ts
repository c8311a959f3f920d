import type { Sql, Transaction } from '../../db/client.ts';
import type { StreamPosition } from './stream-position.ts';

/** What every row of a stream carries besides its content. */
export interface StreamRow {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
}

/** What readers need to know of a stream. */
export interface StoredStream<Row extends StreamRow> {
  /** Key in stream_heads and name on the bus, e.g. `scan-results`. */
  readonly name: string;
  position(row: Row): StreamPosition;
  /** Rows behind `after`, in order; at most `limit`. */
  select(sql: Sql, after: StreamPosition, limit: number): Promise<Row[]>;
}

/** How one kind of rows lives in its table. Draft: a row before it has a number. */
export interface StreamDefinition<Draft, Row extends StreamRow> extends StoredStream<Row> {
  toRow(draft: Draft, sequence: number, atMs: number): Row;
  /** Does what can be done before the numbers are known, so that the head of the stream is held for a shorter time. Optional to call; left out: there is nothing. */
  readonly prepare?: (drafts: readonly Draft[]) => void;
  /**
   * What is to be stored of the drafts, and as what, decided while the head of the stream is held: nobody else stores anything between this and `insert`. For streams
   * whose rows may contradict what another process has stored; without it all are stored as they are.
   */
  readonly admit?: (transaction: Transaction, drafts: readonly Draft[]) => Promise<readonly Draft[]>;
  /** Inserts the rows, made of these drafts, inside the transaction that took their numbers. */
  insert(transaction: Transaction, rows: readonly Row[], drafts: readonly Draft[]): Promise<void>;
}
