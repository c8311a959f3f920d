import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { createLiveness, type Liveness } from '../../src/db/liveness.ts';
import { WRITE_CONNECTIONS } from '../../src/db/write-connections.ts';
import { type HeldLock, holdLock } from '../support/hold-lock.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const POOL_SIZE = 2;
/** Any number; as an exclusive lock of one and a wait for all others. */
const LOCK = 77;
/** The machine may be busy. */
const WAIT = { interval: 10 };

let testDatabase: TestDatabase;
let database: Database | null = null;
let lock: HeldLock | null = null;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
});

afterEach(async () => {
  await lock?.release();
  lock = null;
  await database?.close();
  database = null;
  await testDatabase.drop();
});

function open(statementTimeoutMs: number): Database {
  database = createDatabase({ url: testDatabase.url, poolSize: POOL_SIZE, statementTimeoutMs, applicationName: 'test' });
  return database;
}

/** Fills the connections that answer queries, and their queues, with statements that wait for the lock. */
function fillQueries({ sql, orm }: Database): Promise<unknown> {
  const statement = `select pg_advisory_xact_lock_shared(${LOCK})`;
  return Promise.all(Array.from({ length: POOL_SIZE * 3 }, () => [sql.unsafe(statement), orm.execute(statement)]).flat());
}

async function connections(): Promise<Record<string, number>> {
  const sql = postgres(testDatabase.url, { max: 1, connection: { application_name: 'observer' } });
  try {
    const rows = await sql<{ name: string; count: number }[]>`
      select application_name as name, count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name like 'test %' group by 1`;
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  } finally {
    await sql.end();
  }
}

describe('the database client', () => {
  it('writes and answers pings while every connection for queries is taken', async () => {
    lock = await holdLock(testDatabase.url, `select pg_advisory_xact_lock(${LOCK})`);
    const opened = open(3_600_000);
    const queries = fillQueries(opened);
    await vi.waitFor(async () => expect(await connections()).toMatchObject({ 'test queries': POOL_SIZE, 'test tables': POOL_SIZE }), WAIT);
    const written = await opened.writeSql.begin(
      (transaction) => transaction`insert into stream_heads (stream, last_sequence, last_at) values ('x', 1, now())`,
    );
    expect(written.count).toBe(1);
    await vi.waitFor(() => opened.ping(), WAIT);
    await lock.release();
    lock = null;
    await queries;
  });

  it('opens as many connections as the settings say, and no more', async () => {
    lock = await holdLock(testDatabase.url, `select pg_advisory_xact_lock(${LOCK})`);
    const opened = open(3_600_000);
    const statement = `select pg_advisory_xact_lock_shared(${LOCK})`;
    const writes = Array.from({ length: WRITE_CONNECTIONS * 3 }, () => opened.writeSql.unsafe(statement).execute());
    const queries = fillQueries(opened);
    await vi.waitFor(() => Promise.all([opened.ping(), opened.ping()]), WAIT);
    const all = { 'test queries': POOL_SIZE, 'test tables': POOL_SIZE, 'test writing': WRITE_CONNECTIONS, 'test readiness': 1 };
    await vi.waitFor(async () => expect(await connections()).toEqual(all), WAIT);
    await lock.release();
    lock = null;
    await Promise.all([queries, ...writes]);
    expect(await connections()).toEqual(all);
  });

  it.each(['sql', 'writeSql', 'orm'] as const)('cancels a statement that takes longer than allowed: %s', async (client) => {
    lock = await holdLock(testDatabase.url, `select pg_advisory_xact_lock(${LOCK})`);
    const opened = open(100);
    const statement = `select pg_advisory_xact_lock_shared(${LOCK})`;
    const waiting = client === 'orm' ? opened.orm.execute(statement) : opened[client].unsafe(statement);
    const error = await Promise.resolve(waiting).catch((reason: unknown) => reason as Error);
    // SQLSTATE query_canceled.
    expect((error as { code?: string }).code ?? (error as { cause?: { code?: string } }).cause?.code).toBe('57014');
  });
});

describe('a ping of a server that hangs', () => {
  let proxy: TcpProxy;
  let liveness: Liveness;

  beforeEach(async () => {
    const url = new URL(testDatabase.url);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    liveness = createLiveness({ url: url.href, applicationName: 'test readiness', timeoutMs: 1_000, giveUpMs: 5_000 });
  });

  afterEach(async () => {
    await liveness.close();
    proxy.close();
  });

  /** Until it does: a busy machine may take longer than a ping waits. */
  const answers = () => vi.waitFor(() => liveness.ping(), WAIT);

  it('is one for all who ask, over one connection, and ends in time', async () => {
    await answers();
    proxy.pause();
    const pings = Array.from({ length: 50 }, () => liveness.ping());
    expect(new Set(pings).size).toBe(1);
    await expect(pings[0]).rejects.toThrow('PostgreSQL did not answer within 1000 ms');
    await expect(liveness.ping()).rejects.toThrow('PostgreSQL did not answer within 1000 ms');
    expect(proxy.connections()).toBe(1);
    proxy.resume();
    await answers();
    expect(proxy.connections()).toBe(1);
  });

  it('gives a connection up that never answers, and finds the server over another', async () => {
    await answers();
    proxy.pause();
    const answer = async () => String(await liveness.ping().catch((error: unknown) => error));
    await vi.waitFor(async () => expect(await answer()).toContain('CONNECTION_DESTROYED'), WAIT);
    proxy.forget();
    await answers();
  });

  it('ends when it is closed', async () => {
    proxy.pause();
    const ping = liveness.ping().catch((error: unknown) => error);
    await vi.waitFor(() => expect(proxy.connections()).toBe(1), WAIT);
    await liveness.close();
    expect(await ping).toBeInstanceOf(Error);
    await expect(liveness.ping()).rejects.toThrow('closed');
  });
});
