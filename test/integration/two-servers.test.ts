import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { metricValue } from '../support/metric-value.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

const RESULTS = 'subscription { scanResults { missed results { id } } }';

let database: TestDatabase;
let appender: ResultAppender;
let apps: TestApp[];
let clients: Client[];

beforeEach(async () => {
  database = await createTestDatabase();
  appender = createResultAppender(database.url);
  apps = [];
  clients = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  await Promise.all(apps.map((app) => app.stop()));
  await appender.close();
  await database.drop();
});

async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']), env });
  apps.push(app);
  return app;
}

/** What a client of a server receives; resolves when it is subscribed. */
async function follow(app: TestApp): Promise<{ ids: string[]; missed: () => number }> {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  clients.push(client);
  const ids: string[] = [];
  let missed = 0;
  await new Promise<void>((resolve, reject) => {
    client.subscribe<{ scanResults: { missed: number; results: { id: string }[] } }>(
      { query: RESULTS },
      {
        next: ({ data }) => {
          ids.push(...data!.scanResults.results.map((result) => result.id));
          missed += data!.scanResults.missed;
          resolve();
        },
        error: reject,
        complete: () => {},
      },
    );
  });
  return { ids, missed: () => missed };
}

async function expectAll(followers: readonly { ids: string[]; missed: () => number }[]): Promise<void> {
  const stored = await appender.stored();
  expect(stored).toEqual(stored.map((_, index) => index + 1));
  const { data } = await apps[0]!.ask(
    '{ scanResults(orderBy: { field: DETECTED_AT, direction: ASC }, first: 500) { edges { node { id } } } }',
  );
  const all = data.scanResults.edges.map((edge: { node: { id: string } }) => edge.node.id);
  expect(all).toHaveLength(stored.length);
  for (const follower of followers) {
    await vi.waitFor(() => expect(follower.ids).toEqual(all));
    expect(follower.missed()).toBe(0);
  }
}

it('over one database and nothing else deliver the results of each to the clients of both', async () => {
  const [one, two] = [await start({ STREAM_POLL_INTERVAL_MS: '50' }), await start({ STREAM_POLL_INTERVAL_MS: '50' })];
  const followers = [await follow(one), await follow(two)];
  await Promise.all([scanAndWait(one, ['AAA']), scanAndWait(two, ['BBB'])]);
  await Promise.all([scanAndWait(one, ['BBB']), scanAndWait(two, ['AAA'])]);
  await expectAll(followers);
  expect(await metricValue(one, 'strikewire_stream_rows_total', { stream: 'scan-results', source: 'database' })).toBeGreaterThan(0);
});

describe('with Redis between them', () => {
  let redis: TestRedis;

  beforeEach(async () => {
    redis = await startTestRedis();
  });

  afterEach(() => redis.close());

  it('deliver without looking at the database', async () => {
    const env = { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: '60000' };
    const [one, two] = [await start(env), await start(env)];
    await vi.waitFor(async () => {
      for (const app of [one, two]) expect(await metricValue(app, 'strikewire_bus_connected')).toBe(1);
    });
    const followers = [await follow(one), await follow(two)];
    await Promise.all([scanAndWait(one, ['AAA', 'BBB']), scanAndWait(two, ['BBB', 'AAA'])]);
    await expectAll(followers);
  });

  it('go on while Redis is away or hangs, and when it is back', async () => {
    const env = { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: '50' };
    const [one, two] = [await start(env), await start(env)];
    const followers = [await follow(one), await follow(two)];
    await scanAndWait(one, ['AAA']);
    await redis.stop();
    await Promise.all([scanAndWait(one, ['BBB']), scanAndWait(two, ['AAA'])]);
    await expectAll(followers);
    await redis.start();
    await scanAndWait(two, ['BBB']);
    redis.pause();
    await Promise.all([scanAndWait(one, ['AAA']), scanAndWait(two, ['BBB'])]);
    await expectAll(followers);
    redis.resume();
    await scanAndWait(one, ['BBB']);
    await expectAll(followers);
    expect(followers[0]!.ids.length).toBeGreaterThan(0);
  });
});
