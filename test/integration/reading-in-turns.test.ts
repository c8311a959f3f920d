import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { copyInto } from '../../src/db/copy-text.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ROWS = 20_000;
const SERIES = `select n, repeat('x', 100) as text from generate_series(1, ${ROWS}) as n`;

let testDatabase: TestDatabase;
let database: Database;
let hasTime: () => boolean;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  hasTime = () => true;
  database = createDatabase({
    url: testDatabase.url,
    poolSize: 3,
    statementTimeoutMs: 20_000,
    applicationName: 'reading-test',
    readingTime: { hasTime: () => hasTime() },
  });
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const expectSeries = (rows: readonly Record<string, unknown>[]) => {
  expect(rows).toHaveLength(ROWS);
  expect(rows.every(({ n, text }, index) => n === index + 1 && text === 'x'.repeat(100))).toBe(true);
};

describe('what the database says', () => {
  it('is put back when there is no time, and read when timers have had their turn', async () => {
    const order: string[] = [];
    let isHeld = false;
    hasTime = () => {
      isHeld = !isHeld;
      order.push(isHeld ? 'held' : 'read');
      if (isHeld) setTimeout(() => order.push('timer'), 0);
      return !isHeld;
    };
    expectSeries(await database.sql.unsafe(SERIES));
    expect(order.length).toBeGreaterThan(30);
    expect(order.join(' ')).toMatch(/^(held timer read ?)+$/);
  });

  it('is the same over several connections, however often it is put back, also behind a statement that fails and while rows are stored', async () => {
    // Deterministic, and of no pattern that chunks could have.
    let state = 1;
    hasTime = () => {
      state = (state * 48_271) % 2_147_483_647;
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
    expect(await database.sql.unsafe('select count(*)::int as count from copied')).toEqual([{ count: 3 * ROWS }]);
  });
});
