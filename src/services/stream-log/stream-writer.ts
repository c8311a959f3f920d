import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { createPace } from '../scanner/pace.ts';
import type { StreamDefinition, StreamRow } from './stream-definition.ts';
import type { StreamLog } from './stream-log.ts';

/** Rows in one transaction: large enough that its fixed cost vanishes, small enough that the head row is held for milliseconds. */
const BATCH_ROWS = 1_000;
/** Rows between two looks at the time: twenty-five in one go were seen to take 13 ms while Node.js marked what is in use. */
const ENCODED_AT_ONCE = 5;
/** Those who read these rows answer their subscribers at once, in about a millisecond with twenty subscribers. */
const ANNOUNCED_AT_ONCE = 25;
/** One that is being stored, and one that is encoded meanwhile: more would only come later to those who wait for it, and take memory. */
const BACKLOG_BATCHES = 2;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** The driver does not fail while it tries to reconnect: a commit that takes longer than this counts as trouble. */
const SLOW_COMMIT_MS = 2_000;
/** Between two looks at whether what is waited for can be stored. */
const LOOK_INTERVAL_MS = 500;

/** What a writer needs to know of a row before it has a number. */
export interface IdentifiedDraft {
  /** UUID. */
  readonly id: string;
}

export interface StreamWriterDeps<Draft extends IdentifiedDraft, Row extends StreamRow> {
  readonly stream: StreamDefinition<Draft, Row>;
  /** The table of the stream; has the ids of its rows in a column `id`. */
  readonly table: string;
  readonly sql: Sql;
  readonly streamLog: StreamLog;
  readonly log: Logger;
  readonly clock: () => number;
  /** Uniform in [0, 1); spreads the retries of several processes. */
  readonly random: () => number;
  /** Most drafts held while the database is away. While it is there no more are taken over as soon as two batches wait. */
  readonly capacity: number;
  /** Called with committed rows, in commit order, a long batch in parts. */
  readonly onCommitted: (rows: readonly Row[]) => void;
  /** Rows in one transaction; left out: 1,000. */
  readonly batchRows?: number;
  /** The writer of what these rows name: what it has taken over before them is committed before them. Left out: they name nothing that is on its way. */
  readonly after?: Pick<StreamWriter<never>, 'accepted' | 'committed' | 'isHealthy'>;
  readonly slicer: EventLoopSlicer;
}

/** Appends to one durable stream: batches, retries, and nothing lost or doubled by a commit whose acknowledgement got lost. */
export interface StreamWriter<Draft> {
  /**
   * Takes the drafts over: once resolved they are held until they are committed. Waits while two batches wait to be stored, and while the database is away as soon as
   * the buffer is full, which slows the scanner down.
   * @throws the signal's reason when given up before they were taken over: then none of them was.
   */
  accept(drafts: readonly Draft[], signal: AbortSignal): Promise<void>;
  /** False from a write that failed or hangs until the next one that succeeds. */
  isHealthy(): boolean;
  /** Accepted and not yet committed. */
  pending(): number;
  /** How many drafts it has taken over since it began. */
  accepted(): number;
  /** Resolves when the first `count` it has taken over are committed; left out: all by now. @throws the signal's reason when it fires before */
  committed(signal: AbortSignal, count?: number): Promise<void>;
  /** Tries to commit what is pending, until the time is up; resolves with how many could not be committed. */
  stop(timeoutMs: number): Promise<number>;
}

