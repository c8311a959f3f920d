import { readFile } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { type HttpRequestOptions, httpRequest } from '../support/http-request.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const FRIEND = 'https://app.example.com';
const OTHER_FRIEND = 'http://localhost:3000';
const BODY_LIMIT_BYTES = 4_096;
const JSON_TYPE = { 'content-type': 'application/json' };

let database: TestDatabase;
let proxy: TcpProxy;
/** With CORS origins, a small body limit and a database that can be cut. */
let app: TestApp;
/** Without CORS origins, GraphiQL and introspection. */
let closedApp: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  const env = { CORS_ORIGINS: `${FRIEND},${OTHER_FRIEND}`, HTTP_BODY_LIMIT_BYTES: String(BODY_LIMIT_BYTES) };
  app = await startTestApp({ databaseUrl: url.href, feed: aChainFeed(['AAA', 'BBB']), env });
  closedApp = await startTestApp({ databaseUrl: database.url, env: { GRAPHIQL: 'false', GRAPHQL_INTROSPECTION: 'false' } });
  await scanAndWait(app, ['AAA', 'BBB']);
});

afterAll(async () => {
  const clean = (await Promise.all([app.stop(), closedApp.stop()])).every(Boolean);
  proxy.close();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

const get = (path: string, options: HttpRequestOptions = {}, origin = app.origin) => httpRequest(origin + path, options);
const post = (body: HttpRequestOptions['body'], headers: Record<string, string> = {}, origin = app.origin) =>
  httpRequest(`${origin}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: body! });
const operation = (query: string) => JSON.stringify({ query });
const inQuery = (query: string) => `/graphql?${new URLSearchParams({ query }).toString()}`;
const errorOf = (answer: { json(): unknown }) =>
  (answer.json() as { errors: { message: string; extensions: Record<string, unknown> }[] }).errors[0]!;

describe('operations by GET', () => {
  it('are answered when they are queries', async () => {
    const answer = await get(inQuery('{ scanner { state } }'));
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ data: { scanner: { state: 'STOPPED' } } });
  });

  it('are refused when they are mutations, and do nothing', async () => {
    const answer = await get(inQuery('mutation { scannerStart { scanner { state } } }'));
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(app.scannerStatus().state).toBe('STOPPED');
  });
});

describe('requests that are not understood', () => {
  it.each<[string, HttpRequestOptions['body'], Record<string, string>, number, RegExp]>([
    ['JSON that is cut off', '{"query":', {}, 400, /^expected JSON, got /],
    ['JSON that is no object', '[{"query":"{ __typename }"}]', {}, 400, /^expected a JSON object with "query", got a list$/],
    ['null', 'null', {}, 400, /got null$/],
    ['nothing', '', {}, 400, /^expected JSON, got /],
    ['bytes that are no UTF-8', Buffer.from('7b227175657279223a22ff227d', 'hex'), {}, 400, /^expected JSON in UTF-8, got other bytes$/],
    [
      'a form',
      'query={__typename}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      /got application\/x-www-form-urlencoded$/,
    ],
    ['an upload', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415, /got multipart\/form-data/],
    ['plain text', operation('{ __typename }'), { 'content-type': 'text/plain' }, 415, /got text\/plain$/],
    ['a compressed body', operation('{ __typename }'), { 'content-encoding': 'gzip' }, 415, /got gzip$/],
  ])('say what was expected: %s', async (_name, body, headers, status, message) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).message).toMatch(message);
    expect(errorOf(answer).extensions).toEqual({ code: expect.any(String), requestId: answer.headers['x-request-id'] });
  });

  it('may announce UTF-8 in any way', async () => {
    for (const type of ['application/json;charset=utf-8', 'application/json; charset=UTF-8', 'Application/JSON'])
      expect((await post(operation('{ __typename }'), { 'content-type': type })).status).toBe(200);
  });
});

describe('bodies beyond the limit', () => {
  const bodyOf = (bytes: number) => operation('{ __typename }').padEnd(bytes, ' ');

  it('are answered up to the limit, whole or in chunks', async () => {
    const whole = bodyOf(BODY_LIMIT_BYTES);
    expect((await post(whole)).json()).toEqual({ data: { __typename: 'Query' } });
    expect((await post([whole.slice(0, 1_000), whole.slice(1_000)])).json()).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    ['announced by their length', bodyOf(BODY_LIMIT_BYTES + 1)],
    ['sent in chunks without a length', [bodyOf(BODY_LIMIT_BYTES), ' ']],
  ])('are refused when %s', async (_name, body) => {
    const answer = await post(body, { origin: FRIEND });
    expect(answer.status).toBe(413);
    expect(answer.headers.connection).toBe('close');
    expect(answer.headers['access-control-allow-origin']).toBe(FRIEND);
    expect(errorOf(answer)).toEqual({
      message: `expected at most ${BODY_LIMIT_BYTES} bytes in a request body, got ${BODY_LIMIT_BYTES + 1}`,
      extensions: {
        code: 'LIMIT_EXCEEDED',
        limit: 'bodyBytes',
        allowed: BODY_LIMIT_BYTES,
        requested: BODY_LIMIT_BYTES + 1,
        requestId: answer.headers['x-request-id'],
      },
    });
  });
});

describe('compression', () => {
  const PAGE = operation('{ scanResults(first: 50) { edges { node { id symbol reasons legs { symbol } } } } }');

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is used when asked for and worth it: %s', async (encoding, decompress) => {
    const [plain, compressed] = await Promise.all([post(PAGE), post(PAGE, { 'accept-encoding': encoding })]);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(compressed.headers['content-encoding']).toBe(encoding);
    expect(compressed.headers.vary).toMatch(/accept-encoding/i);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 2);
    expect(JSON.parse(decompress(compressed.body).toString())).toEqual(plain.json());
  });

  it('is not used for small answers', async () => {
    const answer = await post(operation('{ __typename }'), { 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('pages of other origins', () => {
  const ask = (origin: string, of = app) => post(operation('{ __typename }'), { origin }, of.origin);
  const preflight = (origin: string, of = app) =>
    get(
      '/graphql',
      {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      },
      of.origin,
    );

  it.each([FRIEND, OTHER_FRIEND])('may read answers when configured: %s', async (origin) => {
    const answer = await ask(origin);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request-id',
      vary: expect.stringContaining('Origin'),
    });
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'content-type',
    });
  });

  it.each(['https://evil.example.com', 'null'])('get no CORS header when not configured: %s', async (origin) => {
    for (const { headers } of await Promise.all([ask(origin), preflight(origin), ask(origin, closedApp), preflight(origin, closedApp)]))
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect((await ask(origin)).headers.vary).toContain('Origin');
  });

  it('may all read answers, without cookies, when * is configured', async () => {
    const open = await startTestApp({ databaseUrl: database.url, env: { CORS_ORIGINS: '*' } });
    try {
      const { headers } = await ask('https://any.example.com', open);
      expect(headers['access-control-allow-origin']).toBe('https://any.example.com');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    } finally {
      await open.stop();
    }
  });
});

describe('request ids', () => {
  it('come back when the client sends an acceptable one', async () => {
    const answer = await get('/health', { headers: { 'x-request-id': 'trace-1.A_b:2' } });
    expect(answer.headers['x-request-id']).toBe('trace-1.A_b:2');
  });

  it.each(['a b', '"quoted"', '{"level":60}', 'x'.repeat(129), ''])('are replaced when they could forge a log line: %s', async (forged) => {
    const answer = await get('/health', { headers: { 'x-request-id': forged } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });

  it('differ from request to request', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await get('/health')).headers['x-request-id']));
    expect(new Set(ids).size).toBe(5);
  });
});

describe('routes', () => {
  it.each(['/health', '/healthz'])('%s says that the process runs', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('/ready shows every part', async () => {
    // It is not known before the database has answered once.
    await vi.waitFor(async () => expect((await get('/ready')).status).toBe(200));
    const answer = await get('/ready');
    expect(answer.json()).toMatchObject({
      ready: true,
      checks: { server: { ok: true }, database: { ok: true }, results: { ok: true }, bus: { ok: true }, scanner: { ok: true } },
    });
  });

  it('/metrics shows what docs/metrics.md describes, no more and no less', async () => {
    const described = [
      ...(await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')).matchAll(/^\| `(strikewire_\w+)` \| (\w+)/gm),
    ];
    const shown = [...(await get('/metrics')).body.toString().matchAll(/^# TYPE (strikewire_\w+) (\w+)$/gm)];
    const namesAndTypes = (matches: RegExpExecArray[]) => matches.map(([, name, type]) => `${name} ${type}`).sort();
    expect(described.length).toBeGreaterThan(10);
    expect(namesAndTypes(shown)).toEqual(namesAndTypes(described));
  });

  it('that do not exist are answered with those that do', async () => {
    const answer = await get('/nope');
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ error: expect.stringMatching(/^expected one of \/graphql, .*, got \/nope$/) });
    expect((await get('/graphiql', {}, closedApp.origin)).status).toBe(404);
  });

  it.each(['/health', '/healthz', '/ready', '/metrics', '/graphiql'])('%s is for reading', async (path) => {
    const refused = await get(path, { method: 'POST' });
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  it('/graphql refuses methods that neither GraphQL nor event streams know', async () => {
    const refused = await get('/graphql', { method: 'PATCH', headers: JSON_TYPE, body: operation('{ __typename }') });
    expect(refused.status).toBe(405);
    expect(refused.headers.allow).toMatch(/GET.*POST/);
  });
});

describe('GraphiQL', () => {
  const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it.each(['/', '/graphql'])('is where a browser is sent from %s', async (path) => {
    const answer = await get(path, { headers: BROWSER });
    expect([answer.status, answer.headers.location]).toEqual([303, '/graphiql']);
  });

  it('comes compressed, with an ETag that saves sending it again', async () => {
    const answer = await get('/graphiql', { headers: { ...BROWSER, 'accept-encoding': 'gzip, br' } });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'br', vary: 'accept-encoding' });
    const { etag } = answer.headers;
    const gzipped = await get('/graphiql', { headers: { ...BROWSER, 'accept-encoding': 'gzip' } });
    const page = gunzipSync(gzipped.body);
    expect(brotliDecompressSync(answer.body).equals(page)).toBe(true);
    expect(answer.body.length).toBeLessThan(page.length / 2);
    expect(page.toString()).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
    const again = await get('/graphiql', { headers: { ...BROWSER, 'if-none-match': etag! } });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    expect((await get('/graphiql', { headers: { 'if-none-match': '"other"', 'accept-encoding': 'gzip' } })).status).toBe(200);
  });

  it('is not there when it is switched off', async () => {
    expect((await get('/graphql', { headers: BROWSER }, closedApp.origin)).status).not.toBe(303);
  });
});

describe('introspection switched off', () => {
  const QUERY = '{ __schema { types { name } } }';
  const REFUSED = /introspection/;

  it('is refused by POST, by GET, over server-sent events and over WebSocket', async () => {
    expect(errorOf(await post(operation(QUERY), {}, closedApp.origin)).message).toMatch(REFUSED);
    expect(errorOf(await get(inQuery(QUERY), {}, closedApp.origin)).message).toMatch(REFUSED);
    const events = await post(operation(QUERY), { accept: 'text/event-stream' }, closedApp.origin);
    expect(events.body.toString()).toMatch(REFUSED);
    expect(events.body.toString()).not.toContain('ScanResult');
    const client = createClient({ url: closedApp.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    await expect(client.iterate({ query: QUERY }).next()).rejects.toEqual(
      ['__schema', 'types'].map((field) => ({
        message: expect.stringMatching(new RegExp(`introspection.*"${field}"`)),
        locations: [expect.anything()],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
      })),
    );
    await client.dispose();
  });

  it('leaves operations and __typename alone', async () => {
    expect((await closedApp.ask('{ __typename scanner { state } }')).errors).toBeUndefined();
    expect((await app.ask(QUERY)).data.__schema.types.length).toBeGreaterThan(20);
  });
});

describe('while the database is away', () => {
  it('errors are masked, /ready names the failing part, and all is well when it is back', async () => {
    proxy.cut();
    try {
      const answer = await post(operation('{ scanResults { edges { cursor } } }'), { 'x-request-id': 'cut-1' });
      expect(errorOf(answer)).toMatchObject({
        message: 'Unexpected error.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'cut-1' },
      });
      expect(answer.body.toString()).not.toMatch(/CONNECT|127\.0\.0\.1|postgres|\.ts/i);
      expect(app.logs.find((entry) => entry.requestId === 'cut-1' && entry.level === 50)).toMatchObject({
        err: { stack: expect.any(String) },
      });
      const ready = await get('/ready');
      expect(ready.status).toBe(503);
      expect(ready.json()).toMatchObject({ ready: false, checks: { server: { ok: true }, database: { ok: false }, bus: { ok: true } } });
      expect((await get('/health')).status).toBe(200);
      expect((await app.ask('{ scanner { state } }')).errors).toBeUndefined();
    } finally {
      await proxy.restore();
    }
    await vi.waitFor(async () => expect((await get('/ready')).status).toBe(200));
    expect((await app.ask('{ scanResults { edges { cursor } } }')).errors).toBeUndefined();
  });
});
