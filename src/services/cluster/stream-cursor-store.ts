import type { Sql, Transaction } from '../../db/client.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';

/** How far a consumer has come in each of the streams it works through. */
export interface StreamCursorStore {
  /** By stream; a stream it has not begun with is left out. */
  load(consumer: string): Promise<ReadonlyMap<string, StreamPosition>>;
  /** In the transaction of what the rows led to: so each row has its effect once. */
  save(transaction: Sql | Transaction, consumer: string, stream: string, position: StreamPosition): Promise<void>;
}

export function createStreamCursorStore({ sql }: { sql: Sql }): StreamCursorStore {
  return {
    async load(consumer) {
      const rows = await sql<{ stream: string; sequence: number; atMs: number }[]>`
        select stream, sequence, at as "atMs" from stream_positions where consumer = ${consumer}`;
      return new Map(rows.map(({ stream, sequence, atMs }) => [stream, { sequence, atMs }]));
    },
    async save(transaction, consumer, stream, { sequence, atMs }) {
      await transaction`
        insert into stream_positions as position (consumer, stream, sequence, at)
        values (${consumer}, ${stream}, ${sequence}, ${transaction.typed.timestamptz(atMs)})
        on conflict (consumer, stream) do update set sequence = excluded.sequence, at = excluded.at where excluded.sequence > position.sequence`;
    },
  };
}
