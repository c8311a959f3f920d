import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { metricValue } from '../support/metric-value.ts';
import { openEventStream } from '../support/open-event-stream.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const KNOWN = '{ viewer { subject } }';
const HASH = createHash('sha256').update(KNOWN).digest('hex');

let directory: TemporaryDirectory;
let database: TestDatabase;

beforeAll(async () => {
  directory = await temporaryDirectory('allow-list');
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await directory.remove();
});

async function start(documents: unknown, env: Record<string, string> = {}): Promise<TestApp> {
  const file = join(directory.path, 'operations.json');
  await writeFile(file, JSON.stringify(documents));
  return await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { PERSISTED_OPERATIONS: file, PERSISTED_OPERATIONS_ONLY: 'true', ...env },
  });
}

describe('where nothing but an allow-list is answered', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await start({ [HASH]: KNOWN }, { LIMITS_MAXIMUM_SOCKETS: '2' });
  });

  afterAll(() => app.stop());

  it('over HTTP: its documents are, as text, by hash and by address, and no others', async () => {
    const post = async (body: object) => {
      const response = await fetch(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      return { status: response.status, body: (await response.json()) as any };
    };
    const answer = { status: 200, body: { data: { viewer: { subject: 'local' } } } };
    expect(await post({ query: KNOWN })).toEqual(answer);
    expect(await post({ documentId: `sha256:${HASH}` })).toEqual(answer);
    expect(await post({ extensions: { persistedQuery: { version: 1, sha256Hash: HASH } } })).toEqual(answer);
    const url = new URL(`${app.origin}/graphql`);
    url.searchParams.set('extensions', JSON.stringify({ persistedQuery: { version: 1, sha256Hash: HASH } }));
    expect(await (await fetch(url)).json()).toEqual(answer.body);
    for (const query of ['{ scanner { state } }', '{ __typename }', `${KNOWN} `]) {
      const { status, body } = await post({ query });
      expect([status, body.errors[0].extensions.code]).toEqual([403, 'PERSISTED_QUERY_ONLY']);
    }
    const { status, body } = await post({ query: '', documentId: 'sha256:00' });
    expect([status, body.errors[0].extensions.code]).toEqual([404, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it('over WebSocket: the same', async () => {
    const socket = await openRawSocket(app.webSocketUrl).initialised();
    const ask = async (id: string, payload: object) => {
      socket.send({ id, type: 'subscribe', payload });
      return (await socket.frame((frame) => frame.id === id)).payload;
    };
    const answer = { data: { viewer: { subject: 'local' } } };
    expect(await ask('a', { query: KNOWN })).toEqual(answer);
    expect(await ask('b', { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: HASH } } })).toEqual(answer);
    expect((await ask('c', { query: '{ __typename }' }))[0].extensions.code).toBe('PERSISTED_QUERY_ONLY');
    expect((await ask('d', { query: '', documentId: 'sha256:00' }))[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    socket.socket.close();
    await socket.closed;
  });

  it('sockets of all viewers are as many as there may be', async () => {
    const open = async () => {
      const socket = openRawSocket(app.webSocketUrl);
      await socket.opened;
      socket.send({ type: 'connection_init' });
      return socket;
    };
    // The socket of the test before may still be going.
    await expect
      .poll(async () => {
        const socket = await open();
        const isIn = await Promise.race([
          socket.frame(({ type }) => type === 'connection_ack').then(() => true),
          socket.closed.then(() => false),
        ]);
        socket.socket.close();
        return isIn;
      })
      .toBe(true);
    // One that is still going would make room for the last.
    await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_websocket_connections')).toBe(0));
    const url = `${app.origin}/graphql`;
    const token = await (await fetch(url, { method: 'PUT' })).text();
    const sockets = [await open(), await open(), await open(), await open()];
    // Which of them are in is up to the server; the last is not.
    expect(await sockets.at(-1)!.closed).toEqual({
      code: 4429,
      reason: 'maximumSockets: expected at most 2 sockets of all viewers, got 3',
    });
    const refused = await openEventStream(url, { headers: { 'x-graphql-event-stream-token': token } });
    expect(refused.response.status).toBe(429);
    for (const { socket } of sockets) socket.close();
  });
});

it('an allow-list that cannot be used keeps the server from starting, with everything that is wrong', async () => {
  const failure = await start({ aa: KNOWN, [HASH]: '{' }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as ConfigError).issues.map(({ message }) => message)).toEqual([
    expect.stringContaining(HASH),
    expect.stringContaining('expected a GraphQL document'),
  ]);
});
