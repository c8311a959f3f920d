import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessTable } from '../../src/db/embedded/process-table.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';
import { serverPid } from '../support/embedded/server-pid.ts';
import { type Runner, startRunner } from '../support/embedded/start-runner.ts';
import { programInPath } from '../support/program-in-path.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const processes = createProcessTable(process.platform);
const setpriv = await programInPath('setpriv');
if (!setpriv) console.warn('skipped: that the kernel ends PostgreSQL with its parent needs setpriv of util-linux');

let folder: TemporaryDirectory;
/** Initialised by the first test that starts it. */
let dataDirectory: string;
let runner: Runner | null;
let server: EmbeddedPostgres | null;

beforeAll(async () => {
  folder = await temporaryDirectory('killed');
  dataDirectory = join(folder.path, 'postgres');
});

afterAll(() => folder.remove());

beforeEach(() => {
  runner = null;
  server = null;
});

afterEach(async () => {
  await runner?.kill('SIGKILL');
  await server?.stop(1_000);
});

async function runAndWrite(path?: string): Promise<{ url: string; pid: number }> {
  runner = startRunner({ dataDirectory, ...(path === undefined ? {} : { path }) });
  const answer = await runner.answer;
  if ('code' in answer) throw new Error(answer.message);
  const sql = postgres(answer.url, { max: 1, onnotice: () => {} });
  await sql`drop table if exists notes`;
  await sql`create table notes as select 'kept' as note`;
  await sql.end();
  return { url: answer.url, pid: await serverPid(dataDirectory) };
}

async function startAgain(directory = dataDirectory): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres({ dataDirectory: directory, disposable: true, log: pino({ level: 'silent' }) });
  return server;
}

async function readNote(url: string): Promise<string | undefined> {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ note: string }[]>`select note from notes`;
  await sql.end();
  return rows[0]?.note;
}

/** A folder whose initialisation has begun and not ended. One that ended before the kill came is of no use. */
async function cutInitialisation(): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const fresh = join(folder.path, `fresh-${attempt}`);
    runner = startRunner({ dataDirectory: fresh });
    let hasAnswered = false;
    const answered = () => {
      hasAnswered = true;
    };
    runner.answer.then(answered, answered);
    const seen = await vi.waitUntil(async () => ((await isBegun(fresh)) ? 'begun' : hasAnswered && 'over'), { interval: 2 });
    await runner.kill('SIGKILL');
    const isComplete = (await readdir(fresh)).includes('cluster');
    if (seen === 'begun' && !isComplete) return fresh;
    if (!isComplete) throw new Error('expected an initialisation, got none');
    await (await startAgain(fresh)).stop(1_000);
  }
}

async function isBegun(directory: string): Promise<boolean> {
  try {
    const unfinished = (await readdir(directory)).find((name) => /unfinished-[-\da-f]+$/.test(name));
    return (await readFile(join(directory, unfinished!, 'PG_VERSION'), 'utf8')) === '18\n';
  } catch {
    // Nothing is there yet.
    return false;
  }
}

const isGone = async (pid: number) => (await processes.startMark(pid)) === null;

describe('embedded PostgreSQL when the process that runs it is killed', () => {
  it.skipIf(!setpriv)('ends by itself, and the next start has its data at the same address', async () => {
    const { url, pid } = await runAndWrite();
    await runner!.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isGone(pid)).toBe(true));
    expect((await startAgain()).url).toBe(url);
    expect(await readNote(url)).toBe('kept');
  });

  it('recovers at once, without waiting for its end', async () => {
    const { url, pid } = await runAndWrite();
    await runner!.kill('SIGKILL');
    await startAgain();
    expect(await isGone(pid)).toBe(true);
    expect(await readNote(url)).toBe('kept');
  });

  it('recovers when the server is killed with it', async () => {
    const { url, pid } = await runAndWrite();
    const killed = runner!.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await killed;
    await startAgain();
    expect(await readNote(url)).toBe('kept');
  });

  it('stops the server that was left, where the kernel does not end it', async () => {
    const bare = await pathWithout('setpriv');
    const { url, pid } = await runAndWrite(bare);
    await runner!.kill('SIGKILL');
    expect(await isGone(pid)).toBe(false);
    await startAgain();
    expect(await isGone(pid)).toBe(true);
    expect(await readNote(url)).toBe('kept');
  });

  it('starts over when it was killed in the midst of the initialisation', async () => {
    const fresh = await cutInitialisation();
    const { url } = await startAgain(fresh);
    const sql = postgres(url, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
    expect((await readdir(fresh)).toSorted()).toEqual(['cluster', 'password', 'port', 'supervisor.lock']);
  });

  it('ends with it in order on SIGTERM', async () => {
    const { pid } = await runAndWrite();
    await runner!.kill('SIGTERM');
    expect(await isGone(pid)).toBe(true);
    expect(await readdir(dataDirectory)).not.toContain('supervisor.lock');
  });

  it('runs in a process group of its own, so that Ctrl-C in a terminal does not end it before us', async () => {
    const { url, pid } = await runAndWrite();
    expect(() => process.kill(-pid, 0)).not.toThrow();
    expect(await readNote(url)).toBe('kept');
  });
});

/** A folder with links to the programs the supervisor may use, but one. */
async function pathWithout(missing: string): Promise<string> {
  const path = join(folder.path, 'bin');
  await mkdir(path, { mode: 0o755 });
  for (const name of ['sh', 'unshare', 'setpriv', 'true'].filter((each) => each !== missing)) {
    const program = await programInPath(name);
    if (program) await symlink(program, join(path, name));
  }
  return path;
}
