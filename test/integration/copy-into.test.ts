import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { copyInto } from '../../src/db/copy-text.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;

/** Far more than a socket takes at once. */
const LINES = 200_000;
const TEXT = Array.from({ length: LINES }, (_, index) => `${index}\t${'x'.repeat(100)}\n`).join('');

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

function copy(text: string): Promise<unknown> {
  return database.sql.begin((transaction) => copyInto(transaction, 'lines', 'number, text', text));
}

async function countLines(): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`select count(*) as count from lines`;
  return row!.count;
}

describe('COPY of text into a table', () => {
  it('takes much text at once', async () => {
    await copy(TEXT);
    expect(await countLines()).toBe(LINES);
  });

  it('takes no text at all', async () => {
    await copy('');
    expect(await countLines()).toBe(0);
  });

  it('rejects when PostgreSQL refuses a line at the beginning or at the end of much text, and the connection goes on', async () => {
    await expect(copy(`wrong\ttext\n${TEXT}`)).rejects.toThrow('invalid input syntax for type integer');
    await expect(copy(`${TEXT}wrong\ttext\n`)).rejects.toThrow('invalid input syntax for type integer');
    expect(await countLines()).toBe(0);
  });

  it('rejects when the connection is lost half-way, and works again when it is back', async () => {
    const copying = copy(TEXT);
    await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.pause();
    proxy.cut();
    await expect(copying).rejects.toThrow('CONNECTION_CLOSED');
    proxy.resume();
    await proxy.restore();
    expect(await countLines()).toBe(0);
    await copy(TEXT);
    expect(await countLines()).toBe(LINES);
  });
});
