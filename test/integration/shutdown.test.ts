import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChain, aChainFeed, type ChainFeed } from '../support/a-chain-feed.ts';
import { httpRequest } from '../support/http-request.ts';
import { metricValue } from '../support/metric-value.ts';
import { requestScan, scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Much text for each result, so that what the system keeps for a socket is soon full. */
const REPEATED = Array.from({ length: 30 }, (_, index) => `text${index}: scoreComponents { name explanation }`).join(' ');
const RESULTS = `subscription { scanResults { cursor results { id ${REPEATED} } } }`;

let database: TestDatabase;
let proxy: TcpProxy;
let databaseUrl: string;
let feed: ChainFeed;
const apps: TestApp[] = [];
const sockets: { destroy(): void }[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  databaseUrl = url.href;
  feed = aChainFeed(['AAA', 'BBB']);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const app of apps.splice(0)) await app.stop();
  proxy.close();
  await database.drop();
});

async function start(env: Record<string, string> = {}): Promise<TestApp> {
  const app = await startTestApp({ databaseUrl, feed, env });
  apps.push(app);
  return app;
}

/** Makes the feed wait with the chain of a symbol until it is let go. */
function hold(symbol: string): { readonly asked: Promise<void>; letGo(): void } {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    feed.answer(symbol, async () => {
      resolve();
      await held;
      return aChain(symbol);
    });
  });
  return { asked, letGo };
}

describe('a stop', () => {
  it('answers running requests, finishes and stores the scan in hand, and says at /ready that it stops', async () => {
    const app = await start();
    const chain = hold('AAA');
    const run = await requestScan(app, ['AAA']);
    await chain.asked;
    proxy.pause();
    const running = httpRequest(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ scanRuns { edges { node { id state } } } }' }),
    });
    await requestReached(app);

    const stopped = app.stop();
    const ready = await httpRequest(`${app.origin}/ready`);
    expect(ready.status).toBe(503);
    expect(ready.json()).toMatchObject({ ready: false, checks: { server: { ok: false, detail: 'stopping' } } });
    expect(ready.headers.connection).toBe('close');

    proxy.resume();
    const answer = await running;
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ data: { scanRuns: { edges: [{ node: { id: run, state: 'RUNNING' } }] } } });
    chain.letGo();
    expect(await stopped).toBe(true);
    expect(await app.stop()).toBe(true);
    await expect(httpRequest(`${app.origin}/health`)).rejects.toThrow('ECONNREFUSED');

    const next = await start();
    const { data } = await next.ask(
      'query ($id: ID!) { scanRun(id: $id) { state results } scanResults(filter: { scanRunIds: [$id] }, first: 500) { edges { cursor } } }',
      { id: run },
    );
    expect(data.scanRun.state).toBe('COMPLETED');
    expect(data.scanRun.results).toBeGreaterThan(0);
    expect(data.scanResults.edges).toHaveLength(data.scanRun.results);
  });

  it('does not wait for connections that are kept alive', async () => {
    const app = await start();
    const socket = await rawSocket(app);
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    expect(await app.stop()).toBe(true);
    await closed;
  });

  it('cuts a request that never ends when its time is up', async () => {
    const app = await start({ SHUTDOWN_TIMEOUT_MS: '8000' });
    const socket = await rawSocket(app);
    const closed = once(socket, 'close');
    socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await requestReached(app);
    expect(await app.stop()).toBe(true);
    await closed;
  });
});

describe('a subscriber that stopped reading', () => {
  it('is told so and freed, while others go on', async () => {
    const app = await start({ GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '100' });
    const [slow, quick] = await Promise.all([openSubscription(app), openSubscription(app)]);
    await vi.waitFor(() => expect(app.subscribers()).toBe(2));
    slow.socket.pause();
    let stored = 0;
    await vi.waitFor(
      async () => {
        stored += await scanAndWait(app, ['AAA', 'BBB']);
        expect(app.subscribers()).toBe(1);
      },
      { interval: 1 },
    );
    await vi.waitFor(() => expect(quick.results()).toBe(stored));
    expect(quick.messages.at(-1)?.type).toBe('next');

    const closed = once(slow.socket, 'close');
    slow.socket.resume();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([4413, 'Subscriber too slow']);
    expect(slow.results()).toBeLessThan(stored);
    expect(await metricValue(app, 'strikewire_subscribers_closed_total')).toBe(1);

    const again = await openSubscription(app);
    const next = await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(again.results()).toBe(next));
    again.socket.terminate();
    quick.socket.terminate();
    await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_subscriptions')).toBe(0));
  });
});

describe('a subscriber of server-sent events that stopped reading', () => {
  it('is told so and freed', async () => {
    const app = await start({ GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '100' });
    const response = await openEvents(app);
    await scanUntilFreed(app);
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    response.resume();
    await once(response, 'end');
    expect(text).toContain('"code":"SUBSCRIBER_TOO_SLOW"');
    expect(text).toMatch(/event: complete\ndata:\n\n$/);
  });

  it('is freed when it goes away without having read', async () => {
    const app = await start({ GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '1000000' });
    const response = await openEvents(app);
    await scanAndWait(app, ['AAA', 'BBB']);
    response.destroy();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_http_requests_running')).toBe(1));
  });
});

/** Scans until what waits is more than the only subscriber may have. */
async function scanUntilFreed(app: TestApp): Promise<void> {
  await vi.waitFor(
    async () => {
      await scanAndWait(app, ['AAA', 'BBB']);
      expect(app.subscribers()).toBe(0);
    },
    { interval: 1 },
  );
}

/** An answer that nobody reads. */
function openEvents(app: TestApp): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      agent: false,
    });
    sockets.push(sent);
    sent.once('error', reject);
    sent.once('response', (response) => {
      response.on('error', () => {});
      response.pause();
      resolve(response);
    });
    sent.end(JSON.stringify({ query: RESULTS }));
  });
}

/** Waits until the server has begun to handle one request that it cannot answer yet; the one that looks is the other. */
async function requestReached(app: TestApp): Promise<void> {
  await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_http_requests_running')).toBe(2));
}

async function rawSocket(app: TestApp): Promise<Socket> {
  const socket = connect(app.address.port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function openSubscription(app: TestApp) {
  const socket = new WebSocket(app.webSocketUrl, 'graphql-transport-ws');
  sockets.push({ destroy: () => socket.terminate() });
  const messages: { type: string; payload?: unknown }[] = [];
  socket.on('message', (message) => messages.push(JSON.parse(String(message)) as (typeof messages)[number]));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await vi.waitFor(() => expect(messages).toHaveLength(1));
  const subscribe = (id: string) => socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: RESULTS } }));
  subscribe('1');
  // It begins where the stream is now, not behind what comes next.
  await vi.waitFor(() => expect(messages).toHaveLength(2));
  const results = () =>
    messages.reduce((sum, { type, payload }) => {
      const next = payload as { data: { scanResults: { results: unknown[] } } };
      return type === 'next' ? sum + next.data.scanResults.results.length : sum;
    }, 0);
  return { socket, messages, subscribe, results };
}
