import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessTable } from '../../../src/db/embedded/process-table.ts';

const PREFIX = 'strikewire-run-';
const processes = createProcessTable(process.platform);

/** A folder of this test run, that every user may pass. Those of runs that were killed are removed. */
export async function makeRunDirectory(): Promise<string> {
  await removeLeftovers();
  const path = join(tmpdir(), `${PREFIX}${process.pid}-${Date.now()}`);
  await mkdir(path, { mode: 0o711 });
  await writeFile(join(path, 'run.json'), JSON.stringify({ startMark: await processes.startMark(process.pid) }));
  return path;
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tmpdir(), name);
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    try {
      const { startMark } = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as { startMark: string | null };
      const isAlive = startMark !== null && (await processes.startMark(pid)) === startMark;
      if (!isAlive) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Being made at this moment, or of another user.
    }
  }
}
