import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Major version of the server that made a data directory; null when there is none. */
export async function clusterVersion(clusterDirectory: string): Promise<string | null> {
  try {
    return (await readFile(join(clusterDirectory, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
