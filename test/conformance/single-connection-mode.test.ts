import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const RESULTS = 'subscription ($after: String) { scanResults(after: $after) { phase cursor results { id } } }';
const STATUS = 'subscription { scanner { state } }';

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

async function storedIds(after: string | null): Promise<string[]> {
  const query =
    'query ($after: String) { scanResults(first: 500, after: $after, orderBy: { field: DETECTED_AT, direction: ASC }) { edges { node { id } } } }';
  const { data, errors } = await app.ask(query, { after });
  expect(errors).toBeUndefined();
  return data.scanResults.edges.map(({ node }: { node: { id: string } }) => node.id);
}

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

it('a client of one event stream that stops reading loses the operation that has too much to tell, and no other', async () => {
  const other = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA', 'BBB']),
    env: { GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS: '100', GRAPHQL_MAXIMUM_COST: '1000000' },
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
      { interval: 1 },
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
