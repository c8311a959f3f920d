import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
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
    await vi.waitFor(() => expect(comments).toEqual(['']));
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

describe('single connection mode', () => {
  const url = () => `${app.origin}/graphql`;

  async function reserve(): Promise<string> {
    const response = await fetch(url(), { method: 'PUT' });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    return response.text();
  }

  async function open(token: string): Promise<EventStream> {
    const stream = await openEventStream(url(), { headers: { 'x-graphql-event-stream-token': token } });
    streams.push(stream);
    return stream;
  }

  function run(token: string, operationId: string | null, query: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(url(), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
      body: JSON.stringify({ query, ...(operationId !== null && { extensions: { operationId } }) }),
    });
  }

  it('gives each client a token nobody guesses, and opens its stream once', async () => {
    const [one, two] = await Promise.all([reserve(), reserve()]);
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(one).not.toBe(two);
    const stream = await openEventStream(`${url()}?token=${one}`);
    streams.push(stream);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect((await open(one)).response.status).toBe(409);
    expect((await open('another')).response.status).toBe(404);
    stream.disconnect();
    await vi.waitFor(async () => expect((await run(one, '1', '{ __typename }')).status).toBe(404));
  });

  it('refuses operations without a stream, without an id, and with an id in use', async () => {
    const token = await reserve();
    await open(token);
    expect((await run('another', '1', RESULTS)).status).toBe(404);
    expect((await run(token, null, RESULTS)).status).toBe(400);
    expect((await run(token, '', RESULTS)).status).toBe(400);
    expect((await run(token, '1', RESULTS)).status).toBe(202);
    const refused = await run(token, '1', RESULTS);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'CONFLICT' } }] });
    expect(app.subscribers()).toBe(1);
  });

  it('answers each operation under its id, with the cursors of its items', async () => {
    const token = await reserve();
    const stream = await open(token);
    expect((await run(token, 'results', RESULTS)).status).toBe(202);
    expect((await run(token, 'status', STATUS)).status).toBe(202);
    expect((await run(token, 'query', '{ scanner { state } }')).status).toBe(202);
    const ofOperation = (id: string) => stream.events.filter(({ data }) => data.id === id);
    const snapshot = await stream.event(({ data }) => data.id === 'results');
    expect(snapshot.lastEventId).toBe(snapshot.data.payload.data.scanResults.cursor);
    await stream.event(({ event, data }) => event === 'complete' && data.id === 'query');
    expect(ofOperation('query').map(({ event, data }) => [event, data])).toEqual([
      ['next', { id: 'query', payload: { data: { scanner: { state: 'STOPPED' } } } }],
      ['complete', { id: 'query' }],
    ]);
    const deleted = await fetch(`${url()}?operationId=results`, { method: 'DELETE', headers: { 'x-graphql-event-stream-token': token } });
    expect(deleted.status).toBe(200);
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    await scanAndWait(app, ['AAA']);
    expect((await run(token, 'results', '{ again: __typename }')).status).toBe(202);
    await stream.event(({ event, data }) => event === 'complete' && data.id === 'results');
    expect(ofOperation('results').map(({ data }) => data.payload)).toEqual([
      snapshot.data.payload,
      { data: { again: 'Query' } },
      undefined,
    ]);
  });

  it('resumes an operation after Last-Event-ID', async () => {
    const token = await reserve();
    const stream = await open(token);
    await run(token, '1', RESULTS);
    const { lastEventId } = await stream.event(({ data }) => data.id === '1');
    stream.disconnect();
    await scanAndWait(app, ['AAA']);
    const other = await reserve();
    const again = await open(other);
    await run(other, '1', RESULTS, { 'last-event-id': lastEventId });
    const replay = await again.event(({ data }) => data.id === '1');
    expect(replay.data.payload.data.scanResults).toMatchObject({ phase: 'REPLAY' });
    expect(replay.data.payload.data.scanResults.results.map(({ id }: { id: string }) => id)).toEqual(await storedIds(lastEventId));
  });

  it('begins operations before the stream is open, and tells them then', async () => {
    const token = await reserve();
    expect((await run(token, '1', RESULTS)).status).toBe(202);
    await scanAndWait(app, ['AAA']);
    await scanAndWait(app, ['AAA']);
    const stream = await open(token);
    await stream.event(({ data }) => data.payload?.data.scanResults.phase === 'LIVE');
    expect(stream.events[0]?.data.payload.data.scanResults.phase).toBe('SNAPSHOT');
  });

  it('ends the operations when the client goes away', async () => {
    const token = await reserve();
    const stream = await open(token);
    for (const id of ['1', '2', '3']) await run(token, id, id === '3' ? STATUS : RESULTS);
    expect(app.subscribers()).toBe(3);
    stream.disconnect();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('has room for a bounded number of operations', async () => {
    const token = await reserve();
    const stream = await open(token);
    for (let number = 0; number < 256; number++) expect((await run(token, `s${number}`, STATUS)).status).toBe(202);
    expect((await run(token, 'more', STATUS)).status).toBe(429);
    stream.disconnect();
  });

  it('completes an operation only over a stream that exists', async () => {
    const remove = (query: string, headers: Record<string, string> = {}) => fetch(`${url()}${query}`, { method: 'DELETE', headers });
    expect((await remove('?operationId=1')).status).toBe(404);
    expect((await remove('?operationId=1', { 'x-graphql-event-stream-token': 'another' })).status).toBe(404);
    const token = await reserve();
    expect((await remove('', { 'x-graphql-event-stream-token': token })).status).toBe(400);
    expect((await remove('?operationId=unknown', { 'x-graphql-event-stream-token': token })).status).toBe(200);
    expect((await open(token)).response.status).toBe(200);
  });

  it('does not change anything by GET', async () => {
    const token = await reserve();
    await open(token);
    const address = new URL(url());
    address.searchParams.set('query', 'mutation { scannerStart { scanner { state } } }');
    address.searchParams.set('extensions', JSON.stringify({ operationId: 'm' }));
    const response = await fetch(address, { headers: { 'x-graphql-event-stream-token': token } });
    expect(response.status).toBe(405);
    // The id is free again.
    expect((await run(token, 'm', '{ __typename }')).status).toBe(202);
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

it('a client of one event stream that stops reading loses the operation that has too much to tell, and no other', async () => {
  const other = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA', 'BBB']),
    env: { GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '100' },
  });
  try {
    const token = await (await fetch(`${other.origin}/graphql`, { method: 'PUT' })).text();
    const address = `${other.origin}/graphql?token=${token}`;
    const run = (operationId: string, query: string) =>
      fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, extensions: { operationId } }),
      });
    const opened = request(address, { agent: false, headers: { accept: 'text/event-stream' } }).end();
    const [response] = (await once(opened, 'response')) as [IncomingMessage];
    response.pause();
    // Many times the same, so that what the system itself buffers is soon full.
    const parts = Array.from({ length: 100 }, (_, index) => `part${index}: scoreComponents { explanation }`);
    const everything = `subscription { scanResults { results { id ${parts.join(' ')} } } }`;
    expect((await run('results', everything)).status).toBe(202);
    expect((await run('filters', 'subscription { filterChanges { cursor } }')).status).toBe(202);
    await vi.waitFor(
      async () => {
        await scanAndWait(other, ['AAA', 'BBB']);
        expect(other.subscribers()).toBe(1);
      },
      { timeout: 25_000, interval: 1 },
    );
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    response.resume();
    await vi.waitFor(() => expect(text).toContain('event: complete\ndata: {"id":"results"}'));
    expect(text).toContain('"code":"SUBSCRIBER_TOO_SLOW"');
    expect(text).toContain('"id":"filters"');
    expect(text).not.toContain('event: complete\ndata: {"id":"filters"}');
    response.destroy();
    await vi.waitFor(() => expect(other.subscribers()).toBe(0));
  } finally {
    await other.stop();
  }
});
