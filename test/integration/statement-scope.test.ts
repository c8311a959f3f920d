import { type Client, createClient } from 'graphql-ws';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '../../src/db/client.ts';
import { createScopedSql } from '../../src/db/scoped-sql.ts';
import { createStatementCanceller } from '../../src/db/statement-canceller.ts';
import { StatementScope } from '../../src/db/statement-scope.ts';
import { WRITE_CONNECTIONS } from '../../src/db/write-connections.ts';
import { OperationCancelledError } from '../../src/domain/errors/operation-cancelled-error.ts';
import { StatementTimeoutError } from '../../src/domain/errors/statement-timeout-error.ts';
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
/** Options of the driver, of which it does not declare all. */
const ONE_AT_A_TIME = { max: 1, max_pipeline: 0, onnotice: () => {} };
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

describe('statements of a scope', () => {
  let scope: StatementScope | undefined;

  async function withDatabase(work: (own: ReturnType<typeof createDatabase>) => Promise<void>): Promise<void> {
    const own = createDatabase({
      url: database.url,
      poolSize: 1,
      statementTimeoutMs: GRANTED_MS,
      applicationName: 'scoped',
      currentScope: () => scope,
    });
    try {
      await work(own);
    } finally {
      scope = undefined;
      await own.close();
    }
  }

  it('have its timeout, those without a scope the own one', async () => {
    await withDatabase(async ({ sql, orm }) => {
      const read = async () => [
        (await sql`select current_setting('statement_timeout') as timeout`)[0],
        (await sql.unsafe(`select current_setting('statement_timeout') as timeout`))[0],
        (await orm.execute(`select current_setting('statement_timeout') as timeout`))[0],
      ];
      scope = new StatementScope(1_234);
      expect(await read()).toEqual(Array(3).fill({ timeout: '1234ms' }));
      scope = undefined;
      expect(await read()).toEqual(Array(3).fill({ timeout: '1min' }));
    });
  });

  it('are made of parts and read values like all others', async () => {
    await withDatabase(async ({ sql }) => {
      const read = async () => {
        const part = sql`where number > ${2}`;
        const names = ['number', 'at'];
        return [
          await sql`select ${sql(names)} from (select generate_series(1, 4)::int8 as number, to_timestamp(0) as at) as numbers ${part}`,
          await sql`select number from generate_series(1, 4) as number where number in ${sql([2, 3])}`.values(),
          await sql.unsafe('select $1::int8 as number, $2::timestamptz as at', [5, 6_000 as never]),
        ];
      };
      const unscoped = await read();
      scope = new StatementScope(5_000);
      expect(await read()).toEqual(unscoped);
      expect(unscoped).toEqual([
        [
          { number: 3, at: 0 },
          { number: 4, at: 0 },
        ],
        [[2], [3]],
        [{ number: 5, at: 6_000 }],
      ]);
    });
  });

  it('do not begin once it is cancelled, not even those that wait for a connection', async () => {
    await withDatabase(async ({ sql }) => {
      const cancelled = new StatementScope(GRANTED_MS);
      scope = cancelled;
      // The first is sent once the connection is there, the others behind it.
      const statements = Array.from({ length: 3 }, () => sql`select pg_sleep(60)`.then(null, (error: unknown) => error));
      await Promise.resolve();
      await Promise.resolve();
      cancelled.cancel();
      for (const error of await Promise.all(statements)) expect(error).toBeInstanceOf(OperationCancelledError);
      await expect(sql`select 1`).rejects.toThrow(OperationCancelledError);
      scope = new StatementScope(GRANTED_MS);
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
      scope = undefined;
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    });
  });

  it('that are read some rows at a time take no more of them once it is cancelled', async () => {
    await withDatabase(async ({ sql }) => {
      const cancelled = new StatementScope(GRANTED_MS);
      scope = cancelled;
      let taken = 0;
      const reading = sql`select generate_series(1, 100) as n`.cursor(2, async (rows) => {
        taken += rows.length;
        cancelled.cancel();
      });
      await expect(reading).rejects.toThrow(OperationCancelledError);
      expect(taken).toBe(2);
      scope = new StatementScope(GRANTED_MS);
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    });
  });

  it('may be about to be cancelled when the database is closed', async () => {
    for (let tried = 0; tried < 24; tried++) {
      await withDatabase(async ({ sql }) => {
        const cancelled = new StatementScope(GRANTED_MS);
        scope = cancelled;
        const reading = sql`select generate_series(1, 100) as n`.cursor(2, async () => {
          cancelled.cancel();
          // The connection to cancel over is at another point of its beginning each time.
          await new Promise((resolve) => setTimeout(resolve, tried / 2));
        });
        await expect(reading).rejects.toThrow(OperationCancelledError);
      });
    }
  });

  it('are cancelled although all that write are held up', async () => {
    await withDatabase(async ({ sql, writeSql }) => {
      lock = await holdLock(database.url, LOCK_RESULTS);
      const writing = Array.from({ length: WRITE_CONNECTIONS + 1 }, () => writeSql`select count(*) from scan_results`.execute());
      await waiting(WRITE_CONNECTIONS);
      const cancelled = new StatementScope(GRANTED_MS);
      scope = cancelled;
      const statement = sql`select count(*) from scan_results`.then(null, (error: unknown) => error);
      await waiting(WRITE_CONNECTIONS + 1);
      cancelled.cancel();
      expect(await statement).toBeInstanceOf(OperationCancelledError);
      await lock.release();
      await Promise.all(writing);
    });
  });

  it('go on when the one before on their connection was to be cancelled and had ended', async () => {
    const runs = postgres(database.url, { max: 1, onnotice: () => {} });
    const pool = postgres(database.url, ONE_AT_A_TIME);
    let isLookedFor = () => {};
    const lookedFor = new Promise<void>((resolve) => {
      isLookedFor = resolve;
    });
    let mayCancel = () => {};
    const held = new Promise<void>((resolve) => {
      mayCancel = resolve;
    });
    const toCancel: Promise<void>[] = [];
    const cancelling = createStatementCanceller(runs);
    const sql = createScopedSql({
      unscoped: pool,
      poolOf: () => pool,
      currentScope: () => scope,
      async runningSince(pid) {
        const since = await cancelling.runningSince(pid);
        isLookedFor();
        return since;
      },
      cancelBackend(pid, since) {
        const done = held.then(() => cancelling.cancelBackend(pid, since));
        toCancel.push(done);
        return done;
      },
    });
    try {
      await runs`create sequence runs`;
      const run = () => sql`select nextval('runs')::int as run, pg_sleep(0.5)`.then((rows) => rows[0]!.run as number);
      const gone = new StatementScope(GRANTED_MS);
      scope = gone;
      const first = run();
      await vi.waitFor(async () =>
        expect(await runs`select 1 from pg_stat_activity where query ~ 'nextval' and wait_event = 'PgSleep'`).toHaveLength(1),
      );
      gone.cancel();
      await lookedFor;
      scope = new StatementScope(GRANTED_MS);
      const second = run();
      expect(await first).toBe(1);
      // The second one runs, and has the same text.
      await vi.waitFor(async () => expect(await runs`select last_value::int as run from runs`).toEqual([{ run: 2 }]));
      mayCancel();
      await Promise.all(toCancel);
      expect(toCancel).toHaveLength(1);
      // It was not begun again.
      expect(await second).toBe(2);
    } finally {
      await runs`drop sequence if exists runs`;
      scope = undefined;
      await Promise.all([runs.end(), pool.end()]);
    }
  });

  it('that were cancelled in place of another are run again', async () => {
    await withDatabase(async ({ sql, writeSql }) => {
      lock = await holdLock(database.url, LOCK_RESULTS);
      scope = new StatementScope(GRANTED_MS);
      const count = sql<{ count: number }[]>`select count(*)::int as count from scan_results`.then((rows) => rows[0]);
      await waiting(1);
      await writeSql`select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await waiting(1);
      await lock.release();
      expect(await count).toEqual({ count: 0 });
    });
  });

  it('fail with their own errors', async () => {
    await withDatabase(async ({ sql }) => {
      scope = new StatementScope(2_000);
      await expect(sql`select no_column`).rejects.toMatchObject({ code: '42703' });
      await expect(sql`select pg_sleep(60)`).rejects.toEqual(new StatementTimeoutError(2_000));
    });
  });
});
