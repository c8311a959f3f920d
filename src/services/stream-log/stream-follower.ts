import type { Logger } from 'pino';
import type { Bus, BusMessage } from '../bus/bus.ts';
import type { HeadPoller } from './head-poller.ts';
import type { StoredStream, StreamRow } from './stream-definition.ts';
import type { StreamLog } from './stream-log.ts';
import { STREAM_START, type StreamPosition } from './stream-position.ts';

/** Rows read at once when some are missing; those who follow them answer their subscribers at once. */
const PAGE_ROWS = 50;
/** With several writers messages overtake each other; what does not come by itself within this time is read from the database. */
const PATIENCE_MS = 30;
/** Messages that wait for an earlier one; more are dropped, because the database has them. */
const EARLY_ROWS = 10_000;

/** As many times the rows that are to be kept. */
const KEPT_BEFORE_CUT = 1.125;

/** Gives this process every committed row of a stream exactly once, in order, whichever process wrote it and however it got to know of it. */
export interface StreamFollower<Row> {
  /** Begins behind the newest row. @throws when the database cannot tell which that is. */
  start(): Promise<void>;
  /** Behind the newest row delivered. */
  position(): StreamPosition;
  /** The delivered rows behind a position, oldest first; null when some of them are no longer kept. */
  keptAfter(after: StreamPosition): readonly Row[] | null;
  /** The handler gets rows without gap or repetition; it must not throw. Returns the end of following. */
  follow(handler: (rows: readonly Row[]) => void): () => void;
  stop(): Promise<void>;
}

export interface StreamFollowerMetrics {
  /** Rows that came over the bus, or were read because they did not. */
  followed(stream: string, source: 'bus' | 'database', rows: number): void;
}

/** What readers of a row depend on may be in another stream, which this process may not have read as far yet. */
export interface RowPrecondition<Row> {
  /** Whether it is there for all of these rows: then nothing waits. */
  isMet(rows: readonly Row[]): boolean;
  /** Sees to it. @throws when it cannot now; tried again */
  meet(rows: readonly Row[]): Promise<void>;
}

export interface StreamFollowerDeps<Row extends StreamRow> {
  readonly stream: StoredStream<Row>;
  readonly streamLog: Pick<StreamLog, 'read' | 'head'>;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly log: Logger;
  readonly metrics: StreamFollowerMetrics;
  /** Looks at the head of the stream now and then, for rows the bus did not bring. */
  readonly heads: Pick<HeadPoller, 'watch'>;
  /** Newest rows kept in memory, for those who join a little behind. */
  readonly keptRows: number;
  /** What has to be known before rows are delivered; left out: nothing. */
  readonly precondition?: RowPrecondition<Row> | undefined;
}

export function createStreamFollower<Row extends StreamRow>(deps: StreamFollowerDeps<Row>): StreamFollower<Row> {
  const { stream, streamLog, bus, log, metrics, heads, keptRows, precondition } = deps;
  const handlers = new Set<(rows: readonly Row[]) => void>();
  const early = new Map<number, readonly Row[]>();
  let earlyRows = 0;
  let kept: Row[] = [];
  let position: StreamPosition = STREAM_START;
  let following = false;
  let unsubscribe = () => {};
  let unwatch = async () => {};
  let gapTimer: NodeJS.Timeout | null = null;
  let reading: Promise<void> | null = null;

  function deliver(rows: readonly Row[]): void {
    position = stream.position(rows.at(-1)!);
    kept.push(...rows);
    // Cut now and then: moving the rest for each row costs more than keeping a few rows too many.
    if (kept.length > keptRows * KEPT_BEFORE_CUT) kept = kept.slice(-keptRows);
    for (const handler of handlers) handler(rows);
  }

  /** Delivers what is new of these rows; false when rows before them are missing, or what they depend on is. */
  function take(rows: readonly Row[], source: 'bus' | 'database'): boolean {
    const known = position.sequence + 1 - rows[0]!.sequence;
    if (known < 0 || precondition?.isMet(rows) === false) return false;
    const fresh = known === 0 ? rows : rows.slice(known);
    if (fresh.length > 0) {
      metrics.followed(stream.name, source, fresh.length);
      deliver(fresh);
    }
    return true;
  }

  function takeEarly(): void {
    while (early.size > 0) {
      const rows = early.get(position.sequence + 1);
      if (!rows) {
        // What has been delivered from the database meanwhile is of no use any more.
        for (const [first, waiting] of early) if (first <= position.sequence) forget(first, waiting);
        return;
      }
      forget(position.sequence + 1, rows);
      // What cannot be taken is read again with what it depends on.
      if (!take(rows, 'bus')) readSoon();
    }
  }

  function forget(first: number, rows: readonly Row[]): void {
    early.delete(first);
    earlyRows -= rows.length;
  }

  function onMessage({ rows }: BusMessage): void {
    const received = rows as readonly Row[];
    if (!following || received.length === 0) return;
    if (take(received, 'bus')) {
      takeEarly();
      return;
    }
    if (earlyRows + received.length <= EARLY_ROWS && !early.has(received[0]!.sequence)) {
      early.set(received[0]!.sequence, received);
      earlyRows += received.length;
    }
    readSoon();
  }

  function readSoon(): void {
    if (gapTimer || reading || !following) return;
    gapTimer = setTimeout(() => {
      gapTimer = null;
      reading = readMissing()
        .catch((error: unknown) => {
          log.warn(
            { err: error, stream: stream.name },
            'missing rows of a stream could not be read, trying again at the next look at its head',
          );
        })
        .finally(() => {
          reading = null;
          if (early.size > 0) readSoon();
        });
    }, PATIENCE_MS);
  }

  async function readMissing(): Promise<void> {
    const head = await streamLog.head(stream.name);
    while (following && position.sequence < head.sequence) {
      const rows = await streamLog.read(stream, position, PAGE_ROWS);
      if (!following || rows.length === 0) return;
      await precondition?.meet(rows);
      if (!following) return;
      if (!take(rows, 'database')) {
        throw new Error(
          `expected row ${position.sequence + 1} of stream ${stream.name}, got ${rows[0]!.sequence}: the database lacks rows it has given out`,
        );
      }
      takeEarly();
    }
  }

  return {
    async start() {
      position = await streamLog.head(stream.name);
      following = true;
      unsubscribe = bus.subscribe(stream.name, onMessage);
      unwatch = heads.watch(stream.name, (head) => {
        if (head.sequence > position.sequence) readSoon();
      });
    },
    position: () => position,
    keptAfter(after) {
      const behind = position.sequence - after.sequence;
      if (behind <= 0) return [];
      return behind > kept.length ? null : kept.slice(kept.length - behind);
    },
    follow(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    async stop() {
      following = false;
      unsubscribe();
      if (gapTimer) clearTimeout(gapTimer);
      await Promise.all([unwatch(), reading]);
    },
  };
}
