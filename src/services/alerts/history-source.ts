import type { AlertEvent } from '../../domain/alerts/alert-event.ts';
import type { StoredStream, StreamRow } from '../stream-log/stream-definition.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';

export interface HistoryRow {
  readonly atMs: number;
  readonly events: readonly AlertEvent[];
}

/** The stored rows of a stream, page by page in the order of the stream. */
export interface HistorySource {
  readonly name: string;
  /** @returns the rows behind the position and before the moment; empty: that was all */
  page(after: StreamPosition, beforeMs: number): Promise<{ readonly rows: readonly HistoryRow[]; readonly position: StreamPosition }>;
}

export interface HistorySourceDeps<Row extends StreamRow> {
  readonly stream: StoredStream<Row>;
  readonly streamLog: Pick<StreamLog, 'read'>;
  /** The events of each row, in the order of the rows. */
  readonly toEvents: (rows: readonly Row[]) => Promise<readonly (readonly AlertEvent[])[]>;
}

/** Parsed within a few milliseconds. */
const PAGE_ROWS = 250;

export function createHistorySource<Row extends StreamRow>({ stream, streamLog, toEvents }: HistorySourceDeps<Row>): HistorySource {
  return {
    name: stream.name,
    async page(after, beforeMs) {
      const read = await streamLog.read(stream, after, PAGE_ROWS);
      const rows = read.filter((row) => stream.position(row).atMs < beforeMs);
      const last = rows.at(-1);
      if (!last) return { rows: [], position: after };
      const events = await toEvents(rows);
      return {
        rows: events.map((ofRow, index) => ({ atMs: stream.position(rows[index]!).atMs, events: ofRow })),
        position: stream.position(last),
      };
    },
  };
}
