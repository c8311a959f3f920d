import type { AlertEvent } from '../../domain/alerts/alert-event.ts';
import type { StoredStream, StreamRow } from '../stream-log/stream-definition.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';

/** An event, and the place of its row in its stream; its moment is when it is evaluated. */
export interface PlacedEvent {
  readonly event: AlertEvent;
  readonly position: StreamPosition;
}

export interface EventBatch {
  /** In the order of their rows. */
  readonly events: readonly PlacedEvent[];
  /** Behind the last row of the batch. */
  readonly position: StreamPosition;
  readonly hasMore: boolean;
}

/** A durable stream as rules read it. */
export interface EventSource {
  /** Of the stream. */
  readonly name: string;
  /** Calls when there may be new rows. Returns the end of listening. */
  onRows(handler: () => void): () => void;
  read(after: StreamPosition): Promise<EventBatch>;
}

export interface EventSourceDeps<Row extends StreamRow> {
  readonly stream: StoredStream<Row>;
  readonly streamLog: Pick<StreamLog, 'read'>;
  readonly follower: Pick<StreamFollower<Row>, 'follow' | 'position' | 'keptAfter'>;
  readonly toEvents: (rows: readonly Row[]) => Promise<readonly (readonly AlertEvent[])[]>;
}

/** Rows in one batch: a few milliseconds of work. */
const BATCH_ROWS = 100;

/** @param deps.toEvents the events of each row, in the order of the rows */
export function createEventSource<Row extends StreamRow>({ stream, streamLog, follower, toEvents }: EventSourceDeps<Row>): EventSource {
  return {
    name: stream.name,
    onRows: (handler) => follower.follow(handler),
    async read(after) {
      const kept = follower.keptAfter(after);
      const rows = kept ? kept.slice(0, BATCH_ROWS) : await streamLog.read(stream, after, BATCH_ROWS);
      if (rows.length === 0) return { events: [], position: after, hasMore: false };
      const position = stream.position(rows.at(-1)!);
      const events = (await toEvents(rows)).flatMap((ofRow, index) => {
        const place = stream.position(rows[index]!);
        return ofRow.map((event) => ({ event, position: place }));
      });
      return { events, position, hasMore: position.sequence < follower.position().sequence };
    },
  };
}
