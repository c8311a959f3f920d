import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChain, aChainFeed, type ChainFeed } from '../support/a-chain-feed.ts';
import { metricValue } from '../support/metric-value.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

/** So long that nothing is found by looking: what arrives came over the bus. */
const NEVER_MS = '60000';

interface Change {
  readonly kind: 'ENTERED' | 'UPDATED' | 'LEFT';
  readonly opportunity: {
    readonly id: string;
    readonly strategy: string;
    readonly leaveReason: string | null;
    readonly filterRevision: number;
    readonly legs: readonly { readonly symbol: string }[];
  };
}

interface Result {
  readonly strategy: string;
  readonly filterRevision: number;
}

interface Filter {
  readonly id: string;
  readonly revision: number;
}

interface FilterChange {
  readonly revision: number;
  readonly filter: { readonly id: string };
}

let database: TestDatabase;
let redis: TestRedis;
let feeds: readonly ChainFeed[];
let apps: readonly TestApp[];
/** Of filters, as each server has told its subscribers. */
let changes: readonly (readonly FilterChange[])[];
let stops: (() => unknown)[];

beforeAll(async () => {
  redis = await startTestRedis();
});

afterAll(() => redis.close());

beforeEach(async () => {
  database = await createTestDatabase();
  stops = [];
  feeds = [aChainFeed(['AAA']), aChainFeed(['AAA'])];
  // The market stands still: what comes and goes does so because of the filter.
  const chain = aChain('AAA');
  for (const feed of feeds) feed.answer('AAA', () => chain);
  const env = { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: NEVER_MS, SCANNER_RESULTS_PER_FILTER: '10000' };
  apps = await Promise.all(feeds.map((feed) => startTestApp({ databaseUrl: database.url, feed, env })));
  for (const app of apps) await vi.waitUntil(async () => (await metricValue(app, 'strikewire_bus_connected')) === 1);
  changes = await Promise.all(
    apps.map((app) =>
      follow<FilterChange>(
        app,
        'subscription { filterChanges { changes { revision filter { id } } } }',
        ({ filterChanges }: Record<string, { changes: readonly FilterChange[] }>) => filterChanges!.changes,
        null,
      ),
    ),
  );
  // So that what is stored is what the filter of the test has found.
  const [app] = apps as [TestApp];
  const { data } = await app.ask('{ filters(first: 20) { edges { node { id revision } } } }');
  for (const { node } of data.filters.edges) {
    await app.ask('mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { __typename } }', {
      input: { id: node.id, expectedRevision: node.revision, enabled: false },
    });
  }
});

afterEach(async () => {
  for (const stop of stops) await stop();
  const clean = await Promise.all(apps.map((app) => app.stop()));
  await database.drop();
  if (clean.includes(false)) throw new Error('expected clean stops');
});

async function create(app: TestApp, criteria: object): Promise<Filter> {
  const { data } = await app.ask(
    'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id revision } } } }',
    { input: { name: 'Saved', criteria } },
  );
  await inForce(data.filterCreate.filter);
  return data.filterCreate.filter;
}

async function update(app: TestApp, { id, revision }: Filter, change: object): Promise<Filter> {
  const { data } = await app.ask(
    'mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { ... on FilterUpdatePayload { filter { id revision } } } }',
    { input: { id, expectedRevision: revision, ...change } },
  );
  await inForce(data.filterUpdate.filter);
  return data.filterUpdate.filter;
}

/** What a subscription has sent, as it comes; resolves when it has begun. */
async function follow<Row>(
  app: TestApp,
  query: string,
  rowsOf: (data: Record<string, never>) => readonly Row[],
  filter: Filter | null,
): Promise<Row[]> {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  stops.push(() => client.dispose());
  const rows: Row[] = [];
  let hasBegun = false;
  client.subscribe<Record<string, never>>(
    { query, ...(filter && { variables: { ids: [filter.id] } }) },
    {
      next: ({ data, errors }) => {
        expect(errors).toBeUndefined();
        hasBegun = true;
        rows.push(...rowsOf(data!));
      },
      error: (error) => {
        throw error;
      },
      complete: () => {},
    },
  );
  await vi.waitUntil(() => hasBegun);
  return rows;
}

/** Waits until every server scans with the revision; their subscribers are told of it afterwards. */
async function inForce({ id, revision }: Filter): Promise<void> {
  for (const known of changes) await vi.waitUntil(() => known.some((change) => change.filter.id === id && change.revision === revision));
}

const opportunitiesOf = (app: TestApp, filter: Filter) =>
  follow<Change>(
    app,
    `subscription ($ids: [ID!]) { opportunities(filter: { filterIds: $ids }) {
      changes { kind opportunity { id strategy leaveReason filterRevision legs { symbol } } } } }`,
    ({ opportunities }: Record<string, { changes: readonly Change[] }>) => opportunities!.changes,
    filter,
  );

const resultsOf = (app: TestApp, filter: Filter) =>
  follow<Result>(
    app,
    'subscription ($ids: [ID!]) { scanResults(filter: { filterIds: $ids }) { results { strategy filterRevision } } }',
    ({ scanResults }: Record<string, { results: readonly Result[] }>) => scanResults!.results,
    filter,
  );

