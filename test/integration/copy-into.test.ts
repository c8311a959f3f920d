import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { copyInto } from '../../src/db/copy-text.ts';
import { holdLock } from '../support/hold-lock.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;

/** Far more than a socket takes at once. */
const LINES = 200_000;
const MUCH = Array.from({ length: LINES }, (_, index) => `${index}\t${'x'.repeat(100)}\n`);

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  const url = new URL(testDatabase.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${proxy.port}`;
  database = createDatabase({ url: url.href, poolSize: 1, statementTimeoutMs: 30_000, applicationName: 'copy-into-test' });
  await database.sql`create table lines (number int, text text)`;
});

afterEach(async () => {
  await database.close();
  proxy.close();
  await testDatabase.drop();
});

function copy(lines: Iterable<string>): Promise<unknown> {
  return database.sql.begin((transaction) => copyInto(transaction, 'lines', 'number, text', lines));
}

async function countLines(): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`select count(*) as count from lines`;
  return row!.count;
}

describe('COPY of text into a table', () => {
  it('takes much text at once', async () => {
    await copy(MUCH);
    expect(await countLines()).toBe(LINES);
  });

  it('takes no text at all', async () => {
    await copy([]);
    expect(await countLines()).toBe(0);
  });

  it('rejects when PostgreSQL refuses a line at the beginning or at the end of much text, and the connection goes on', async () => {
    await expect(copy(['wrong\ttext\n', ...MUCH])).rejects.toThrow('invalid input syntax for type integer');
    await expect(copy([...MUCH, 'wrong\ttext\n'])).rejects.toThrow('invalid input syntax for type integer');
    expect(await countLines()).toBe(0);
  });

  it('rejects with what making a line throws, half-way, and the connection goes on', async () => {
    function* broken() {
      yield* MUCH;
      throw new RangeError('a line that cannot be made');
    }
    await expect(copy(broken())).rejects.toThrow('a line that cannot be made');
    expect(await countLines()).toBe(0);
    await copy(MUCH);
    expect(await countLines()).toBe(LINES);
  });

  it('rejects when the connection is lost half-way, and works again when it is back', async () => {
    await database.sql`
      create function stop_here() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock_shared(77); return new; end'`;
    await database.sql.unsafe(
      `create trigger stop_here before insert on lines for each row when (new.number = ${LINES / 2}) execute function stop_here()`,
    );
    const lock = await holdLock(testDatabase.url, 'select pg_advisory_xact_lock(77)');
    const copying = copy(MUCH).catch((error: unknown) => error);
    await vi.waitFor(async () => expect(await waitingStatements(testDatabase.url)).toEqual([expect.stringMatching(/^copy /i)]));
    proxy.pause();
    proxy.cut();
    expect(await copying).toMatchObject({ code: 'CONNECTION_CLOSED' });
    await lock.release();
    proxy.resume();
    await proxy.restore();
    expect(await countLines()).toBe(0);
    await copy(MUCH);
    expect(await countLines()).toBe(LINES);
  });
});
