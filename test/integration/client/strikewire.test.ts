import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CreateFilter, LiveFilterChanges, LiveOpportunities, LiveResults, ResultPage } from '../../../src/client/operations.ts';
import { aClient, type ObservedClient } from '../../support/a-client.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { createResultAppender, type ResultAppender } from '../../support/result-appender.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

/** So short that nobody waits for them. */
const BACKOFF = { minimumMs: 5, maximumMs: 20 };

let database: TestDatabase;
let databaseProxy: TcpProxy;
let databaseUrl: string;
let app: TestApp;
let appender: ResultAppender;
let filterId: string;
let proxy: TcpProxy;
let client: ObservedClient;
const others: { stop(): Promise<unknown> }[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  databaseProxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(databaseProxy.port);
  databaseUrl = url.href;
  appender = createResultAppender(database.url);
  app = await start();
  const { data } = await app.ask('{ filters(first: 1) { edges { node { id } } } }');
  filterId = Buffer.from(data.filters.edges[0].node.id, 'base64').toString().split(':')[1]!;
  proxy = await startTcpProxy({ host: '127.0.0.1', port: app.address.port });
  client = aClient({ url: `ws://127.0.0.1:${proxy.port}/graphql`, backoff: BACKOFF, random: Math.random });
});

afterEach(async () => {
  client.close();
  proxy.close();
  await Promise.all([app, ...others.splice(0)].map((each) => each.stop()));
  await appender.close();
  databaseProxy.close();
  await database.drop();
});

const start = (env: Record<string, string> = {}) => startTestApp({ databaseUrl, env: { STREAM_POLL_INTERVAL_MS: '10', ...env } });

/** Appends so many results of a symbol, each another position. */
async function append(count: number, symbol = 'AAA'): Promise<void> {
  await appender.append(Array.from({ length: count }, () => aResultDraft({ filterId, symbol, legsKey: crypto.randomUUID() })));
}

async function storedIds(symbol?: string, server = app): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data } = await server.ask(
      `query ($after: String, $filter: ScanResultFilter) { scanResults(filter: $filter, after: $after, first: 500, orderBy: { field: DETECTED_AT, direction: ASC }) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
      { after, filter: symbol ? { symbols: { in: [symbol] } } : null },
    );
    ids.push(...data.scanResults.edges.map((edge: { node: { id: string } }) => edge.node.id));
    if (!data.scanResults.pageInfo.hasNextPage) return ids;
    after = data.scanResults.pageInfo.endCursor;
  }
}

/** Reads all results of a subscription that has begun. */
async function follow(from: ObservedClient, symbol?: string, buffer = 64) {
  const items = from.subscribe(LiveResults, { variables: { filter: symbol ? { symbols: { in: [symbol] } } : null }, buffer });
  await items.next();
  const ids: string[] = [];
  void (async () => {
    for await (const { data } of items) ids.push(...data.scanResults.results.map((result) => result.id));
  })();
  return ids;
}

describe('over connections that break', () => {
  it('every result arrives once and in order, for several subscriptions over one socket', async () => {
    const random = seededRandom(11);
    const all = await follow(client);
    const some = await follow(client, 'BBB', 1);
    let isWriting = true;
    let cuts = 0;
    const writing = (async () => {
      for (let batch = 0; batch < 150 || cuts <= 5; batch++) await append(1 + Math.floor(random() * 5), random() < 0.5 ? 'AAA' : 'BBB');
      isWriting = false;
    })();
    while (isWriting) {
      await vi.waitFor(() => expect(client.state).toBe('connected'), { interval: 1 });
      for (let turn = Math.floor(random() * 20); turn > 0; turn--) await new Promise(setImmediate);
      proxy.cut();
      cuts++;
      await vi.waitFor(() => expect(client.state).not.toBe('connected'), { interval: 1 });
      await proxy.restore();
    }
    await writing;
    const stored = await storedIds();
    await vi.waitFor(() => expect(all.length).toBeGreaterThanOrEqual(stored.length));
    expect(all).toEqual(stored);
    const expected = await storedIds('BBB');
    await vi.waitFor(() => expect(some.length).toBeGreaterThanOrEqual(expected.length));
    expect(some).toEqual(expected);
    expect(cuts).toBeGreaterThan(5);
    expect(client.told('gap')).toEqual([]);
  });

  it('a connection that hangs is replaced, and nothing is lost', async () => {
    client.close();
    client = aClient({ url: `ws://127.0.0.1:${proxy.port}/graphql`, backoff: BACKOFF, keepAliveMs: 200 });
    const ids = await follow(client);
    proxy.pause();
    await append(50);
    // More may be said of it while it hangs.
    await vi.waitFor(() =>
      expect(client.told('disconnected').map(({ reason }) => reason)).toContainEqual(expect.stringContaining('expected a sign of life')),
    );
    proxy.resume();
    await append(50);
    await vi.waitFor(() => expect(ids).toHaveLength(100));
    expect(ids).toEqual(await storedIds());
  });

  it('another server goes on where one has stopped', async () => {
    const second = await start();
    others.push(second);
    const urls = [app.webSocketUrl, second.webSocketUrl];
    const moving = aClient({ url: () => urls[0]!, backoff: BACKOFF });
    try {
      const ids = await follow(moving);
      await append(10);
      await vi.waitFor(() => expect(ids).toHaveLength(10));
      urls.shift();
      const expected = await storedIds();
      await app.stop();
      await vi.waitFor(() => expect(moving.told('disconnected').map(({ code }) => code)).toEqual([1001]));
      await append(10);
      await vi.waitFor(() => expect(ids).toHaveLength(20));
      expect(ids.slice(0, 10)).toEqual(expected);
      expect(new Set(ids).size).toBe(20);
    } finally {
      moving.close();
    }
  });
});

