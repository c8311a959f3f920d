import { createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { requestScan, scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const RESULTS = 'subscription { scanResults { cursor results { symbol filter { name } } } }';
const STATUS = 'subscription { scanner { state } }';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']) });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(() => nothingIsLeft(app));

interface Events {
  readonly response: Response;
  /** What has arrived so far. */
  text(): string;
  /** Resolves when the server ends the answer; rejects when the connection was cut. */
  readonly ended: Promise<void>;
  disconnect(): void;
}

async function subscribe(query: string, { method = 'POST', origin = app.origin } = {}): Promise<Events> {
  const controller = new AbortController();
  const url = new URL('/graphql', origin);
  if (method === 'GET') url.searchParams.set('query', query);
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'accept-encoding': 'gzip, br' },
    ...(method === 'POST' && { body: JSON.stringify({ query }) }),
    signal: controller.signal,
  });
  let text = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  const ended = read();
  ended.catch(() => {});
  return { response, text: () => text, ended, disconnect: () => controller.abort() };
}

/** The payloads of the `next` events. */
function payloadsOf(text: string) {
  return [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(
    ([, json]) => JSON.parse(json!) as { data?: Record<string, unknown>; errors?: { message: string; extensions: unknown }[] },
  );
}

describe('an event', () => {
  it('tells what is true when it is sent, not what an earlier event has loaded', async () => {
    const events = await subscribe('subscription { scanResults { results { symbol underlying { scannedAt } } } }');
    /** As each event told it. */
    const told = () =>
      payloadsOf(events.text()).map(({ data }) => {
        const { results } = data!.scanResults as { results: { underlying: { scannedAt: string } }[] };
        return results[0]?.underlying.scannedAt;
      });
    await vi.waitFor(() => expect(told()).toEqual([undefined]));
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(told().length).toBeGreaterThan(1));
    const first = told()[1]!;
    const before = told().length;
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(told().length).toBeGreaterThan(before));
    expect(Date.parse(told().at(-1)!)).toBeGreaterThan(Date.parse(first));
    events.disconnect();
  });
});

describe('the graphql-sse client, with a connection for each operation', () => {
  it('gets the results of a subscription, until it has enough', async () => {
    const client = createClient({ url: `${app.origin}/graphql`, retryAttempts: 0 });
    const events = client.iterate<{ scanResults: { results: { symbol: string }[] } }>({ query: RESULTS });
    expect((await events.next()).value.data.scanResults.results).toEqual([]);
    await scanAndWait(app, ['BBB']);
    expect((await events.next()).value.data.scanResults.results[0].symbol).toBe('BBB');
    await events.return?.();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    client.dispose();
  });

  it('gets the answers of queries', async () => {
    const client = createClient({ url: `${app.origin}/graphql`, retryAttempts: 0 });
    const events = client.iterate({ query: '{ scanner { state } }' });
    expect((await events.next()).value).toEqual({ data: { scanner: { state: 'STOPPED' } } });
    expect((await events.next()).done).toBe(true);
    client.dispose();
  });
});

describe.each(['GET', 'POST'])('a subscription by %s', (method) => {
  it('is answered with events that are neither compressed nor cached', async () => {
    const events = await subscribe(STATUS, { method });
    expect(events.response.status).toBe(200);
    expect(events.response.headers.get('content-type')).toBe('text/event-stream');
    expect(events.response.headers.get('cache-control')).toMatch(/no-cache/);
    expect(events.response.headers.get('content-encoding') ?? 'none').toBe('none');
    expect(events.response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await vi.waitFor(() => expect(payloadsOf(events.text())).toContainEqual({ data: { scanner: { state: 'STOPPED' } } }));
    events.disconnect();
  });

  it('delivers each event as it happens', async () => {
    const events = await subscribe(RESULTS, { method });
    await vi.waitFor(() => expect(payloadsOf(events.text())).toMatchObject([{ data: { scanResults: { results: [] } } }]));
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(payloadsOf(events.text()).length).toBeGreaterThan(1));
    const delivered = payloadsOf(events.text()).length;
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(() => expect(payloadsOf(events.text()).length).toBeGreaterThan(delivered));
    events.disconnect();
  });
});

it('a client that disconnects frees its subscription, before the first event and after', async () => {
  const [waiting, served] = await Promise.all([subscribe(RESULTS), subscribe(STATUS)]);
  await vi.waitFor(() => expect(payloadsOf(served.text()).length).toBeGreaterThan(0));
  await vi.waitFor(() => expect(app.subscribers()).toBe(2));
  waiting.disconnect();
  served.disconnect();
  await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  await scanAndWait(app, ['AAA']);
});

it('a refused subscription is answered with its errors and ends', async () => {
  const events = await subscribe('subscription { scanResults(filter: { delta: { min: 2, max: 1 } }) { cursor } }');
  await events.ended;
  expect(payloadsOf(events.text())[0]?.errors?.[0]).toMatchObject({ extensions: { code: 'VALIDATION_FAILED' } });
  expect(events.text()).toContain('event: complete');
});

it('a server that stops completes the subscriptions', async () => {
  const other = await startTestApp({ databaseUrl: database.url });
  try {
    const events = await subscribe(RESULTS, { origin: other.origin });
    await requestScan(other, ['AAA']);
    await vi.waitFor(() => expect(payloadsOf(events.text()).length).toBeGreaterThan(0));
    expect(await other.stop()).toBe(true);
    await events.ended;
    expect(events.text()).toMatch(/event: complete\ndata:\n\n$/);
  } finally {
    await other.stop();
  }
});
