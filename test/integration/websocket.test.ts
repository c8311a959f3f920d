import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { metricValue } from '../support/metric-value.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { requestScan, scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const FRIEND = 'https://app.example.com';
const RESULTS = 'subscription { scanResults { cursor results { id symbol filter { name } underlying { price } } } }';
const STATUS = 'subscription { scanner { state totals { results } } }';

let database: TestDatabase;
let proxy: TcpProxy;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  app = await startTestApp({ databaseUrl: url.href, feed: aChainFeed(['AAA', 'BBB']), env: { CORS_ORIGINS: FRIEND } });
});

afterAll(async () => {
  const clean = await app.stop();
  proxy.close();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

let client: Client;
const sockets: WebSocket[] = [];

beforeEach(() => {
  client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
});

afterEach(async () => {
  await client.dispose();
  for (const socket of sockets.splice(0)) socket.terminate();
  await nothingIsLeft(app);
});

async function first(query: string, variables: Record<string, unknown> = {}) {
  const events = client.iterate({ query, variables });
  const { value } = await events.next();
  await events.return?.();
  return value as { data?: Record<string, unknown>; errors?: { message: string; extensions?: Record<string, unknown> }[] };
}

/** A socket without a client behind it, and everything that arrives at it. */
function open(protocols: string[] = ['graphql-transport-ws'], headers: Record<string, string> = {}, url = app.webSocketUrl) {
  const socket = new WebSocket(url, protocols, { headers });
  sockets.push(socket);
  const received: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (message) => received.push(JSON.parse(String(message)) as (typeof received)[number]));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  return { socket, received, opened, closed, send };
}

async function openAcknowledged(url = app.webSocketUrl) {
  const connection = open(undefined, {}, url);
  await connection.opened;
  connection.send({ type: 'connection_init' });
  await vi.waitFor(() => expect(connection.received).toEqual([{ type: 'connection_ack' }]));
  return connection;
}

describe('operations', () => {
  it('answer queries and mutations', async () => {
    expect(await first('{ scanner { state } }')).toEqual({ data: { scanner: { state: 'STOPPED' } } });
    const made = await first(`mutation { filterCreate(input: { name: "Over WebSocket", criteria: {} }) { __typename } }`);
    expect(made.data).toEqual({ filterCreate: { __typename: 'FilterCreatePayload' } });
  });

  it('deliver the results of a subscription until the client has enough', async () => {
    const events = client.iterate<{ scanResults: { results: { symbol: string; filter: { name: string } }[] } }>({ query: RESULTS });
    expect((await events.next()).value.data?.scanResults.results).toEqual([]);
    const stored = await scanAndWait(app, ['AAA']);
    expect(stored).toBeGreaterThan(0);
    const { value } = await events.next();
    expect(value.data?.scanResults.results[0]).toMatchObject({ symbol: 'AAA', filter: { name: expect.any(String) } });
    await events.return?.();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('run several at once on one connection', async () => {
    const results = client.iterate({ query: RESULTS });
    const status = client.iterate({ query: STATUS });
    const pending = results.next();
    await status.next();
    await vi.waitFor(() => expect(app.subscribers()).toBe(2));
    expect(await metricValue(app, 'strikewire_websocket_connections')).toBe(1);
    await requestScan(app, ['AAA']);
    await pending;
    await Promise.all([results.return?.(), status.return?.()]);
  });

  it('end when the connection breaks', async () => {
    const connection = await openAcknowledged();
    connection.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    connection.send({ type: 'subscribe', id: '2', payload: { query: STATUS } });
    await vi.waitFor(() => expect(app.subscribers()).toBe(2));
    connection.socket.terminate();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('leave nothing behind when they are completed before they have begun', async () => {
    const connection = await openAcknowledged();
    for (let id = 0; id < 20; id++) {
      connection.send({ type: 'subscribe', id: String(id), payload: { query: id % 2 ? RESULTS : STATUS } });
      connection.send({ type: 'complete', id: String(id) });
    }
    connection.send({ type: 'ping' });
    await vi.waitFor(() => expect(connection.received.at(-1)).toEqual({ type: 'pong' }));
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});

describe('mistakes of a client', () => {
  it('in syntax and in names are answered, and the connection goes on', async () => {
    const connection = await openAcknowledged();
    connection.send({ type: 'subscribe', id: 'syntax', payload: { query: '{ scanner {' } });
    connection.send({ type: 'subscribe', id: 'names', payload: { query: '{ scanners { state } }' } });
    connection.send({ type: 'subscribe', id: 'variables', payload: { query: 'query ($id: ID!) { node(id: $id) { id } }' } });
    connection.send({
      type: 'subscribe',
      id: 'input',
      payload: { query: 'subscription { scanResults(filter: { delta: { min: 2, max: 1 } }) { cursor } }' },
    });
    await vi.waitFor(() => expect(connection.received.filter(({ type }) => type !== 'complete')).toHaveLength(5));
    const answers = Object.fromEntries(connection.received.map((message) => [message.id, message]));
    expect(answers.syntax).toMatchObject({ type: 'error', payload: [{ message: expect.stringMatching(/^Syntax Error/) }] });
    expect(answers.names).toMatchObject({ type: 'error', payload: [{ message: expect.stringMatching(/^Cannot query field "scanners"/) }] });
    expect(JSON.stringify(connection.received)).toContain('Variable \\"$id\\" of required type');
    expect(JSON.stringify(connection.received)).toContain('"code":"VALIDATION_FAILED"');
    connection.send({ type: 'subscribe', id: 'good', payload: { query: '{ __typename }' } });
    await vi.waitFor(() =>
      expect(connection.received).toContainEqual({ type: 'next', id: 'good', payload: { data: { __typename: 'Query' } } }),
    );
  });

  it.each([
    ['a message that is no JSON', 'hello', 4400],
    ['a message of no known type', '{"type":"start"}', 4400],
    ['an operation before the connection is acknowledged', '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}', 4401],
  ])('close the connection: %s', async (_name, message, code) => {
    const connection = open();
    await connection.opened;
    connection.socket.send(message);
    expect((await connection.closed).code).toBe(code);
  });

  it('close the connection: an id in use, with the subscription of it', async () => {
    const connection = await openAcknowledged();
    connection.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    connection.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    expect(await connection.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
  });

  it('close the connection: a message that is too big', async () => {
    const connection = await openAcknowledged();
    connection.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    connection.send({ type: 'ping', payload: { filler: 'x'.repeat(1_048_576) } });
    expect((await connection.closed).code).toBe(1009);
    expect(await first('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  it('close the connection: no subprotocol, or another one', async () => {
    expect(await open([]).closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
    await expect(open(['graphql-ws']).opened).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('origins', () => {
  it.each([
    ['the page is of the same host', () => app.origin],
    ['the page is of a configured origin', () => FRIEND],
  ])('connect when %s', async (_name, origin) => {
    await expect(open(['graphql-transport-ws'], { origin: origin() }).opened).resolves.toBeUndefined();
  });

  it.each(['https://evil.example.com', 'null', 'http://app.example.com', 'https://app.example.com.evil.com', 'http://127.0.0.1:1'])(
    'are refused when foreign: %s',
    async (origin) => {
      await expect(open(['graphql-transport-ws'], { origin }).opened).rejects.toThrow('403');
    },
  );

  it('may connect at the address of the API only', async () => {
    await expect(open(['graphql-transport-ws'], {}, app.webSocketUrl.replace('/graphql', '/ready')).opened).rejects.toThrow('404');
  });
});

describe('unexpected errors', () => {
  it('say nothing but their code and the id they are logged with', async () => {
    await vi.waitFor(async () => expect((await fetch(`${app.origin}/ready`)).status).toBe(200));
    proxy.cut();
    try {
      const [one, two] = await Promise.all(['scanResults', 'scanRuns'].map((field) => first(`{ ${field} { edges { cursor } } }`)));
      for (const answer of [one, two]) {
        expect(answer?.errors).toHaveLength(1);
        expect(answer?.errors?.[0]).toMatchObject({
          message: 'Unexpected error.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
        });
        const requestId = answer?.errors?.[0]?.extensions?.requestId;
        expect(app.logs.filter((entry) => entry.requestId === requestId && entry.msg === 'unexpected error in an operation')).toHaveLength(
          1,
        );
      }
      expect(one?.errors?.[0]?.extensions?.requestId).not.toBe(two?.errors?.[0]?.extensions?.requestId);
      expect(JSON.stringify([one, two])).not.toMatch(/CONNECT|127\.0\.0\.1|postgres|\.ts/i);
    } finally {
      await proxy.restore();
    }
    await vi.waitFor(async () => expect((await first('{ scanResults { edges { cursor } } }')).errors).toBeUndefined());
  });
});

describe('a server that stops', () => {
  it('closes every socket with "going away", also those of clients that do not read', async () => {
    const other = await startTestApp({ databaseUrl: database.url, env: { SHUTDOWN_TIMEOUT_MS: '8000' } });
    try {
      const [reading, stalled] = await Promise.all([openAcknowledged(other.webSocketUrl), openAcknowledged(other.webSocketUrl)]);
      for (const { send } of [reading, stalled]) send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
      await vi.waitFor(() => expect(other.subscribers()).toBe(2));
      stalled.socket.pause();
      expect(await other.stop()).toBe(true);
      expect(await reading.closed).toEqual({ code: 1001, reason: 'Going away' });
      expect(other.subscribers()).toBe(0);
    } finally {
      await other.stop();
    }
  });
});
