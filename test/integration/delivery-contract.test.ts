import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aResultDraft } from '../support/a-result-draft.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ITEM = `phase cursor missed missedSince delivery { contract maxRatePerSecond overflow buffer bufferBytes } results { id symbol }`;
const SUBSCRIPTION = `subscription ($filter: ScanResultFilter, $after: String, $snapshot: Int, $delivery: DeliveryInput) {
  scanResults(filter: $filter, after: $after, snapshot: $snapshot, delivery: $delivery) { ${ITEM} } }`;

interface Item {
  readonly phase: string;
  readonly cursor: string;
  readonly missed: number;
  readonly missedSince: string | null;
  readonly delivery: Record<string, unknown>;
  readonly results: readonly { readonly id: string; readonly symbol: string }[];
}

let database: TestDatabase;
let app: TestApp;
let appender: ResultAppender;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  appender = createResultAppender(database.url);
  app = await startTestApp({
    databaseUrl: database.url,
    env: { STREAM_POLL_INTERVAL_MS: '10', GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '50', GRAPHQL_REPLAY_LIMIT: '20' },
  });
  client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
});

const ends = new Set<() => void>();

afterEach(async () => {
  for (const end of ends) end();
  ends.clear();
  await vi.waitUntil(() => app.subscribers() === 0);
});

afterAll(async () => {
  await client.dispose();
  await app.stop();
  await appender.close();
  await database.drop();
});

/** Collects what a subscription is sent until it is ended. */
function collect(variables: Record<string, unknown>, query = SUBSCRIPTION) {
  const items: Item[] = [];
  const errors: unknown[] = [];
  const end = client.subscribe<{ scanResults: Item }>(
    { query, variables },
    { next: ({ data }) => items.push(data!.scanResults), error: (error) => errors.push(error), complete: () => {} },
  );
  ends.add(end);
  return { items, errors, end, ids: () => items.flatMap((item) => item.results.map((result) => result.id)) };
}

const globalId = (id: string) => Buffer.from(`ScanResult:${id}`).toString('base64');
const idsOf = (rows: readonly { id: string }[]) => rows.map((row) => globalId(row.id));
const drafts = (count: number, symbol = 'AAA') =>
  Array.from({ length: count }, () => aResultDraft({ symbol, legsKey: crypto.randomUUID() }));

