import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { metricValue } from '../support/metric-value.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { type Answer, startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

/** So long that nothing is found by looking: what arrives came over the bus. */
const NEVER_MS = '60000';

let database: TestDatabase;
let redis: TestRedis;
let apps: TestApp[];
let stops: (() => unknown)[];

beforeAll(async () => {
  redis = await startTestRedis();
});

afterAll(() => redis.close());

beforeEach(async () => {
  database = await createTestDatabase();
  apps = [];
  stops = [];
});

afterEach(async () => {
  for (const stop of stops) await stop();
  const clean = await Promise.all(apps.map((app) => app.stop()));
  await redis.start();
  await database.drop();
  if (clean.includes(false)) throw new Error(`expected clean stops, got ${JSON.stringify(apps.flatMap(({ logs }) => logs.slice(-5)))}`);
});

async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await startTestApp({ databaseUrl: database.url, env });
  apps.push(app);
  return app;
}

const isConnected = (app: TestApp, expected = 1) =>
  vi.waitFor(async () => expect(await metricValue(app, 'strikewire_bus_connected')).toBe(expected));

interface FilterState {
  readonly id: string;
  readonly revision: number;
}

async function create(app: TestApp, name: string): Promise<FilterState> {
  const { data } = await app.ask(
    'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id revision } } } }',
    { input: { name, criteria: {} } },
  );
  return data.filterCreate.filter;
}

async function update(app: TestApp, { id, revision }: FilterState, change: Record<string, unknown>): Promise<FilterState> {
  const { data } = await app.ask(
    'mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { ... on FilterUpdatePayload { filter { id revision } } } }',
    { input: { id, expectedRevision: revision, ...change } },
  );
  return data.filterUpdate.filter;
}

interface Batch {
  readonly phase: string;
  readonly cursor: string;
  readonly missed: number;
  readonly changes: readonly Record<string, unknown>[];
}

/** Everything a subscription sends, as it comes. */
function follow(app: TestApp, { after = null as string | null, fields = 'kind revision name enabled filter { id }' } = {}): Batch[] {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  stops.push(() => client.dispose());
  const batches: Batch[] = [];
  client.subscribe<{ filterChanges: Batch }>(
    {
      query: `subscription ($after: String) { filterChanges(after: $after) { phase cursor missed changes { ${fields} } } }`,
      variables: { after },
    },
    {
      next: ({ data, errors }) => {
        expect(errors).toBeUndefined();
        batches.push(data!.filterChanges);
      },
      error: (error) => {
        throw error;
      },
      complete: () => {},
    },
  );
  return batches;
}

const begun = (batches: readonly Batch[]) => vi.waitFor(() => expect(batches.length).toBeGreaterThan(0));
const told = (batches: readonly Batch[]) =>
  batches.flatMap(({ changes }) => changes.map(({ kind, revision, name }) => `${kind} ${revision} ${name}`));

describe('two servers over one database and one Redis', () => {
  let one: TestApp;
  let two: TestApp;

  beforeEach(async () => {
    const env = { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: NEVER_MS };
    [one, two] = await Promise.all([start(env), start(env)]);
    await Promise.all([isConnected(one), isConnected(two)]);
  });

  it("tell each other's changes of filters to those who subscribe, and apply them", async () => {
    const [fromOne, fromTwo] = [follow(one), follow(two)];
    await Promise.all([begun(fromOne), begun(fromTwo)]);
    expect(fromTwo[0]).toMatchObject({ phase: 'SNAPSHOT', changes: [], missed: 0 });
    const filter = await create(one, 'Everything');
    const changed = await update(two, filter, { enabled: false });
    await update(one, changed, { enabled: true, name: 'All of it' });
    for (const batches of [fromOne, fromTwo]) {
      await vi.waitFor(() => expect(told(batches)).toEqual(['CREATED 1 Everything', 'UPDATED 2 Everything', 'UPDATED 3 All of it']));
      expect(batches.slice(1).every(({ phase }) => phase === 'LIVE')).toBe(true);
    }
    // The other server scans with it.
    await scanAndWait(two, ['AAA']);
    const { data } = await two.ask(
      'query ($id: ID!) { scanResults(filter: { filterIds: [$id] }, first: 1) { edges { node { filterRevision } } } }',
      { id: filter.id },
    );
    expect(data.scanResults.edges).toEqual([{ node: { filterRevision: 3 } }]);
    expect(await metricValue(two, 'strikewire_bus_messages_received_total')).toBeGreaterThanOrEqual(2);
  });

  it('hear nothing of a server that has another database', async () => {
    const otherDatabase = await createTestDatabase();
    stops.push(otherDatabase.drop);
    const other = await startTestApp({ databaseUrl: otherDatabase.url, env: { REDIS_URL: redis.url } });
    stops.unshift(other.stop);
    await isConnected(other);
    const batches = follow(two);
    await begun(batches);
    // It has the number that the next change here will have.
    await create(other, 'Foreign');
    await create(one, 'Ours');
    await vi.waitFor(() => expect(told(batches)).toEqual(['CREATED 1 Ours']));
  });

  it('show while Redis is away, and again when it is back', async () => {
    await redis.stop();
    await Promise.all([isConnected(one, 0), isConnected(two, 0)]);
    const ready = async () => (await fetch(`${one.origin}/ready`)).json();
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ ready: true, checks: { bus: { ok: false } } }));
    const dropped = () => metricValue(one, 'strikewire_bus_messages_dropped_total');
    const before = await dropped();
    await create(one, 'Alone');
    // The change, and its entry in the audit trail.
    await vi.waitFor(async () => expect((await dropped()) - before).toBe(2));
    await redis.start();
    await Promise.all([isConnected(one), isConnected(two)]);
    // Number two of the stream shows the other that it lacks number one.
    const batches = follow(two);
    await begun(batches);
    await create(one, 'Together');
    await vi.waitFor(() => expect(told(batches)).toEqual(['CREATED 1 Alone', 'CREATED 1 Together']));
  });
});

