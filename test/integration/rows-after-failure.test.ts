import { sql as statement } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Fails when three rows of it have been sent: they are long, and PostgreSQL sends what fills its buffer. */
const FAILS_ON_THE_WAY = `select repeat('x', 20000), 1 / (4 - i) from generate_series(1, 4) as i`;

let database: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

describe('after a statement that failed when rows of it had come', () => {
  const failure = () => expect(sql.unsafe(FAILS_ON_THE_WAY)).rejects.toMatchObject({ code: '22012' });

  it('the next one on its connection has its own rows alone', async () => {
    await failure();
    const rows = await sql<{ n: number }[]>`select n from generate_series(1, 2) as n`;
    expect([...rows]).toEqual([{ n: 1 }, { n: 2 }]);
    expect(rows).toMatchObject({ count: 2, command: 'SELECT' });
  });

  it('rows as arrays are the own ones too', async () => {
    await failure();
    expect([...(await sql`select 1, 2`.values())]).toEqual([[1, 2]]);
  });

  it('rows that come some at a time are the own ones too', async () => {
    await failure();
    const pieces: number[][] = [];
    await sql<{ n: number }[]>`select n from generate_series(1, 5) as n`.cursor(2, (rows) => {
      pieces.push(rows.map(({ n }) => n));
    });
    expect(pieces).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('several statements in one have each its own', async () => {
    await failure();
    const results = await sql.unsafe('select 1 as n; select 2 as n union all select 3');
    expect((results as unknown as { n: number }[][]).map((rows) => [...rows])).toEqual([[{ n: 1 }], [{ n: 2 }, { n: 3 }]]);
  });

  it('Drizzle has its own too', async () => {
    await failure();
    expect([...(await drizzle(sql).execute(statement`select 1 as n`))]).toEqual([{ n: 1 }]);
  });
});