export function createStreamWriter<Draft extends IdentifiedDraft, Row extends StreamRow>(
  deps: StreamWriterDeps<Draft, Row>,
): StreamWriter<Draft> {
  const { stream, table, sql, streamLog, log, clock, random, capacity, onCommitted, slicer, batchRows = BATCH_ROWS, after } = deps;
  const backlogRows = BACKLOG_BATCHES * batchRows;
  let queue: Draft[] = [];
  /** For each draft of the queue, how many the other writer had taken over before it. */
  let acceptedBefore: number[] = [];
  let writing: Promise<void> | null = null;
  let healthy = true;
  let stopped = false;
  let acceptedRows = 0;
  let committedRows = 0;
  const changed = new Set<() => void>();
  const stopping = new AbortController();

  function notify(): void {
    for (const resolve of changed) resolve();
    changed.clear();
  }

  /** Resolves at the next change of the queue or when the signal fires. */
  function nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        changed.delete(onChange);
        reject(signal.reason);
      };
      const onChange = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      changed.add(onChange);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Notes a failed or hanging write, once per outage. */
  function troubled(error: unknown): void {
    if (healthy) log.error({ err: error, stream: stream.name, pending: queue.length }, 'rows of a stream cannot be stored, holding them');
    healthy = false;
    // From now on the buffer is used.
    notify();
  }

  /** A batch that is larger than the buffer is taken when the buffer is empty: it could never fit otherwise. */
  function hasRoomFor(count: number): boolean {
    return queue.length === 0 || (queue.length + count <= capacity && (!healthy || queue.length < backlogRows));
  }

  /** @param stored called when the batch is in the database: telling of it may take longer than storing it */
  async function commit(batch: readonly Draft[], afterFailure: boolean, stored: () => void): Promise<void> {
    let rows: Row[] = [];
    await sql.begin(async (transaction) => {
      const known = afterFailure ? await committedIds(transaction, stream.name, table, batch) : null;
      const missing = known === null ? batch : batch.filter((draft) => !known.has(draft.id));
      rows = await streamLog.append(transaction, stream, missing, clock());
      // Already told to be lost: must not come true after the end.
      stopping.signal.throwIfAborted();
    });
    stored();
    // Rows whose commit was not acknowledged are not announced: readers see the jump in the numbers and read them from the database.
    await inParts(rows, ANNOUNCED_AT_ONCE, onCommitted);
  }

  async function encode(drafts: readonly Draft[]): Promise<void> {
    if (stream.prepare) await inParts(drafts, ENCODED_AT_ONCE, stream.prepare);
  }

  async function inParts<Item>(items: readonly Item[], atOnce: number, work: (part: readonly Item[]) => void): Promise<void> {
    const pace = createPace(slicer);
    for (let start = 0; start < items.length; start += atOnce) {
      // The first ones wait for nobody.
      if (start > 0 && !pace.hasTime()) await pace.turn();
      work(items.slice(start, start + atOnce));
    }
  }

  /** Resolves when what the first `count` of the queue name is stored. @throws when this writer gives up at its end */
  async function namedAreStored(count: number): Promise<void> {
    if (!after) return;
    const look = setInterval(() => {
      if (!after.isHealthy()) troubled(new Error('what these rows name cannot be stored'));
    }, LOOK_INTERVAL_MS);
    try {
      await after.committed(stopping.signal, acceptedBefore[count - 1]);
    } finally {
      clearInterval(look);
    }
  }

  async function writeAll(): Promise<void> {
    let failures = 0;
    /** Of the queue, from its beginning. */
    let encoded = 0;
    while (queue.length > 0) {
      const batch = queue.slice(0, batchRows);
      await encode(batch.slice(encoded));
      let slow: NodeJS.Timeout | undefined;
      try {
        await namedAreStored(batch.length);
        slow = setTimeout(() => troubled(new Error(`a commit takes longer than ${SLOW_COMMIT_MS} ms`)), SLOW_COMMIT_MS);
        const committing = commit(batch, failures > 0, () => clearTimeout(slow));
        // While PostgreSQL works on this batch, the next one is encoded.
        const next = queue.slice(batch.length, batch.length + batchRows);
        const encoding = encode(next);
        // Looked at when it is waited for.
        encoding.catch(() => {});
        await committing;
        if (!healthy) log.info({ stream: stream.name, pending: queue.length - batch.length }, 'rows of a stream are being stored again');
        failures = 0;
        healthy = true;
        queue = queue.slice(batch.length);
        acceptedBefore = acceptedBefore.slice(batch.length);
        committedRows += batch.length;
        notify();
        await encoding;
        encoded = next.length;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures++;
        encoded = batch.length;
        troubled(error);
        await pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.5 + random()), stopping.signal);
      } finally {
        clearTimeout(slow);
      }
    }
  }

  function startWriting(): void {
    writing ??= writeAll().finally(() => {
      writing = null;
      // What was accepted between the last look at the queue and now.
      if (queue.length > 0 && !stopping.signal.aborted) startWriting();
      notify();
    });
  }

  return {
    async accept(drafts, signal) {
      if (drafts.length === 0) return;
      while (!hasRoomFor(drafts.length)) await nextChange(signal);
      if (stopped) throw new Error(`the writer of stream ${stream.name} has been stopped`);
      queue.push(...drafts);
      if (after) {
        const before = after.accepted();
        acceptedBefore.push(...drafts.map(() => before));
      }
      acceptedRows += drafts.length;
      startWriting();
    },
    isHealthy: () => healthy,
    pending: () => queue.length,
    accepted: () => acceptedRows,
    async committed(signal, count = acceptedRows) {
      while (committedRows < count) await nextChange(signal);
    },
    async stop(timeoutMs) {
      stopped = true;
      const timer = setTimeout(() => stopping.abort(), timeoutMs);
      // A commit that hangs ends when the database's client is closed.
      await Promise.race([writing, aborted(stopping.signal)]);
      clearTimeout(timer);
      if (queue.length > 0) log.error({ stream: stream.name, lost: queue.length }, 'rows of a stream could not be stored before the end');
      return queue.length;
    },
  };
}

/** A commit whose acknowledgement was lost has happened all the same: what is already there must not be written twice. */
async function committedIds(
  sql: Pick<Sql, 'unsafe'>,
  stream: string,
  table: string,
  batch: readonly IdentifiedDraft[],
): Promise<Set<string>> {
  // The first commit may still be under way on the server: it holds the head until it is done.
  await sql.unsafe('select 1 from stream_heads where stream = $1 for update', [stream]);
  const rows = await sql.unsafe<{ id: string }[]>(`select id from ${table} where id = any($1::uuid[])`, [batch.map((draft) => draft.id)]);
  return new Set(rows.map((row) => row.id));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