describe('a subscription', () => {
  it('begins with its cursor and what was granted', async () => {
    const all = collect({});
    const modest = collect({ delivery: { contract: 'LATEST', maxRatePerSecond: 5, overflow: 'CONFLATE', buffer: 10 } });
    const greedy = collect({ delivery: { buffer: 1_000_000 } });
    await vi.waitFor(() => expect([all, modest, greedy].map(({ items }) => items.length)).toEqual([1, 1, 1]));
    expect(all.items[0]).toMatchObject({ phase: 'SNAPSHOT', missed: 0, missedSince: null, results: [] });
    expect(all.items[0]!.delivery).toEqual({
      contract: 'EVERY',
      maxRatePerSecond: null,
      overflow: 'CLOSE',
      buffer: 50,
      bufferBytes: 4_194_304,
    });
    expect(modest.items[0]!.delivery).toEqual({
      contract: 'LATEST',
      maxRatePerSecond: 5,
      overflow: 'CONFLATE',
      buffer: 10,
      bufferBytes: 4_194_304,
    });
    expect(greedy.items[0]!.delivery).toMatchObject({ buffer: 50 });
    for (const { end } of [all, modest, greedy]) end();
  });

  it('goes on after a cursor of its own or of a page, without loss or repetition', async () => {
    const before = collect({ snapshot: 3 });
    await vi.waitFor(() => expect(before.items).toHaveLength(1));
    const first = await appender.append(drafts(2));
    await vi.waitFor(() => expect(before.ids()).toEqual(expect.arrayContaining(idsOf(first))));
    before.end();
    const second = await appender.append(drafts(3));
    const after = collect({ after: before.items.at(-1)!.cursor });
    await vi.waitFor(() => expect(after.ids()).toEqual(idsOf(second)));
    expect(after.items[0]!.phase).toBe('REPLAY');
    const third = await appender.append(drafts(1));
    await vi.waitFor(() => expect(after.ids()).toEqual(idsOf([...second, ...third])));
    expect(after.items.at(-1)!.phase).toBe('LIVE');
    const { data } = await app.ask('{ scanResults(first: 2) { edges { cursor node { id } } } }');
    const fromPage = collect({ after: data.scanResults.edges[1].cursor });
    await vi.waitFor(() => expect(fromPage.ids()).toEqual([data.scanResults.edges[0].node.id]));
    after.end();
    fromPage.end();
  });

  it('of the newest rows of a filter begins with those', async () => {
    await appender.append([...drafts(2, 'SNAP'), ...drafts(2, 'OTHER'), ...drafts(1, 'SNAP')]);
    await vi.waitFor(async () => {
      const snapshot = collect({ snapshot: 2, filter: { symbols: { in: ['SNAP'] } } });
      await vi.waitFor(() => expect(snapshot.items.length).toBeGreaterThan(0));
      snapshot.end();
      expect(snapshot.items[0]!.results.map(({ symbol }) => symbol)).toEqual(['SNAP', 'SNAP']);
    });
  });

  it('that missed more than is replayed is told how much, and the query tells what', async () => {
    const begun = collect({ filter: { symbols: { in: ['MANY'] } } });
    await vi.waitFor(() => expect(begun.items).toHaveLength(1));
    begun.end();
    // What the server keeps in memory is replayed whatever the limit, so the cursor must lie before its start.
    const rows = await appender.append([...drafts(21, 'MANY'), ...drafts(5, 'OTHER')]);
    const late = await startTestApp({ databaseUrl: database.url, env: { GRAPHQL_REPLAY_LIMIT: '20' } });
    const other = createClient({ url: late.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const events = other.iterate<{ scanResults: Item }>({
      query: SUBSCRIPTION,
      variables: { filter: { symbols: { in: ['MANY'] } }, after: begun.items[0]!.cursor },
    });
    const item = (await events.next()).value.data.scanResults as Item;
    expect(item).toMatchObject({ phase: 'REPLAY', results: [], missed: 21, missedSince: begun.items[0]!.cursor });
    const { data } = await late.ask(
      `query ($after: String) { scanResults(filter: { symbols: { in: ["MANY"] } }, orderBy: { field: DETECTED_AT, direction: ASC }, first: 100, after: $after) {
        edges { node { id } } } }`,
      { after: item.missedSince },
    );
    expect(data.scanResults.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(
      idsOf(rows.filter((row) => row.symbol === 'MANY')),
    );
    await events.return?.();
    await other.dispose();
    await late.stop();
  });

  it.each([
    [{ after: 'nonsense' }, 'MALFORMED_CURSOR'],
    [{ snapshot: -1 }, 'VALIDATION_FAILED'],
    [{ snapshot: 1_000 }, 'LIMIT_EXCEEDED'],
    [{ delivery: { maxRatePerSecond: 0 } }, 'VALIDATION_FAILED'],
    [{ delivery: { buffer: -5 } }, 'VALIDATION_FAILED'],
  ])('is refused with %j', async (variables, code) => {
    const events = client.iterate({ query: SUBSCRIPTION, variables });
    const { value } = await events.next();
    expect(value.errors[0]).toMatchObject({ extensions: { code, requestId: expect.any(String) } });
    expect((await events.next()).done).toBe(true);
  });

  it('is told that its cursor names a place that does not exist', async () => {
    const ahead = collect({});
    await vi.waitFor(() => expect(ahead.items).toHaveLength(1));
    ahead.end();
    const empty = await createTestDatabase();
    const fresh = await startTestApp({ databaseUrl: empty.url });
    const other = createClient({ url: fresh.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    await expect(other.iterate({ query: SUBSCRIPTION, variables: { after: ahead.items[0]!.cursor } }).next()).rejects.toMatchObject([
      { message: expect.stringContaining('expected a cursor of this stream'), extensions: { code: 'MALFORMED_CURSOR' } },
    ]);
    await other.dispose();
    await fresh.stop();
    await empty.drop();
  });
});

/** How many items a subscription that begins now may have sent whenever that is asked: the first, one at once, and then as its rate says. */
function mostItems(ratePerSecond: number): () => number {
  const beganAtMs = performance.now();
  return () => 2 + Math.ceil((ratePerSecond * (performance.now() - beganAtMs)) / 1_000);
}

describe('the contract', () => {
  it('EVERY with a greatest rate sends all, together', async () => {
    const most = mostItems(2);
    const slow = collect({ filter: { symbols: { in: ['RATE'] } }, delivery: { maxRatePerSecond: 2 } });
    const quick = collect({ filter: { symbols: { in: ['RATE'] } } });
    await vi.waitFor(() => expect([slow.items.length, quick.items.length]).toEqual([1, 1]));
    const rows: { id: string }[] = [];
    for (let batch = 0; batch < 8; batch++) {
      rows.push(...(await appender.append(drafts(2, 'RATE'))));
      await vi.waitFor(() => expect(quick.ids()).toEqual(idsOf(rows)), { interval: 5 });
    }
    await vi.waitFor(() => expect(slow.ids()).toEqual(idsOf(rows)));
    expect(slow.items.length).toBeLessThanOrEqual(most());
    for (const { end } of [slow, quick]) end();
  });

  it('LATEST with a greatest rate sends the newest of each opportunity, and calls none missed', async () => {
    const most = mostItems(2);
    const latest = collect({ filter: { symbols: { in: ['NEW'] } }, delivery: { contract: 'LATEST', maxRatePerSecond: 2 } });
    const quick = collect({ filter: { symbols: { in: ['NEW'] } } });
    await vi.waitFor(() => expect([latest.items.length, quick.items.length]).toEqual([1, 1]));
    let newest: string[] = [];
    for (let batch = 0; batch < 6; batch++) {
      newest = idsOf(await appender.append(['one', 'two'].map((legsKey) => aResultDraft({ symbol: 'NEW', legsKey }))));
      await vi.waitFor(() => expect(quick.ids().slice(-2)).toEqual(newest), { interval: 5 });
    }
    await vi.waitFor(() => expect(latest.ids().slice(-2)).toEqual(newest));
    expect(latest.ids().length).toBeLessThanOrEqual(2 * most());
    expect(latest.items.every(({ missed }) => missed === 0)).toBe(true);
    for (const { end } of [latest, quick]) end();
  });
});
