import { createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const RESULTS = 'subscription ($after: String) { scanResults(after: $after) { phase cursor results { id } } }';
const STATUS = 'subscription { scanner { state } }';
const FILTER_CREATE = 'mutation ($name: String!) { filterCreate(input: { name: $name, criteria: {} }) { __typename } }';

let database: TestDatabase;
let app: TestApp;
const streams: EventStream[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']) });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(async () => {
  for (const { disconnect } of streams.splice(0)) disconnect();
  await nothingIsLeft(app);
});

interface Subscribing {
  readonly variables?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly method?: 'GET' | 'POST';
}

async function subscribe(query: string, { variables = {}, headers = {}, method = 'POST' }: Subscribing = {}): Promise<EventStream> {
  const url = new URL(`${app.origin}/graphql`);
  if (method === 'GET') {
    url.searchParams.set('query', query);
    url.searchParams.set('variables', JSON.stringify(variables));
  }
  const stream = await openEventStream(
    url,
    method === 'GET'
      ? { headers }
      : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) },
  );
  streams.push(stream);
  return stream;
}

/** The ids of the results in all events so far. */
function resultIds({ events }: EventStream): string[] {
  return events.flatMap(({ data }) => (data?.data?.scanResults?.results ?? []).map(({ id }: { id: string }) => id));
}

async function storedIds(after: string | null): Promise<string[]> {
  const query =
    'query ($after: String) { scanResults(first: 500, after: $after, orderBy: { field: DETECTED_AT, direction: ASC }) { edges { node { id } } } }';
  const { data, errors } = await app.ask(query, { after });
  expect(errors).toBeUndefined();
  return data.scanResults.edges.map(({ node }: { node: { id: string } }) => node.id);
}

describe('the answer', () => {
  it.each(['GET', 'POST'] as const)('to %s asks everything on the way not to hold events back', async (method) => {
    const { response, comments } = await subscribe(STATUS, { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('content-length')).toBeNull();
    await vi.waitFor(() => expect(comments[0]).toBe(''));
  });

  it.each([
    ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an argument that is refused', 'subscription { scanResults(delivery: { buffer: 0 }) { cursor } }', 'VALIDATION_FAILED'],
    ['a cursor that is none', 'subscription { scanResults(after: "nonsense") { cursor } }', expect.any(String)],
  ])('to %s is the error, then complete', async (_name, query, code) => {
    const { events, ended } = await subscribe(query);
    await ended;
    expect(events.map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(events[0]?.data.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code, requestId: expect.any(String) }) }),
    ]);
    expect(events[0]?.data.errors[0].extensions).not.toHaveProperty('http');
    expect(events[0]?.data).not.toHaveProperty('data.scanResults');
  });

  it('ends the subscription at once when its client goes away', async () => {
    const [one, two] = await Promise.all([subscribe(RESULTS), subscribe(RESULTS)]);
    await Promise.all([one, two].map((stream) => stream.event(({ event }) => event === 'next')));
    expect(app.subscribers()).toBe(2);
    one.disconnect();
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    await scanAndWait(app, ['AAA']);
    await two.event(({ data }) => data.data.scanResults.phase === 'LIVE');
  });
});

describe('the id of an event', () => {
  it.each([
    ['with the cursor selected', '{ cursor }'],
    ['with the cursor under another name', '{ cursor: phase place: cursor }'],
    ['without the cursor', '{ results { symbol } }'],
  ])('is the cursor of its item, %s', async (_name, selection) => {
    const reference = await subscribe(RESULTS);
    const stream = await subscribe(`subscription { scanResults ${selection} }`);
    await stream.event(({ event }) => event === 'next');
    await reference.event(({ event }) => event === 'next');
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(stream.events).toHaveLength(2));
    const live = await reference.event(({ data }) => data.data.scanResults.phase === 'LIVE');
    expect(live.lastEventId).toBe(live.data.data.scanResults.cursor);
    expect(stream.events[1]?.lastEventId).toBe(live.lastEventId);
    expect(stream.events[0]?.lastEventId).not.toBe('');
    expect(stream.events[0]?.lastEventId).not.toBe(live.lastEventId);
  });

  it('is missing where there is nothing to go back to', async () => {
    const [status, query] = await Promise.all([subscribe(STATUS), subscribe('{ scanner { state } }')]);
    await query.ended;
    expect((await status.event(() => true)).lastEventId).toBe('');
    expect(query.events.map(({ event, lastEventId }) => [event, lastEventId])).toEqual([
      ['next', ''],
      ['complete', ''],
    ]);
  });
});