describe('two servers over one database without Redis', () => {
  it('find the changes of each other by looking', async () => {
    const env = { STREAM_POLL_INTERVAL_MS: '20' };
    const [one, two] = await Promise.all([start(env), start(env)]);
    const batches = follow(two);
    await begun(batches);
    const filter = await create(one, 'Found');
    await update(one, filter, { enabled: false });
    await vi.waitFor(() => expect(told(batches)).toEqual(['CREATED 1 Found', 'UPDATED 2 Found']));
  });
});

describe('a server whose Redis hangs', () => {
  it('answers as always, and finds the changes of others by looking', async () => {
    const env = { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: '20' };
    const [one, two] = await Promise.all([start(env), start(env)]);
    await Promise.all([isConnected(one), isConnected(two)]);
    stops.push(redis.resume);
    redis.pause();
    const batches = follow(two);
    await begun(batches);
    await create(one, 'Meanwhile');
    await vi.waitFor(() => expect(told(batches)).toEqual(['CREATED 1 Meanwhile']));
    await isConnected(one, 0);
    redis.resume();
    await isConnected(one);
  });
});

describe('changes of filters', () => {
  const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
    filterChanges(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { kind at revision name description enabled criteria { score { min } } filter { id revision name } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  let app: TestApp;
  let page: (variables: Record<string, unknown>) => Promise<Answer['data']>;

  beforeEach(async () => {
    app = await start({});
    page = async (variables) => {
      const { data, errors } = await app.ask(PAGE, variables);
      if (errors) throw new Error(`expected a page, got ${JSON.stringify(errors)}`);
      return data.filterChanges;
    };
  });

  it('can be read page by page: the filter as each left it, and as it is now', async () => {
    const filter = await create(app, 'First name');
    await update(app, filter, { name: 'Second name', criteria: { score: { min: 70 } }, enabled: false });
    const { edges, pageInfo } = await page({ last: 2 });
    const now = { id: filter.id, revision: 2, name: 'Second name' };
    expect(edges.map((edge: { node: unknown }) => edge.node)).toMatchObject([
      { kind: 'CREATED', revision: 1, name: 'First name', enabled: true, criteria: { score: null }, filter: now },
      { kind: 'UPDATED', revision: 2, name: 'Second name', enabled: false, criteria: { score: { min: 70 } }, filter: now },
    ]);
    expect(pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const first = await page({ first: 3 });
    expect(first.edges.map((edge: { node: { kind: string } }) => edge.node.kind)).toEqual(['CREATED', 'CREATED', 'CREATED']);
    const rest = await page({ first: 100, after: first.pageInfo.endCursor });
    expect(rest.edges.slice(-2)).toEqual(edges);
    expect((await page({ last: 100, before: edges[0].cursor })).edges).toHaveLength(first.edges.length + rest.edges.length - 2);
  });

  it('can be followed from a cursor of a page or of an item, without loss', async () => {
    const live = follow(app);
    await begun(live);
    const filter = await create(app, 'Followed');
    await vi.waitFor(() => expect(told(live)).toHaveLength(1));
    const changed = await update(app, filter, { enabled: false });
    const { edges } = await page({ last: 1 });
    await update(app, changed, { enabled: true });
    const [fromItem, fromPage, fromStart] = [
      follow(app, { after: live[1]!.cursor }),
      follow(app, { after: edges[0].cursor }),
      follow(app, { after: live[0]!.cursor }),
    ];
    await vi.waitFor(() => expect(told(fromPage)).toEqual(['UPDATED 3 Followed']));
    await vi.waitFor(() => expect(told(fromItem)).toEqual(['UPDATED 2 Followed', 'UPDATED 3 Followed']));
    await vi.waitFor(() => expect(told(fromStart)).toEqual(['CREATED 1 Followed', 'UPDATED 2 Followed', 'UPDATED 3 Followed']));
    expect(fromStart.at(-1)!.cursor).toBe((await page({ last: 1 })).edges[0].cursor);
  });

  it('refuse cursors that are none', async () => {
    const { errors } = await app.ask(PAGE, { first: 1, after: 'nonsense' });
    expect(errors).toMatchObject([{ extensions: { code: 'MALFORMED_CURSOR' } }]);
  });
});
