import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { type HeldLock, holdLock } from '../support/hold-lock.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

const POOL_SIZE = 2;
const GRANTED_MS = 60_000;
/** Rollups read in the background, and would wait for the same locks. */
const QUIET = { ROLLUPS_INTERVAL_MS: '3600000' };
/** Through the client for hand-written SQL. */
const RESULTS = '{ scanResults(first: 1) { edges { node { id } } } }';
/** Through Drizzle. */
const UNDERLYING = '{ underlying(symbol: "AAA") { symbol } }';
const LOCK_RESULTS = 'lock table scan_results in access exclusive mode';
const LOCK_UNDERLYINGS = 'lock table underlyings in access exclusive mode';
/** The machine may be busy. */
const WAIT = { interval: 10 };

let database: TestDatabase;
let app: TestApp;
let lock: HeldLock | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { ...QUIET, DATABASE_POOL_SIZE: String(POOL_SIZE), DATABASE_STATEMENT_TIMEOUT_MS: String(GRANTED_MS) },
  });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(async () => {
  await lock?.release();
  lock = null;
});

/** Resolves with the number when as many statements wait for the lock. */
async function waiting(count: number): Promise<number> {
  await vi.waitFor(async () => expect(await waitingStatements(database.url)).toHaveLength(count), WAIT);
  return count;
}

/** Both pools answer on all of their connections. */
async function everythingAnswers(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: POOL_SIZE * 2 }, () => [app.ask(RESULTS), app.ask(UNDERLYING)]).flat());
  for (const { errors } of answers) expect(errors).toBeUndefined();
}

function post(query: string, controller: AbortController, headers: Record<string, string> = {}): Promise<unknown> {
  return fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  }).then(
    (response) => response.text(),
    (error: Error) => error.name,
  );
}

describe('a query whose client goes away', () => {
  describe.each([
    ['the client for SQL', RESULTS, LOCK_RESULTS],
    ['Drizzle', UNDERLYING, LOCK_UNDERLYINGS],
  ])('through %s', (_name, query, statement) => {
    it('ends in PostgreSQL over HTTP, whoever waits behind it', async () => {
      lock = await holdLock(database.url, statement);
      const controllers = Array.from({ length: POOL_SIZE * 3 }, () => new AbortController());
      const answers = controllers.map((controller) => post(query, controller));
      await waiting(POOL_SIZE);
      // In the order that leaves none for what waits for a connection.
      for (const controller of controllers.toReversed()) controller.abort();
      expect(await waiting(0)).toBe(0);
      expect(new Set(await Promise.all(answers))).toEqual(new Set(['AbortError']));
      await lock.release();
      await everythingAnswers();
    });

    it('lets the others go on', async () => {
      lock = await holdLock(database.url, statement);
      const gone = new AbortController();
      const aborted = post(query, gone);
      const other = app.ask(query);
      await waiting(2);
      gone.abort();
      await waiting(1);
      await aborted;
      await lock.release();
      expect((await other).errors).toBeUndefined();
    });
  });

  describe('over WebSocket', () => {
    let client: Client;

    beforeEach(() => {
      client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    });

    afterEach(async () => {
      await client.dispose();
      await nothingIsLeft(app);
    });

    function begin(query: string): () => void {
      return client.subscribe({ query }, { next: () => {}, error: () => {}, complete: () => {} });
    }

    it('ends in PostgreSQL when the client completes it', async () => {
      lock = await holdLock(database.url, LOCK_RESULTS);
      const ends = [begin(RESULTS), begin(RESULTS)];
      await waiting(2);
      ends[0]!();
      await waiting(1);
      ends[1]!();
      expect(await waiting(0)).toBe(0);
      await lock.release();
      await everythingAnswers();
    });

    it('ends in PostgreSQL when the socket is cut', async () => {
      lock = await holdLock(database.url, LOCK_RESULTS);
      begin(RESULTS);
      begin(RESULTS);
      await waiting(2);
      client.terminate();
      expect(await waiting(0)).toBe(0);
      await lock.release();
      await everythingAnswers();
    });
  });

  describe('over server-sent events', () => {
    const streams: EventStream[] = [];

    afterEach(() => {
      for (const { disconnect } of streams.splice(0)) disconnect();
    });

    it('ends in PostgreSQL when its own stream is closed', async () => {
      lock = await holdLock(database.url, LOCK_RESULTS);
      const controller = new AbortController();
      const answer = post(RESULTS, controller, { accept: 'text/event-stream' });
      await waiting(1);
      controller.abort();
      expect(await waiting(0)).toBe(0);
      await answer;
    });

    it('ends in PostgreSQL when it is completed, and when the stream that answers it is closed', async () => {
      const token = await (await fetch(`${app.origin}/graphql`, { method: 'PUT' })).text();
      const headers = { 'x-graphql-event-stream-token': token };
      const stream = await openEventStream(`${app.origin}/graphql`, { headers });
      streams.push(stream);
      const run = (operationId: string) =>
        fetch(`${app.origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query: RESULTS, extensions: { operationId } }),
        });
      lock = await holdLock(database.url, LOCK_RESULTS);
      const accepted = [run('one'), run('two')];
      await waiting(2);
      await fetch(`${app.origin}/graphql?operationId=one`, { method: 'DELETE', headers });
      await waiting(1);
      stream.disconnect();
      expect(await waiting(0)).toBe(0);
      for (const response of await Promise.all(accepted)) expect(response.status).toBe(202);
    });
  });

  it('is no error to be looked into', () => {
    expect(app.logs.filter(({ level }) => (level as number) >= 50)).toEqual([]);
  });
});

describe('a mutation whose client goes away', () => {
  it('is carried through', async () => {
    lock = await holdLock(database.url, 'lock table filters in access exclusive mode');
    const controller = new AbortController();
    const answer = post(
      'mutation { filterCreate(input: { name: "carried through", criteria: { symbols: { in: ["AAA"] } } }) { __typename } }',
      controller,
    );
    await waiting(1);
    controller.abort();
    expect(await answer).toBe('AbortError');
    await lock.release();
    await vi.waitFor(async () => {
      const { data } = await app.ask('{ filters(first: 100) { edges { node { name } } } }');
      expect(JSON.stringify(data)).toContain('carried through');
    }, WAIT);
  });
});

describe('the statement timeout of a role', () => {
  it('is reached with an error that says so', async () => {
    const limited = await startTestApp({
      databaseUrl: database.url,
      env: {
        ...QUIET,
        LIMITS_ROLES: JSON.stringify({ LOCAL: { statementTimeoutMs: 1_000 } }),
        DATABASE_STATEMENT_TIMEOUT_MS: String(GRANTED_MS),
      },
    });
    try {
      lock = await holdLock(database.url, `${LOCK_RESULTS}; ${LOCK_UNDERLYINGS}`);
      const message = 'expected a database statement that takes at most 1000 ms, got one that takes longer';
      const extensions = { code: 'TIMEOUT', timeoutMs: 1_000, requestId: expect.any(String) };
      expect(await limited.ask(RESULTS)).toMatchObject({ errors: [{ message, path: ['scanResults'], extensions }] });
      expect(await limited.ask(UNDERLYING)).toMatchObject({ errors: [{ message, path: ['underlying'], extensions }] });
      expect(await waiting(0)).toBe(0);
      await lock.release();
      expect((await limited.ask(RESULTS)).errors).toBeUndefined();
      expect(limited.logs.filter(({ level }) => (level as number) >= 50)).toEqual([]);
    } finally {
      expect(await limited.stop()).toBe(true);
    }
  });
});