describe('Last-Event-ID', () => {
  it.each(['GET', 'POST'] as const)('resumes by %s where the connection broke: nothing lost, nothing twice', async (method) => {
    const first = await subscribe(RESULTS, { method });
    const start = (await first.event(({ event }) => event === 'next')).lastEventId;
    const all: string[] = [];
    let lastEventId = start;
    for (let turn = 0; turn < 3; turn++) {
      const stream = await subscribe(RESULTS, { method, headers: { 'last-event-id': lastEventId } });
      await stream.event(({ event }) => event === 'next');
      await scanAndWait(app, ['AAA', 'BBB']);
      await stream.event(({ data }) => data.data.scanResults.phase === 'LIVE');
      stream.disconnect();
      await stream.ended.catch(() => {});
      all.push(...resultIds(stream));
      lastEventId = stream.events.at(-1)!.lastEventId;
      // While nobody listens.
      await scanAndWait(app, ['AAA']);
    }
    const last = await subscribe(RESULTS, { method, headers: { 'last-event-id': lastEventId } });
    const stored = await storedIds(start);
    await vi.waitFor(() => expect([...all, ...resultIds(last)]).toEqual(stored));
    expect(last.events[0]?.data.data.scanResults.phase).toBe('REPLAY');
  });

  it('counts more than `after`: the address of an event stream stays the same when it is opened again', async () => {
    const old = (await (await subscribe(RESULTS)).event(({ event }) => event === 'next')).lastEventId;
    await scanAndWait(app, ['AAA']);
    const recent = (await (await subscribe(RESULTS)).event(({ event }) => event === 'next')).lastEventId;
    const resumed = await subscribe(RESULTS, { variables: { after: old }, headers: { 'last-event-id': recent } });
    await resumed.event(({ event }) => event === 'next');
    expect(resultIds(resumed)).toEqual([]);
    const replayed = await subscribe(RESULTS, { variables: { after: old }, headers: { 'last-event-id': '' } });
    await replayed.event(({ event }) => event === 'next');
    expect(resultIds(replayed)).toEqual(await storedIds(old));
  });

  it('that is no cursor is refused', async () => {
    const { events, ended } = await subscribe(RESULTS, { headers: { 'last-event-id': '7' } });
    await ended;
    expect(events[0]?.data.errors[0].message).toMatch(/cursor/);
  });

  it('resumes filterChanges', async () => {
    const query = 'subscription { filterChanges { changes { filter { name } } } }';
    const first = await subscribe(query);
    const { lastEventId } = await first.event(({ event }) => event === 'next');
    expect(lastEventId).not.toBe('');
    first.disconnect();
    await app.ask(FILTER_CREATE, { name: 'Made meanwhile' });
    const again = await subscribe(query, { headers: { 'last-event-id': lastEventId } });
    const replay = await again.event(({ event }) => event === 'next');
    expect(JSON.stringify(replay.data.data.filterChanges.changes)).toContain('Made meanwhile');
    expect(replay.lastEventId).not.toBe(lastEventId);
  });
});

describe.each([
  ['distinct connections mode', false],
  ['single connection mode', true],
])('the graphql-sse client in %s', (_name, singleConnection) => {
  function connect() {
    return createClient({ url: `${app.origin}/graphql`, singleConnection: singleConnection as false, retryAttempts: 0 });
  }

  it('runs queries, mutations and subscriptions at once', async () => {
    const client = connect();
    const results = client.iterate<{ scanResults: { phase: string; results: { id: string }[] } }>({ query: RESULTS });
    const status = client.iterate({ query: STATUS });
    expect((await results.next()).value.data.scanResults.phase).toBe('SNAPSHOT');
    expect((await status.next()).value).toEqual({ data: { scanner: { state: 'STOPPED' } } });
    const query = client.iterate({ query: '{ scanner { state } }' });
    expect((await query.next()).value).toEqual({ data: { scanner: { state: 'STOPPED' } } });
    expect((await query.next()).done).toBe(true);
    const mutation = client.iterate({ query: FILTER_CREATE, variables: { name: `Over events ${singleConnection}` } });
    expect((await mutation.next()).value).toEqual({ data: { filterCreate: { __typename: 'FilterCreatePayload' } } });
    const stored = scanAndWait(app, ['BBB']);
    const live = await results.next();
    expect(live.value.data.scanResults.phase).toBe('LIVE');
    await stored;
    await results.return?.();
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    await status.next();
    await status.return?.();
    client.dispose();
  });

  it('is told mistakes in documents as errors of GraphQL', async () => {
    const client = connect();
    for (const query of ['subscription { nothing }', 'subscription {', 'subscription { scanResults(after: "nonsense") { cursor } }']) {
      const events = client.iterate({ query });
      expect((await events.next()).value).toMatchObject({
        errors: [{ message: expect.any(String), extensions: { requestId: expect.any(String) } }],
      });
      expect((await events.next()).done).toBe(true);
    }
    client.dispose();
  });

  it('ends everything when it is disposed of', async () => {
    const client = connect();
    const subscriptions = Array.from({ length: 5 }, () => client.iterate({ query: RESULTS }));
    await Promise.all(subscriptions.map((events) => events.next()));
    expect(app.subscribers()).toBe(5);
    client.dispose();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});

it('a server that stops completes the operations of both modes and ends their streams, also one without operations', async () => {
  const other = await startTestApp({ databaseUrl: database.url });
  try {
    const url = `${other.origin}/graphql`;
    const body = (extensions: object = {}) => JSON.stringify({ query: RESULTS, extensions });
    const headers = { 'content-type': 'application/json' };
    const distinct = await openEventStream(url, { method: 'POST', headers, body: body() });
    const tokens = await Promise.all([1, 2, 3].map(async () => (await fetch(url, { method: 'PUT' })).text()));
    const [busy, idle] = await Promise.all(tokens.slice(0, 2).map((token) => openEventStream(`${url}?token=${token}`)));
    await fetch(`${url}?token=${tokens[0]}`, { method: 'POST', headers, body: body({ operationId: '1' }) });
    await busy!.event(({ event }) => event === 'next');
    await distinct.event(({ event }) => event === 'next');
    expect(await other.stop()).toBe(true);
    await Promise.all([distinct.ended, busy!.ended, idle!.ended]);
    expect(distinct.events.at(-1)).toMatchObject({ event: 'complete', data: null });
    expect(busy!.events.at(-1)).toMatchObject({ event: 'complete', data: { id: '1' } });
    expect(idle!.events).toEqual([]);
  } finally {
    await other.stop();
  }
});
