import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrateWhenReachable } from '../../src/db/migrate-when-reachable.ts';
import { type HeldLock, holdLock } from '../support/hold-lock.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** As in src/db/migrate.ts. */
const MIGRATION_LOCK = 'select pg_advisory_xact_lock(5349001)';
const FILTERS_LOCK = 'lock table filters in access exclusive mode';
/** Compiles all of the server's source first, which takes a busy machine a minute. */
const STARTS = { timeout: 100_000, interval: 10 };
/** Makes SIGUSR2 an error that nobody catches. */
const UNCAUGHT_ON_SIGUSR2 = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('nobody catches this')})";

interface RunningServer {
  readonly process: ChildProcess;
  /** Code or signal it ended with. */
  readonly ended: Promise<number | string | null>;
  logged(message: string): Promise<void>;
}

let database: TestDatabase;
let lock: HeldLock | null = null;
let server: RunningServer | null = null;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  server?.process.kill('SIGKILL');
  await server?.ended;
  server = null;
  await lock?.release();
  lock = null;
  await database.drop();
});

function start(env: Record<string, string> = {}): RunningServer {
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', UNCAUGHT_ON_SIGUSR2, MAIN], {
    env: { ...process.env, DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  server = {
    process: child,
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal))),
    logged: (message) => vi.waitFor(() => expect(output).toContain(`"msg":"${message}`), STARTS),
  };
  return server;
}

describe('a server that waits for the database while it starts', () => {
  it('stops cleanly at SIGTERM while another process migrates', async () => {
    lock = await holdLock(database.url, MIGRATION_LOCK);
    const { process: child, ended, logged } = start();
    await logged('another process migrates the database');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('stops at SIGTERM within its time when a query never ends, and says that it was not clean', async () => {
    lock = await holdLock(database.url, FILTERS_LOCK);
    const { process: child, ended, logged } = start({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000', SHUTDOWN_TIMEOUT_MS: '100' });
    await hangsAtFilters();
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    await logged('the stop takes too long');
  });

  it('ends with 1 after an uncaught error', async () => {
    lock = await holdLock(database.url, MIGRATION_LOCK);
    const { process: child, ended, logged } = start();
    await logged('another process migrates the database');
    child.kill('SIGUSR2');
    expect(await ended).toBe(1);
  });
});

describe('an uncaught error', () => {
  it('while the server stops makes the exit code 1', async () => {
    lock = await holdLock(database.url, FILTERS_LOCK);
    const { process: child, ended, logged } = start();
    await hangsAtFilters();
    child.kill('SIGTERM');
    await logged('stopping');
    child.kill('SIGUSR2');
    await logged('uncaught error');
    await lock.release();
    lock = null;
    expect(await ended).toBe(1);
  });

  it('while the server runs makes the exit code 1, also when SIGTERM follows', async () => {
    const { process: child, ended, logged } = start({ SCANNER_AUTOSTART: 'false' });
    await logged('started');
    child.kill('SIGUSR2');
    await logged('stopping');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });
});

describe('a migration that is given up', () => {
  const log = { info: vi.fn<() => void>(), warn: vi.fn<() => void>() };

  it('rejects with the reason while the lock is taken, and leaves no connection', async () => {
    lock = await holdLock(database.url, MIGRATION_LOCK);
    const giveUp = new AbortController();
    const migrated = migrateWhenReachable({ url: database.url, log: log as never, signal: giveUp.signal });
    await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1));
    giveUp.abort(new Error('given up'));
    await expect(migrated).rejects.toThrow('given up');
  });

  it('rejects with the reason while the server hangs', async () => {
    const url = new URL(database.url);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    try {
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      proxy.pause();
      const giveUp = new AbortController();
      const migrated = migrateWhenReachable({ url: url.href, log: log as never, signal: giveUp.signal });
      await vi.waitFor(() => expect(proxy.connections()).toBeGreaterThan(0));
      giveUp.abort(new Error('given up'));
      await expect(migrated).rejects.toThrow('given up');
    } finally {
      proxy.close();
    }
  });
});

/** Until the server waits for the lock on the table of filters. */
async function hangsAtFilters(): Promise<void> {
  await vi.waitFor(async () => expect(await waitingStatements(database.url)).toContainEqual(expect.stringMatching(/\bfilters\b/)), STARTS);
}
