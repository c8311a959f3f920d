import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { readInPieces } from '../../src/db/read-in-pieces.ts';
import { StatementScope } from '../../src/db/statement-scope.ts';
import { OperationCancelledError } from '../../src/domain/errors/operation-cancelled-error.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const NUMBERS = 'select n from generate_series(1, $1::int) as n order by n';

let testDatabase: TestDatabase;
let database: Database;
const scopes = new AsyncLocalStorage<StatementScope>();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.url,
    poolSize: 1,
    statementTimeoutMs: 20_000,
    applicationName: 'pieces',
    currentScope: () => scopes.getStore(),
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function pieces(count: number, rowsAtOnce: number): Promise<unknown[][]> {
  const taken: unknown[][] = [];
  await readInPieces(database.sql, NUMBERS, [count], rowsAtOnce, async (rows) => {
    taken.push(rows.flat());
  });
  return taken;
}

describe.each([
  ['outside of operations', <T>(work: () => Promise<T>) => work()],
  ['in an operation', <T>(work: () => Promise<T>) => scopes.run(new StatementScope(20_000), work)],
])('a long answer read in pieces %s', (_name, within) => {
  it('is whole and in order, with the rest in a last piece', async () => {
    expect(await within(() => pieces(7, 3))).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(await within(() => pieces(6, 3))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await within(() => pieces(0, 3))).toEqual([]);
  });

  it('waits until a piece has been taken, the last one too', async () => {
    const order: string[] = [];
    await within(() =>
      readInPieces(database.sql, NUMBERS, [3], 1, async ([row]) => {
        order.push(`begin ${row![0]}`);
        await vi.waitFor(() => database.ping(), { interval: 10 });
        order.push(`end ${row![0]}`);
      }),
    );
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('ends when a piece cannot be taken, and the connection goes on', async () => {
    for (const at of [1, 3]) {
      const reading = within(() =>
        readInPieces(database.sql, NUMBERS, [3], 1, async ([row]) => {
          if (row![0] === at) throw new Error(`not ${at}`);
        }),
      );
      await expect(reading).rejects.toThrow(`not ${at}`);
      expect(await within(() => pieces(2, 1))).toEqual([[1], [2]]);
    }
  });

  it('rejects with what PostgreSQL says', async () => {
    await expect(within(() => readInPieces(database.sql, 'select 1 / $1::int', [0], 1, async () => {}))).rejects.toThrow(
      'division by zero',
    );
    expect(await within(() => pieces(1, 1))).toEqual([[1]]);
  });
});

describe('a long answer nobody waits for any more', () => {
  it('ends with its operation, between two pieces', async () => {
    const scope = new StatementScope(20_000);
    const taken: unknown[] = [];
    const reading = scopes.run(scope, () =>
      readInPieces(
        database.sql,
        'select n, pg_sleep(case when n = 3 then 600 else 0 end)::text from generate_series(1, $1::int) as n',
        [3],
        1,
        async ([row]) => {
          taken.push(row![0]);
          if (row![0] === 2) scope.cancel();
        },
      ),
    );
    await expect(reading).rejects.toThrow(OperationCancelledError);
    expect(taken).toEqual([1, 2]);
    expect(await pieces(1, 1)).toEqual([[1]]);
  });
});
