import type { Sql, Transaction } from '../../db/client.ts';
import type { StoredStream, StreamDefinition, StreamRow } from './stream-definition.ts';
import { STREAM_START, type StreamPosition } from './stream-position.ts';

export interface StreamLog {
  /**
   * Gives each draft, or what the stream admits of them, the next number and inserts it, inside the caller's transaction. The head row stays locked until that transaction ends, so
   * numbers are handed out in commit order and a rollback leaves no gap: keep the transaction short. Times never go back along the numbers.
   */
  append<Draft, Row extends StreamRow>(
    transaction: Transaction,
    stream: StreamDefinition<Draft, Row>,
    drafts: readonly Draft[],
    nowMs: number,
  ): Promise<Row[]>;
  /** Committed rows behind `after`, in order. */
  read<Row extends StreamRow>(stream: StoredStream<Row>, after: StreamPosition, limit: number): Promise<Row[]>;
  /** The newest committed position. */
  head(streamName: string): Promise<StreamPosition>;
  /** The newest committed positions of all streams, by name. */
  heads(): Promise<ReadonlyMap<string, StreamPosition>>;
  /**
   * Lets time pass in streams: no row of a moment before `atMs` will be stored in them any more. Waits for those who are storing rows.
   * @returns by name, the heads, behind which all later rows come
   */
  reach(streamNames: readonly string[], atMs: number): Promise<ReadonlyMap<string, StreamPosition>>;
}

export function createStreamLog({ sql }: { sql: Sql }): StreamLog {
  return {
    async append(transaction, stream, drafts, nowMs) {
      const admitted = stream.admit && drafts.length > 0 ? await admit(transaction, stream, drafts) : drafts;
      if (admitted.length === 0) return [];
      const [head] = await transaction<{ lastSequence: number; lastAt: number }[]>`
        insert into stream_heads as head (stream, last_sequence, last_at)
        values (${stream.name}, ${admitted.length}, ${transaction.typed.timestamptz(nowMs)})
        on conflict (stream) do update
          set last_sequence = head.last_sequence + excluded.last_sequence, last_at = greatest(head.last_at, excluded.last_at)
        returning last_sequence as "lastSequence", last_at as "lastAt"`;
      if (!head) throw new Error(`expected a head of stream ${stream.name}, got none`);
      const first = head.lastSequence - admitted.length + 1;
      const rows = admitted.map((draft, index) => stream.toRow(draft, first + index, head.lastAt));
      await stream.insert(transaction, rows, admitted);
      return rows;
    },

    read: (stream, after, limit) => stream.select(sql, after, limit),

    async head(streamName) {
      const [head] = await sql<{ sequence: number; atMs: number }[]>`
        select last_sequence as "sequence", last_at as "atMs" from stream_heads where stream = ${streamName}`;
      return head ?? STREAM_START;
    },

    async heads() {
      const heads = await sql<NamedPosition[]>`
        select stream, last_sequence as "sequence", last_at as "atMs" from stream_heads`;
      return byName(heads);
    },

    async reach(streamNames, atMs) {
      // In order, as two may do it at once.
      const heads = await sql<NamedPosition[]>`
        insert into stream_heads as head (stream, last_sequence, last_at)
        select name, ${STREAM_START.sequence}::bigint, ${sql.typed.timestamptz(atMs)} from unnest(${[...streamNames].sort()}::text[]) as name
        on conflict (stream) do update set last_at = greatest(head.last_at, excluded.last_at)
        returning stream, last_sequence as "sequence", last_at as "atMs"`;
      return byName(heads);
    },
  };
}

interface NamedPosition extends StreamPosition {
  readonly stream: string;
}

function byName(heads: readonly NamedPosition[]): ReadonlyMap<string, StreamPosition> {
  return new Map(heads.map(({ stream, sequence, atMs }) => [stream, { sequence, atMs }]));
}

async function admit<Draft, Row extends StreamRow>(
  transaction: Transaction,
  stream: StreamDefinition<Draft, Row>,
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  await transaction`
    insert into stream_heads as head (stream, last_sequence, last_at)
    values (${stream.name}, ${STREAM_START.sequence}, ${transaction.typed.timestamptz(STREAM_START.atMs)})
    on conflict (stream) do update set last_sequence = head.last_sequence`;
  return stream.admit!(transaction, drafts);
}
