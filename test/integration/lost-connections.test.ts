import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** These hold only with the patched driver (see patches/): as published it never answers what follows a transaction that lost its connection. */

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  const url = new URL(testDatabase.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${proxy.port}`;
  // One connection, so that whatever a loss leaves behind meets the next statement.
  database = createDatabase({ url: url.href, poolSize: 1, statementTimeoutMs: 30_000, applicationName: 'lost-connections-test' });
});

afterEach(async () => {
  await database.close();
  proxy.close();
  await testDatabase.drop();
});

const WORK: Readonly<Record<string, () => Promise<unknown>>> = {
  'a statement runs in a transaction': () =>
    database.sql.begin(async (transaction) => {
      await transaction`select pg_sleep(0.02)`;
      await transaction`select 1`;
    }),
  'a transaction waits for its caller': () =>
    database.sql.begin(async (transaction) => {
      await transaction`select 1`;
      await delay(20);
      await transaction`select 1`;
    }),
  'a transaction asks one thing after the other': () =>
    database.sql.begin(async (transaction) => {
      for (let index = 0; index < 50; index++) await transaction`select ${index}::int`;
    }),
  'statements follow each other': async () => {
    for (let index = 0; index < 20; index++) await database.sql`select ${index}::int, pg_sleep(0.001)`;
  },
};

it.each(Object.keys(WORK))('every statement is answered and the next ones work when the connection is lost while %s', async (name) => {
  for (let cut = 0; cut < 8; cut++) {
    const outcome = WORK[name]!().then(
      () => 'done',
      () => 'refused',
    );
    await delay(cut * 2);
    proxy.cut();
    expect(['done', 'refused']).toContain(await outcome);
    await proxy.restore();
    // The loss of a connection that nobody has looked at since is told to the first who does.
    await vi.waitFor(async () => expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]));
  }
});
