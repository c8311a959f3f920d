import { join } from 'node:path';
import { readPostmasterPid } from '../../../src/db/embedded/postmaster-pid-file.ts';

/** The process of the server that runs on a data directory. */
export async function serverPid(dataDirectory: string): Promise<number> {
  const pid = await readPostmasterPid(join(dataDirectory, 'cluster'));
  if (typeof pid !== 'number') throw new Error(`expected a server on ${dataDirectory}, got a pid file that is ${pid}`);
  return pid;
}
