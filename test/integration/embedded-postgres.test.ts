import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataDirectoryInUseError, DataDirectoryUnusableError } from '../../src/db/embedded/embedded-postgres-errors.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/db/embedded/start-embedded-postgres.ts';
import type { UnexpectedExit } from '../../src/db/embedded/supervise-server.ts';
import { serverPid } from '../support/embedded/server-pid.ts';
import { logTo } from '../support/log-to.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let folder: TemporaryDirectory;
/** Initialised by the first test that starts it; every test leaves it usable and stopped. */
let dataDirectory: string;
let servers: EmbeddedPostgres[];

beforeAll(async () => {
  folder = await temporaryDirectory('embedded');
  dataDirectory = join(folder.path, 'postgres');
});

afterAll(() => folder.remove());

beforeEach(() => {
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop(1_000)));
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, disposable: true, log: pino({ level: 'silent' }), ...options });
  servers.push(server);
  return server;
}

async function query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

async function write(url: string): Promise<void> {
  await query(url, (sql) => sql`drop table if exists notes`);
  await query(url, (sql) => sql`create table notes as select 'kept' as note`);
}
const read = (url: string) => query(url, async (sql) => (await sql<{ note: string }[]>`select note from notes`)[0]?.note);

describe('embedded PostgreSQL', () => {
  it('keeps data, address and password over a stop and a start', async () => {
    const first = await start();
    expect(first.url).toContain(`@127.0.0.1:${first.port}/`);
    expect(first.version).toMatch(/^18\.\d+$/);
    await write(first.url);
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await read(second.url)).toBe('kept');
  });

  it('initialises durable data by default, in UTF-8 and UTC, with checksums', async () => {
    const { url } = await start({ disposable: false, dataDirectory: join(folder.path, '.strikewire', 'postgres') });
    const settings = await query(
      url,
      (sql) => sql`select current_setting('fsync') as fsync, current_setting('server_encoding') as encoding,
        current_setting('TimeZone') as zone, current_setting('data_checksums') as checksums, lower('ÄΩ') as lower`,
    );
    expect(settings[0]).toEqual({ fsync: 'on', encoding: 'UTF8', zone: 'UTC', checksums: 'on', lower: 'äω' });
  });

  it('lets nobody in without the password, keeps that to its owner, and logs the refusal as an error', async () => {
    const logs: { level: number; line?: string }[] = [];
    const { url } = await start({ log: logTo(logs) });
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, (sql) => sql`select 1`)).rejects.toThrow('password authentication failed');
    await vi.waitFor(() => expect(logs.filter(({ level }) => level === 50).map(({ line }) => line)).toHaveLength(1));
    expect(logs.find(({ level }) => level === 50)?.line).toContain('FATAL:  password authentication failed');
    expect(logs.some(({ level, line }) => level === 20 && line?.includes('ready to accept connections'))).toBe(true);
    expect((await stat(join(dataDirectory, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDirectory)).mode & 0o077).toBe(0);
  });

  it('moves to another port when a stranger has its own, and keeps the new one', async () => {
    const first = await start();
    await first.stop();
    const stranger = createServer().listen(first.port, '127.0.0.1');
    await once(stranger, 'listening');
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await second.stop();
    await new Promise((resolve) => stranger.close(resolve));
    expect((await start()).port).toBe(second.port);
  });

  it('refuses a second server on the same data and leaves the first alone', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(DataDirectoryInUseError);
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
    expect(await query(first.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it('stops by force when the server does not react, and recovers at the next start', async () => {
    const first = await start({ disposable: false });
    await write(first.url);
    const pid = await serverPid(dataDirectory);
    process.kill(pid, 'SIGSTOP');
    const stopping = first.stop(500);
    expect(first.stop()).toBe(stopping);
    await stopping;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    const second = await start({ disposable: false });
    expect(await read(second.url)).toBe('kept');
  });

  it('stops although a client keeps a transaction open', async () => {
    const server = await start();
    const sql = postgres(server.url, { max: 1 });
    await sql.reserve().then((connection) => connection`begin`);
    await server.stop();
    expect(await readdir(dataDirectory)).not.toContain('supervisor.lock');
    expect(await readdir(join(dataDirectory, 'cluster'))).not.toContain('postmaster.pid');
    await sql.end({ timeout: 0 });
  });
});

describe('embedded PostgreSQL after a crash of the server', () => {
  it('starts it again at the same address, and tells of the end, its log and the return', async () => {
    const server = await start({ restartBackoff: { firstMs: 1, longestMs: 10, healthyAfterMs: 60_000 } });
    await write(server.url);
    const exits: UnexpectedExit[] = [];
    server.onExit((exit) => exits.push(exit));
    const restarted = new Promise<void>((resolve) => server.onRestart(resolve));
    const pid = await serverPid(dataDirectory);
    process.kill(pid, 'SIGKILL');
    await restarted;
    expect(exits[0]).toMatchObject({ signal: 'SIGKILL', attempt: 1, restartInMs: 1 });
    expect(exits[0]!.logTail.join('\n')).toContain('database system is ready to accept connections');
    expect(await serverPid(dataDirectory)).not.toBe(pid);
    expect(await read(server.url)).toBe('kept');
  });

  it('can be stopped while it waits to start it again', async () => {
    const server = await start({ restartBackoff: { firstMs: 3_600_000, longestMs: 3_600_000, healthyAfterMs: 60_000 } });
    const exited = new Promise((resolve) => server.onExit(resolve));
    process.kill(await serverPid(dataDirectory), 'SIGKILL');
    await exited;
    await server.stop();
    expect(await readdir(dataDirectory)).not.toContain('supervisor.lock');
  });
});

describe('embedded PostgreSQL on a data directory with', () => {
  beforeEach(async () => {
    await (await start()).stop();
  });

  it.each([
    ['an empty pid file', () => ''],
    ['a pid file of something else', () => 'garbage\n'],
    ['the pid file of a process that is gone', (cluster: string) => `4194300\n${cluster}\n1700000000\n25432\n\n127.0.0.1\n`],
    [
      'a pid file that names a living process which is no PostgreSQL',
      (cluster: string) => `${process.pid}\n${cluster}\n1700000000\n25432\n\n127.0.0.1\n`,
    ],
  ])('%s: starts', async (_, content) => {
    const cluster = join(dataDirectory, 'cluster');
    await writeFile(join(cluster, 'postmaster.pid'), content(cluster));
    await chmod(join(cluster, 'postmaster.pid'), 0o666);
    const { url } = await start();
    expect(await query(url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it('a lock cut short by a power loss: starts', async () => {
    await writeFile(join(dataDirectory, 'supervisor.lock'), '{"pid":');
    await expect(start()).resolves.toBeDefined();
  });

  it('data of another version: says which', async () => {
    const file = join(dataDirectory, 'cluster', 'PG_VERSION');
    await writeFile(file, '17\n');
    const starting = start();
    await expect(starting).rejects.toThrow(DataDirectoryUnusableError);
    await expect(starting).rejects.toThrow(/expected data of PostgreSQL 18 .* got data of PostgreSQL 17/);
    await writeFile(file, '18\n');
    await expect(start()).resolves.toBeDefined();
  });

  it('a lost password: says so, and starts when it is back', async () => {
    const [password, aside] = [join(dataDirectory, 'password'), join(dataDirectory, 'aside')];
    await rename(password, aside);
    await expect(start()).rejects.toThrow('expected the password');
    await rename(aside, password);
    await expect(start()).resolves.toBeDefined();
  });

  it('a folder in the place of the data: leaves it alone', async () => {
    const other = join(folder.path, 'other');
    const letters = join(other, 'cluster', 'letters');
    await mkdir(letters, { recursive: true });
    await expect(start({ dataDirectory: other })).rejects.toThrow(DataDirectoryUnusableError);
    expect((await stat(letters)).isDirectory()).toBe(true);
    expect((await readdir(other)).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it.each([
    ['that names its data', (cluster: string) => ['-D', cluster], () => '/'],
    ['that runs in its data', () => ['-D', '.'], (cluster: string) => cluster],
  ])('a server of another program, %s: refuses and leaves it running', async (_, parameters, cwd) => {
    const cluster = join(dataDirectory, 'cluster');
    const stranger = await startLookalike(parameters(cluster), cwd(cluster));
    try {
      await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n`);
      await expect(start()).rejects.toThrow(`got process ${stranger.pid}, which another program started`);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      expect(await readFile(join(cluster, 'postmaster.pid'), 'utf8')).toContain(String(stranger.pid));
    } finally {
      stranger.kill('SIGKILL');
      await rm(join(cluster, 'postmaster.pid'));
    }
  });

  it('the pid file of a process whose id now belongs to the server of other data: starts and leaves that one running', async () => {
    const cluster = join(dataDirectory, 'cluster');
    const other = await startLookalike(['-D', `/elsewhere${cluster}`, '-c', 'cluster_name=strikewire'], '/');
    try {
      await writeFile(join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n`);
      await expect(start()).resolves.toBeDefined();
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
    }
  });
});

/** A living process with the command line of a PostgreSQL. */
async function startLookalike(parameters: string[], cwd: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...parameters], {
    argv0: 'postgres',
    stdio: 'ignore',
    cwd,
  });
  await once(child, 'spawn');
  return child;
}