it('a slow reader loses nothing and holds little', async () => {
  const items = client.subscribe(LiveResults, { buffer: 3 });
  await items.next();
  // Batches that the server reads together make one item: until the buffer is full, however many that takes.
  await vi.waitFor(
    async () => {
      await append(3);
      expect(app.subscribers()).toBe(0);
    },
    { interval: 1 },
  );
  for (let batch = 0; batch < 20; batch++) await append(3);
  const count = (await storedIds()).length;
  const ids: string[] = [];
  while (ids.length < count) ids.push(...(await items.next()).value!.data.scanResults.results.map((result) => result.id));
  expect(ids).toEqual(await storedIds());
});

it('a subscription begins although the database is away, as soon as it is back', async () => {
  const before = await follow(client);
  await append(1);
  await vi.waitFor(() => expect(before).toHaveLength(1));
  databaseProxy.cut();
  const first = client.subscribe(LiveResults, { variables: { snapshot: 1 } }).next();
  await vi.waitFor(() => expect(client.told('resubscribing').length).toBeGreaterThan(1));
  await databaseProxy.restore();
  expect((await first).value?.data.scanResults.results.map((result) => result.id)).toEqual(before);
});

it('who missed more than is replayed is told, and reads it with the query', async () => {
  let url = app.webSocketUrl;
  const moving = aClient({ url: () => url, backoff: BACKOFF });
  try {
    const items = moving.subscribe(LiveResults);
    const begun = (await items.next()).value!.cursor;
    await app.stop();
    await append(30);
    // A server replays what it keeps in memory, whatever the limit: this one has just started.
    const late = await start({ GRAPHQL_REPLAY_LIMIT: '20' });
    others.push(late);
    url = late.webSocketUrl;
    const { value } = await items.next();
    expect(value?.gap).toEqual({ missed: 30, missedSince: begun });
    expect(value?.data.scanResults.results).toEqual([]);
    expect(moving.told('gap')).toMatchObject([{ missed: 30, missedSince: begun }]);
    const ids: string[] = [];
    for (let after = begun!; ids.length < 30; ) {
      const page = await moving.query(ResultPage, { variables: { first: 20, after, orderBy: { field: 'DETECTED_AT', direction: 'ASC' } } });
      ids.push(...page.scanResults.edges.map((edge) => edge.node.id));
      after = page.scanResults.pageInfo.endCursor!;
    }
    expect(ids).toEqual(await storedIds(undefined, late));
    await append(1);
    expect((await items.next()).value).toMatchObject({ gap: null, data: { scanResults: { phase: 'LIVE' } } });
  } finally {
    moving.close();
  }
});

it('mutations, changes of filters and opportunities go over the same socket', async () => {
  const changes = client.subscribe(LiveFilterChanges);
  await changes.next();
  const opportunities = client.subscribe(LiveOpportunities);
  await opportunities.next();
  const made = await client.mutate(CreateFilter, { variables: { input: { name: 'Over one socket', criteria: {} } } });
  if (made.filterCreate.__typename !== 'FilterCreatePayload') throw new Error('expected a filter');
  expect(made.filterCreate.filter).toMatchObject({ name: 'Over one socket', revision: 1 });
  expect((await changes.next()).value?.data.filterChanges.changes).toMatchObject([{ kind: 'CREATED', name: 'Over one socket' }]);
  expect(await scanAndWait(app, ['AAA'])).toBeGreaterThan(0);
  const change = (await opportunities.next()).value!.data.opportunities.changes[0]!;
  expect(change).toMatchObject({ kind: 'ENTERED', opportunity: { symbol: 'AAA', lastScore: expect.any(Number) } });
  expect(proxy.connections()).toBe(1);
});
