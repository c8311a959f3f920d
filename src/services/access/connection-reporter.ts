import type { Logger } from 'pino';
import { connectionOfSession } from './connection-of-session.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { Session, SessionUsage } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What has changed is written this often at most. */
const INTERVAL_MS = 1_000;
/** A third of the time after which a process counts as silent. */
const HEARTBEAT_INTERVAL_MS = 5_000;
const CLEANING_INTERVAL_MS = 60_000;
/** Sessions whose backlog and bytes are looked at in one interval: some hundred microseconds. With more of them each has its turn later. */
const LOOKS = 500;
/** A connection that was sent less than this since does not need to be told of: pings alone would otherwise keep everybody writing. */
const TOLD_BYTES = 1_024;
/** Of one statement. */
const BATCH_ROWS = 1_000;

/** Keeps the rows of this process in the list of all connections up to date, by what differs from what was written last. */
export interface ConnectionReporter {
  /** A session was opened, renewed or closed, or runs another number of subscriptions. */
  changed(session: Session): void;
  start(): void;
  /** Writes what has changed so far, backlogs and bytes aside. */
  flush(): Promise<void>;
  /** Takes the rows of this process off the list. */
  stop(): Promise<void>;
}

export interface ConnectionReporterDeps {
  readonly store: Omit<ConnectionStore, 'byIds' | 'page'>;
  readonly sessions: () => Pick<Sessions, 'all'>;
  readonly processId: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
}

export function createConnectionReporter({ store, sessions, processId, now, log }: ConnectionReporterDeps): ConnectionReporter {
  let changed = new Set<Session>();
  /** What was last written of each session. */
  const told = new Map<string, SessionUsage>();
  let toLookAt: Iterator<Session> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let beatAt = Number.NEGATIVE_INFINITY;
  let cleanedAt = now();
  let isFailing = false;

  /** Adds those of the next sessions in turn whose usage has changed. */
  function look(): void {
    for (let looks = 0; looks < LOOKS; looks++) {
      toLookAt ??= sessions().all()[Symbol.iterator]();
      const { done, value } = toLookAt.next();
      if (done) {
        toLookAt = null;
        return;
      }
      const known = told.get(value.id);
      if (known && isWorthTelling(known, value.usage())) changed.add(value);
    }
  }

  async function beat(): Promise<void> {
    if (now() - beatAt < HEARTBEAT_INTERVAL_MS) return;
    const isNew = await store.beat();
    beatAt = now();
    // The database has crashed, or has forgotten this process after a long silence.
    if (isNew && told.size > 0) for (const session of sessions().all()) changed.add(session);
    if (now() - cleanedAt < CLEANING_INTERVAL_MS) return;
    await store.removeSilent();
    cleanedAt = now();
  }

  async function write(): Promise<void> {
    if (changed.size === 0 && told.size === 0) return;
    await beat();
    const taken = changed;
    changed = new Set();
    try {
      const open: Session[] = [];
      const closed: string[] = [];
      for (const session of taken) {
        if (session.isOpen) open.push(session);
        else closed.push(session.id);
      }
      for (let from = 0; from < open.length; from += BATCH_ROWS) await save(open.slice(from, from + BATCH_ROWS));
      if (closed.length > 0) await store.remove(closed);
      for (const id of closed) told.delete(id);
    } catch (error) {
      for (const session of taken) changed.add(session);
      throw error;
    }
  }

  async function save(batch: readonly Session[]): Promise<void> {
    const connections = batch.map((session) => connectionOfSession(session, processId));
    await store.save(connections);
    for (const { id, backlogRows, backlogBytes, missed, sentBytes } of connections)
      told.set(id, { backlogRows, backlogBytes, missed, sentBytes });
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => {}).then(write);
    return writing;
  }

  async function tick(): Promise<void> {
    look();
    try {
      await flush();
      if (isFailing) log.info('the list of connections can be written again');
      isFailing = false;
    } catch (error) {
      // The rows may be gone as well as those of another process.
      beatAt = Number.NEGATIVE_INFINITY;
      if (!isFailing) log.warn({ err: error }, 'the list of connections could not be written, trying again');
      isFailing = true;
    }
    if (timer) timer = setTimeout(() => void tick(), INTERVAL_MS).unref();
  }

  return {
    changed: (session) => void changed.add(session),
    start() {
      timer = setTimeout(() => void tick(), INTERVAL_MS).unref();
    },
    flush,
    async stop() {
      if (timer) clearTimeout(timer);
      timer = null;
      await writing.catch(() => {});
      if (told.size === 0 && beatAt === Number.NEGATIVE_INFINITY) return;
      await store
        .leave()
        .catch((error: unknown) => log.warn({ err: error }, 'the connections of this process could not be taken off the list'));
    },
  };
}

function isWorthTelling(known: SessionUsage, { backlogRows, backlogBytes, missed, sentBytes }: SessionUsage): boolean {
  return (
    backlogRows !== known.backlogRows ||
    missed !== known.missed ||
    sentBytes - known.sentBytes >= TOLD_BYTES ||
    Math.abs(backlogBytes - known.backlogBytes) >= TOLD_BYTES
  );
}
