import { randomUUID } from 'node:crypto';
import { chown, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

const ATTEMPTS = 5;

/**
 * One supervisor per data directory. The lock of a dead process is taken over. PostgreSQL has a lock of its own (postmaster.pid); this one tells a server that
 * lost its supervisor, which we may stop, from one that has a living one, which we must not touch.
 * @throws DataDirectoryInUseError naming the process that has it.
 */
export async function acquireSupervisorLock({ dataDirectory, processId, processes }: SupervisorLockDeps): Promise<SupervisorLock> {
  const path = join(dataDirectory, 'supervisor.lock');
  const holder: Holder = { pid: processId, startMark: await processes.startMark(processId), token: randomUUID() };
  const draft = `${path}.${holder.token}`;
  // Written aside and linked: the lock never exists without its content, whenever we are killed.
  await writeFile(draft, JSON.stringify(holder), { mode: 0o644 });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (await tryLink(draft, path)) break;
      await removeIfDead(path, dataDirectory, processes);
      if (attempt === ATTEMPTS) throw inUse(dataDirectory, 'several others that are starting');
    }
    const winner = await readHolder(path);
    if (winner?.token !== holder.token) throw inUse(dataDirectory, `process ${winner?.pid}`);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    giveTo: (uid, gid) => chown(path, uid, gid),
    release: async () => {
      if ((await readHolder(path))?.token === holder.token) await rm(path, { force: true });
    },
  };
}

async function removeIfDead(path: string, dataDirectory: string, processes: Pick<ProcessTable, 'startMark'>): Promise<void> {
  const seen = await readHolder(path);
  if (seen) {
    const startMark = await processes.startMark(seen.pid);
    if (startMark !== null && startMark === seen.startMark) throw inUse(dataDirectory, `process ${seen.pid}`);
  }
  // Moved before it is removed: if another starter replaced it since we read it, we put that one's lock back.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && moved.token !== seen?.token) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    // Absent, or cut short by a power loss.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
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
