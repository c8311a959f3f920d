import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { copyInto } from '../../src/db/copy-text.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ROWS = 20_000;
/** Two megabytes: PostgreSQL's answer comes in thirty chunks and more. */
const SERIES = `select n, repeat('x', 100) as text from generate_series(1, ${ROWS}) as n`;
/** Twenty megabytes: more than lies between PostgreSQL and who reads. */
const LONG_SERIES = `select n, repeat('x', 100) as text from generate_series(1, ${10 * ROWS}) as n`;

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;
let hasTime: () => boolean;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  const url = new URL(testDatabase.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${proxy.port}`;
  hasTime = () => true;
  database = createDatabase({
    url: url.href,
    poolSize: 3,
    statementTimeoutMs: 20_000,
    applicationName: 'reading-test',
    readingTime: { hasTime: () => hasTime() },
  });
});

afterEach(async () => {
  await database.close();
  proxy.close();
  await testDatabase.drop();
});

const expectSeries = (rows: readonly Record<string, unknown>[]) => {
  expect(rows).toHaveLength(ROWS);
  expect(rows.every(({ n, text }, index) => n === index + 1 && text === 'x'.repeat(100))).toBe(true);
};

describe('what the database says', () => {
  it('is put back when there is no time, and read when timers have had their turn', async () => {
    const order: string[] = [];
    hasTime = () => {
      const isHeld = order.at(-1) !== 'timer';
      order.push(isHeld ? 'held' : 'read');
      if (isHeld) setTimeout(() => order.push('timer'), 0);
      return !isHeld;
    };
    expectSeries(await database.sql.unsafe(SERIES));
    const held = order.filter((entry) => entry === 'held').length;
    expect(held).toBeGreaterThan(10);
    // A timer between what is put back and whatever is read behind it.
    expect(order.join(' ')).not.toMatch(/held (held|read)/);
  });

  it('is read, a chunk of each connection in its turn, when there never is time', async () => {
    let asked = 0;
    hasTime = () => {
      asked++;
      return false;
    };
    const series = await Promise.all([1, 2, 3].map(() => database.sql.unsafe(SERIES)));
    for (const rows of series) expectSeries(rows);
    expect(asked).toBeGreaterThan(30);
  });

  it('is put back once when it is short', async () => {
    // The driver's first question, about types, has a long answer.
    await database.sql.unsafe('select 1');
    let asked = 0;
    hasTime = () => {
      asked++;
      return false;
    };
    expect(await database.sql.unsafe('select 1 as one')).toEqual([{ one: 1 }]);
    expect(asked).toBe(1);
  });

  it('is the same over several connections, however often it is put back, also behind a statement that fails and while rows are stored', async () => {
    // Of no pattern that chunks could have.
    let state = 1;
    let held = 0;
    hasTime = () => {
      state = (state * 48_271) % 2_147_483_647;
      if (state % 3 !== 0) held++;
      return state % 3 === 0;
    };
    await database.writeSql.unsafe('create table copied (n int)');
    await Promise.all([
      ...Array.from({ length: 6 }, async () => {
        expectSeries(await database.sql.unsafe(SERIES));
        await expect(database.sql.unsafe(`select 1 / (n - 15000) from generate_series(1, ${ROWS}) as n`)).rejects.toMatchObject({
          code: '22012',
        });
        expectSeries(await database.sql.unsafe(SERIES));
      }),
      ...Array.from({ length: 3 }, () =>
        database.writeSql.begin(async (transaction) => {
          await copyInto(
            transaction,
            'copied',
            'n',
            Array.from({ length: ROWS }, (_, n) => `${n}\n`),
          );
          expectSeries(await transaction.unsafe(SERIES));
        }),
      ),
    ]);
    expect(held).toBeGreaterThan(100);
    expect(await database.sql.unsafe('select count(*)::int as count from copied')).toEqual([{ count: 3 * ROWS }]);
  });

  it('is an error when its connection is lost while a part is put back, and the next statement is answered', async () => {
    await database.sql.unsafe('select 1');
    for (let chunk = 1; chunk <= 4; chunk++) {
      let asked = 0;
      hasTime = () => {
        if (++asked === chunk) proxy.cut();
        return asked < chunk;
      };
      await expect(database.sql.unsafe(LONG_SERIES)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      await proxy.restore();
      hasTime = () => true;
      await vi.waitFor(async () => expectSeries(await database.sql.unsafe(SERIES)), { timeout: 10_000 });
    }
  });
});
