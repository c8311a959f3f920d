import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/db/client.ts';
import { createScopedSql } from '../../src/db/scoped-sql.ts';
import { createStatementCanceller } from '../../src/db/statement-canceller.ts';
import { StatementScope } from '../../src/db/statement-scope.ts';
import { WRITE_CONNECTIONS } from '../../src/db/write-connections.ts';
import { OperationCancelledError } from '../../src/domain/errors/operation-cancelled-error.ts';
import { StatementTimeoutError } from '../../src/domain/errors/statement-timeout-error.ts';
import { type HeldLock, holdLock } from '../support/hold-lock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

const GRANTED_MS = 60_000;
const LOCK_RESULTS = 'lock table scan_results in access exclusive mode';
/** Options of the driver, of which it does not declare all. */
const ONE_AT_A_TIME = { max: 1, max_pipeline: 0, onnotice: () => {} };
/** The machine may be busy. */
const WAIT = { interval: 10 };

let database: TestDatabase;
let lock: HeldLock | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

afterEach(async () => {
  await lock?.release();
  lock = null;
});

/** Resolves when as many statements wait for the lock. */
async function waiting(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await waitingStatements(database.url)).toHaveLength(count), WAIT);
}

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
