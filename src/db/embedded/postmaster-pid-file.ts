import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** postmaster.pid of a data directory: the id of its server process, or why there is none in it. */
export async function readPostmasterPid(clusterDirectory: string): Promise<number | 'absent' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(join(clusterDirectory, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  const pid = Number(text.split('\n', 1)[0]);
  // Negative while a single-user backend runs, which is a process as well.
  return Number.isInteger(pid) && pid !== 0 ? Math.abs(pid) : 'unreadable';
}

export async function removePostmasterPid(clusterDirectory: string): Promise<void> {
  await rm(join(clusterDirectory, 'postmaster.pid'), { force: true });
}
