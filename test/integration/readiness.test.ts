import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HeldLock, holdLock } from '../support/hold-lock.ts';
import { requestScan } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

let database: TestDatabase;
let proxy: TcpProxy;
let app: TestApp;
let lock: HeldLock | null = null;

beforeEach(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  app = await startTestApp({ databaseUrl: url.href, env: { DATABASE_POOL_SIZE: '1' } });
});

afterEach(async () => {
  await lock?.release();
  lock = null;
  await app.stop();
  proxy.close();
  await database.drop();
});

async function ready(): Promise<{ status: number; database: { ok: boolean; detail: string } }> {
  const response = await fetch(`${app.origin}/ready`);
  const { checks } = (await response.json()) as { checks: { database: { ok: boolean; detail: string } } };
  return { status: response.status, database: checks.database };
}

describe('/ready', () => {
  it('answers while the database hangs: first what was last known, then that it is away, and well again when it is back', async () => {
    // A busy database may not answer the first time before what is known is told.
    await vi.waitFor(async () => expect(await ready()).toEqual({ status: 200, database: { ok: true, detail: 'external' } }));
    proxy.pause();
    const answers = await Promise.all(Array.from({ length: 20 }, ready));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ status: 200, database: { ok: true, detail: 'external, no answer for 500 ms' } })]),
    );
    await vi.waitFor(async () => expect((await ready()).status).toBe(503));
    expect((await ready()).database.ok).toBe(false);
    proxy.resume();
    await vi.waitFor(async () => expect((await ready()).status).toBe(200));
  });
});

describe('a page that waits', () => {
  it('holds up neither results nor /ready', async () => {
    lock = await holdLock(database.url, 'lock table underlyings in access exclusive mode');
    const pages = Array.from({ length: 5 }, () => app.ask('{ underlyings { edges { cursor } } }'));
    await vi.waitFor(async () => expect(await waitingStatements(database.url)).toContainEqual(expect.stringContaining('underlyings')));
    await vi.waitFor(async () => expect((await ready()).status).toBe(200));
    await lock.release();
    lock = null;
    for (const page of pages) expect((await page).errors).toBeUndefined();
  });

  it('is on another connection than the results that are written', async () => {
    // Everybody may read it, nobody may write to it.
    lock = await holdLock(database.url, 'lock table scan_results in share mode');
    await requestScan(app, ['AAA']);
    await vi.waitFor(async () => expect(await waitingStatements(database.url, 'strikewire writing')).not.toEqual([]));
    expect(await waitingStatements(database.url, 'strikewire queries')).toEqual([]);
    expect((await app.ask('{ scanResults { edges { cursor } } }')).errors).toBeUndefined();
  });
});
