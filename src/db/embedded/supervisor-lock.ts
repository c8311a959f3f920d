import { randomUUID } from 'node:crypto';
import { chown, link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataDirectoryInUseError } from './embedded-postgres-errors.ts';
import type { ProcessTable } from './process-table.ts';

export interface SupervisorLock {
  /** Gives the lock file to the user the data belongs to. */
  giveTo(uid: number, gid: number): Promise<void>;
  release(): Promise<void>;
}

export interface SupervisorLockDeps {
  readonly dataDirectory: string;
  readonly processId: number;
  readonly processes: Pick<ProcessTable, 'startMark'>;
}

interface Holder {
  readonly pid: number;
  readonly startMark: string | null;
  /** Two supervisors of one process are two holders. */
  readonly token: string;
}

interface Chain {
  /** Null when nobody has taken the lock since it was released. */
  readonly last: Holder | null;
  /** The file that the next holder makes. */
  readonly next: string;
}

const NAME = 'supervisor.lock';
/** Every further attempt means that another starter came or went meanwhile. */
const ATTEMPTS = 50;

/**
 * One supervisor per data directory. The lock of a dead process is taken over. PostgreSQL has a lock of its own (postmaster.pid); this one tells a server that
 * lost its supervisor, which we may stop, from one that has a living one, which we must not touch.
 *
 * A dead holder's file is never removed by the one that succeeds it, since it may have been replaced between the look and the removal. The successor makes
 * the one file that bears the dead holder's token, which only one can, and then, as the holder, moves it in the place of the dead one's.
 * @throws DataDirectoryInUseError naming the process that has it.
 */
export async function acquireSupervisorLock({ dataDirectory, processId, processes }: SupervisorLockDeps): Promise<SupervisorLock> {
  const path = join(dataDirectory, NAME);
  const holder: Holder = { pid: processId, startMark: await processes.startMark(processId), token: randomUUID() };
  const draft = `${path}.draft-${holder.token}`;
  // Written aside and linked: the lock never exists without its content, whenever we are killed.
  await writeFile(draft, JSON.stringify(holder), { mode: 0o644 });
  try {
    const taken = await take(path, draft, holder, processes);
    if (taken !== path) await rename(taken, path);
  } finally {
    await rm(draft, { force: true });
  }
  await removeRemains(dataDirectory, processes);
  return {
    giveTo: (uid, gid) => chown(path, uid, gid),
    release: async () => {
      if ((await readHolder(path))?.token === holder.token) await rm(path, { force: true });
    },
  };
}

/** The file that makes us the holder. */
async function take(path: string, draft: string, holder: Holder, processes: SupervisorLockDeps['processes']): Promise<string> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { last, next } = await follow(path);
    if (last && (await isAlive(last, processes))) throw inUse(dirname(path), `process ${last.pid}`);
    if (!(await tryLink(draft, next))) continue;
    // What we followed may have been moved meanwhile; then ours hangs on nothing.
    if ((await follow(path)).last?.token === holder.token) return next;
    await rm(next, { force: true });
  }
  throw inUse(dirname(path), 'others that are starting');
}

/** From the first holder over those that succeeded it. */
async function follow(path: string): Promise<Chain> {
  let last: Holder | null = null;
  let next = path;
  for (;;) {
    const holder = await readHolder(next);
    if (!holder) return { last, next };
    last = holder;
    next = `${path}.after-${holder.token}`;
  }
}

/** Files of starters that died; under the lock. */
async function removeRemains(dataDirectory: string, processes: SupervisorLockDeps['processes']): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(`${NAME}.`)) continue;
    const holder = await readHolder(join(dataDirectory, name));
    if (holder && !(await isAlive(holder, processes))) await rm(join(dataDirectory, name), { force: true });
  }
}

async function isAlive({ pid, startMark }: Holder, processes: SupervisorLockDeps['processes']): Promise<boolean> {
  return startMark !== null && (await processes.startMark(pid)) === startMark;
}

/** Null when there is no file. One that was cut short by a power loss is that of a dead process. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0, startMark: null, token: 'broken' };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function inUse(dataDirectory: string, by: string): DataDirectoryInUseError {
  return new DataDirectoryInUseError(
    `expected the data directory ${dataDirectory} to be free, got one in use by ${by}: stop that server, or start this one in another data directory`,
  );
}