const legsOf = ({ opportunity }: Change) => opportunity.legs.map(({ symbol }) => symbol).join(' ');
const strategiesOf = (rows: readonly { readonly strategy: string }[]) => new Set(rows.map(({ strategy }) => strategy));

/** By kind, the legs of the opportunities that were told. */
function told(rows: readonly Change[]): Record<Change['kind'], readonly string[]> {
  const of = (kind: Change['kind']) =>
    rows
      .filter((change) => change.kind === kind)
      .map(legsOf)
      .toSorted();
  return { ENTERED: of('ENTERED'), UPDATED: of('UPDATED'), LEFT: of('LEFT') };
}

const strategies = (...list: string[]) => ({ strategies: { in: list } });

describe('subscribers bound to a saved filter whose criteria change, at two servers', () => {
  it('are told which opportunities leave and enter because of it, and no others, within the next scan', async () => {
    const [one, two] = apps as [TestApp, TestApp];
    const filter = await create(one, strategies('LONG_CALL', 'LONG_PUT'));
    const live = await Promise.all(apps.map((app) => opportunitiesOf(app, filter)));
    const stored = await scanAndWait(two, ['AAA']);
    for (const rows of live) await vi.waitUntil(() => rows.length >= stored && stored > 0);
    const before = live.map((rows) => rows.splice(0));
    // Changed at one server, scanned by the other.
    const changed = await update(one, filter, { criteria: strategies('LONG_PUT', 'BULL_PUT_SPREAD') });
    await scanAndWait(two, ['AAA']);
    for (const [index, rows] of live.entries()) {
      const known = before[index]!;
      const strategyOf = new Map(known.map((change) => [legsOf(change), change.opportunity.strategy]));
      const excluded = [...strategyOf].flatMap(([legs, strategy]) => (strategy === 'LONG_CALL' ? [legs] : [])).toSorted();
      const kept = [...strategyOf].flatMap(([legs, strategy]) => (strategy === 'LONG_PUT' ? [legs] : [])).toSorted();
      expect(excluded.length * kept.length).toBeGreaterThan(0);
      await vi.waitFor(() => {
        const { ENTERED, UPDATED, LEFT } = told(rows);
        expect(LEFT).toEqual(excluded);
        expect(UPDATED).toEqual(kept);
        expect(ENTERED.length).toBeGreaterThan(0);
      });
      const entered = rows.filter(({ kind }) => kind === 'ENTERED');
      expect(strategiesOf(entered.map(({ opportunity }) => opportunity))).toEqual(new Set(['BULL_PUT_SPREAD']));
      expect(rows.every(({ opportunity }) => opportunity.filterRevision === changed.revision)).toBe(true);
      const left = rows.filter(({ kind }) => kind === 'LEFT');
      expect(new Set(left.map(({ opportunity }) => opportunity.leaveReason))).toEqual(new Set(['FILTER_CHANGED']));
      // Those that stay are the same ones.
      const ids = new Set(known.map(({ opportunity }) => opportunity.id));
      expect(rows.filter(({ kind }) => kind === 'UPDATED').every(({ opportunity }) => ids.has(opportunity.id))).toBe(true);
    }
    await vi.waitFor(() => {
      const [atOne, atTwo] = live.map((rows) => rows.map(({ kind, opportunity: { id } }) => `${kind} ${id}`));
      expect(atOne).toEqual(atTwo);
    });
  });

  it('are told the results of the new revision, and none of the old one any more', async () => {
    const [one, two] = apps as [TestApp, TestApp];
    const filter = await create(one, strategies('LONG_CALL'));
    const live = await Promise.all(apps.map((app) => resultsOf(app, filter)));
    const stored = await scanAndWait(two, ['AAA']);
    for (const results of live) await vi.waitUntil(() => results.length === stored && stored > 0);
    for (const results of live) expect(strategiesOf(results.splice(0))).toEqual(new Set(['LONG_CALL']));
    const { revision } = await update(one, filter, { criteria: strategies('LONG_PUT') });
    for (const by of [two, one]) await scanAndWait(by, ['AAA']);
    for (const results of live) {
      await vi.waitUntil(() => results.length > 0);
      expect(strategiesOf(results)).toEqual(new Set(['LONG_PUT']));
      expect(results.every(({ filterRevision }) => filterRevision === revision)).toBe(true);
    }
  });

  it('are told nothing of a change that leaves the criteria as they are, but that the opportunities go on', async () => {
    const [one, two] = apps as [TestApp, TestApp];
    const filter = await create(one, strategies('LONG_CALL'));
    const live = await opportunitiesOf(one, filter);
    const stored = await scanAndWait(two, ['AAA']);
    await vi.waitUntil(() => live.length === stored && stored > 0);
    live.length = 0;
    await update(one, filter, { description: 'Another description' });
    expect(await scanAndWait(two, ['AAA'])).toBe(0);
    await vi.waitUntil(() => live.length === stored);
    expect(new Set(live.map(({ kind }) => kind))).toEqual(new Set(['UPDATED']));
  });
});
