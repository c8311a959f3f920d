import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { httpRequest } from '../support/http-request.ts';
import { metricValue } from '../support/metric-value.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const FRIEND = 'https://app.example.com';
const SECRET = 'a secret that is long enough for HS256';
const TIMEOUTS = {
  HTTP_HEADERS_TIMEOUT_MS: '1000',
  HTTP_REQUEST_TIMEOUT_MS: '1500',
  HTTP_KEEP_ALIVE_TIMEOUT_MS: '500',
  HTTP_IDLE_TIMEOUT_MS: '3000',
};
const MOZILLA = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';
const STATE = '/graphql?query=%7Bscanner%7Bstate%7D%7D';

let database: TestDatabase;
/** Without authentication, with a friend. */
let app: TestApp;
/** With authentication, behind a proxy on this machine, impatient. */
let guarded: TestApp;
const sockets: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { CORS_ORIGINS: FRIEND } });
  guarded = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { ...TIMEOUTS, AUTH_JWT_SECRET: SECRET, TRUSTED_PROXIES: 'loopback' },
  });
});

afterAll(async () => {
  const clean = (await Promise.all([app.stop(), guarded.stop()])).every(Boolean);
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface RawConnection {
  readonly socket: Socket;
  /** Everything received, once the server has closed the connection. */
  readonly ended: Promise<string>;
}

function rawConnection(to: TestApp, text: string | Buffer = ''): RawConnection {
  const socket = connect(to.address.port, '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.on('error', () => {});
  const ended = once(socket, 'close').then(() => received);
  if (text.length > 0) socket.write(text);
  return { socket, ended };
}

const withId = /\r\nx-request-id: [\w.:-]{1,128}\r\n/i;

describe('operations by GET that a page of another site can have sent', () => {
  const get = (headers: Record<string, string>) => httpRequest(app.origin + STATE, { headers });

  it.each<[string, Record<string, string>]>([
    ['an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'user-agent': MOZILLA }],
    ['a page on another port', { 'sec-fetch-site': 'same-site', 'user-agent': MOZILLA }],
    ['an EventSource', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.com', accept: 'text/event-stream' }],
    ['a frame without an origin', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: '*/*' }],
    ['an old browser that tells the origin', { origin: 'https://evil.example.com' }],
    ['an old browser that tells the page', { referer: 'https://evil.example.com/page' }],
    ['an old browser that tells nothing', { 'user-agent': MOZILLA }],
    ['one with a form', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain; application/json' }],
  ])('are refused: %s', async (_what, headers) => {
    const answer = await get(headers);
    expect(answer.status).toBe(403);
    const [error] = /\{"errors".*\}/.exec(answer.body.toString()) ?? [];
    expect(JSON.parse(error!)).toEqual({
      errors: [
        {
          message: expect.stringContaining('x-requested-with'),
          extensions: { code: 'CROSS_SITE_REQUEST', requestId: answer.headers['x-request-id'] },
        },
      ],
    });
  });

  it.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['a page of this server', { 'sec-fetch-site': 'same-origin', 'user-agent': MOZILLA }],
    ['a person who types the address', { 'sec-fetch-site': 'none', 'user-agent': MOZILLA }],
    ['a friend', { 'sec-fetch-site': 'cross-site', origin: FRIEND, 'user-agent': MOZILLA }],
    ['an old browser on a page of this server', { referer: 'SELF', 'user-agent': MOZILLA }],
    ['one that needed permission, by a header', { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'x', 'user-agent': MOZILLA }],
    ['one that needed permission, by its type', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }],
  ])('are answered when they were not: %s', async (_what, headers) => {
    const answer = await get(
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('SELF', `${app.origin}/`)])),
    );
    expect([answer.status, answer.json()]).toEqual([200, { data: { scanner: { state: 'STOPPED' } } }]);
  });

  it('are all answered when any page may read them', async () => {
    const open = await startTestApp({ databaseUrl: database.url, env: { CORS_ORIGINS: '*' } });
    try {
      expect((await httpRequest(open.origin + STATE, { headers: { 'sec-fetch-site': 'cross-site', 'user-agent': MOZILLA } })).status).toBe(
        200,
      );
    } finally {
      await open.stop();
    }
  });

  it('are no HEAD', async () => {
    expect((await httpRequest(app.origin + STATE, { method: 'HEAD' })).status).toBe(405);
  });
});

describe('a server without authentication', () => {
  const rebound = { host: 'evil.example.com:4000' };

  it('answers only those who mean this machine, so that no page can take its place', async () => {
    const answer = await httpRequest(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { ...rebound, 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(answer.status).toBe(421);
    for (const path of ['/', '/graphiql', '/metrics', STATE])
      expect((await httpRequest(app.origin + path, { headers: rebound })).status).toBe(421);
    for (const path of ['/health', '/ready'])
      await vi.waitFor(async () => expect((await httpRequest(app.origin + path, { headers: rebound })).status).toBe(200));
    expect((await httpRequest(app.origin + STATE, { headers: { host: 'localhost:1' } })).status).toBe(200);
  });

  it('gives them no WebSocket either', async () => {
    const text = upgrade({ Host: 'evil.example.com', Origin: 'http://evil.example.com' });
    expect(await rawConnection(app, text).ended).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('with authentication any name will do', async () => {
    expect((await httpRequest(`${guarded.origin}/metrics`, { headers: rebound })).status).toBe(200);
  });
});

function upgrade(headers: Record<string, string> = {}, path = '/graphql'): string {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol': 'graphql-transport-ws',
    ...headers,
  };
  return `GET ${path} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
}

describe('every answer has the id of its request', () => {
  it.each<[string, string, number]>([
    ['nothing like HTTP', 'NONSENSE\r\n\r\n', 400],
    ['headers beyond all measure', `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['an expectation nobody knows', 'GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n', 417],
    ['a length that is none', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n', 400],
    [
      'two lengths (request smuggling)',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['a WebSocket elsewhere', upgrade({}, '/elsewhere'), 404],
    ['a WebSocket of a foreign page', upgrade({ Origin: 'https://evil.example.com' }), 403],
    ['a WebSocket of another version', upgrade({ 'Sec-WebSocket-Version': '7' }), 400],
    ['a WebSocket without a key', upgrade({ 'Sec-WebSocket-Key': 'x' }), 400],
    ['a WebSocket that a proxy has not passed on as one', upgrade({ Connection: 'close', Upgrade: '' }), 426],
    ['another protocol', upgrade({ Upgrade: 'h2c' }), 400],
    ['a WebSocket by POST', upgrade().replace('GET', 'POST'), 405],
  ])('%s', async (_what, text, status) => {
    const answer = await rawConnection(app, text).ended;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(withId);
  });

  it('takes that of the client for refused upgrades', async () => {
    const answer = await rawConnection(app, upgrade({ 'X-Request-Id': 'trace-7' }, '/elsewhere')).ended;
    expect(answer).toContain('x-request-id: trace-7\r\n');
    expect(answer).toContain('"requestId":"trace-7"');
  });

  it('also the one that opens a WebSocket', async () => {
    const { socket } = rawConnection(app, upgrade({ 'X-Request-Id': 'trace-8' }));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 101 .*\r\nx-request-id: trace-8\r\n/s);
  });
});

describe('clients that take their time', () => {
  const post = (authorization: string, rest: string) =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: ${authorization}\r\n${rest}`;
  const bearer = async () => {
    const token = new SignJWT({ roles: ['ADMIN'] }).setProtectedHeader({ alg: 'HS256' }).setSubject('me').setExpirationTime('1m');
    return `Bearer ${await token.sign(new TextEncoder().encode(SECRET))}`;
  };

  it.each<[string, (authorization: string) => string]>([
    ['say nothing', () => ''],
    ['send a part of the headers', () => 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow'],
    ['send a part of the body', (authorization) => post(authorization, 'Content-Length: 100\r\n\r\n{"query":')],
    ['send a chunk and no other', (authorization) => post(authorization, 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"que\r\n')],
  ])('are told so and cut when they %s', async (_what, text) => {
    const answer = await rawConnection(guarded, text(await bearer())).ended;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(withId);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
  });

  it('are cut without another word when they were refused before', async () => {
    const answer = await rawConnection(guarded, post('Bearer nonsense', 'Content-Length: 100\r\n\r\n{"query":')).ended;
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401']);
  });

  it('keep their connection only for so long after an answer', async () => {
    const answer = await rawConnection(guarded, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n').ended;
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are counted by their status', async () => {
    expect(await metricValue(guarded, 'strikewire_http_requests_total', { route: 'none', status: '408' })).toBeGreaterThan(0);
    expect(guarded.logs.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('more connections than may be', () => {
  it('are closed at once, counted and logged once; the others go on', async () => {
    // Patient: connections that it ends for other reasons would make room.
    const crowded = await startTestApp({
      databaseUrl: database.url,
      env: { HTTP_MAXIMUM_CONNECTIONS: '20', HTTP_KEEP_ALIVE_TIMEOUT_MS: '60000' },
    });
    try {
      const held = Array.from({ length: 20 }, () => rawConnection(crowded, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      const answers = await Promise.all(held.map(({ socket }) => once(socket, 'data')));
      expect(answers.filter(([answer]) => !String(answer).startsWith('HTTP/1.1 200 '))).toEqual([]);
      const beyond = Array.from({ length: 5 }, () => rawConnection(crowded));
      expect(await Promise.all(beyond.map(({ ended }) => ended))).toEqual(['', '', '', '', '']);
      expect(held.every(({ socket }) => !socket.destroyed)).toBe(true);
      for (const { socket } of held) socket.destroy();
      await vi.waitFor(async () =>
        expect(await metricValue(crowded, 'strikewire_http_connections_refused_total')).toBeGreaterThanOrEqual(5),
      );
      expect(crowded.logs.filter(({ maximumConnections }) => maximumConnections === 20)).toHaveLength(1);
    } finally {
      await crowded.stop();
    }
  });
});

describe('headers of answers', () => {
  it('keep browsers from making more of them than data', async () => {
    for (const path of ['/health', '/nope', STATE]) {
      expect((await httpRequest(app.origin + path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it('let GraphiQL run its own scripts and no others, in no frame', async () => {
    const { headers, body } = await httpRequest(`${app.origin}/graphiql`);
    const policy = String(headers['content-security-policy']);
    const scripts = body.toString().match(/<script/g)!.length;
    expect(policy.match(/'sha256-[\w+/]{43}='/g)!.length).toBeGreaterThanOrEqual(2);
    expect(policy.match(/'sha256-/g)!.length).toBeLessThanOrEqual(scripts);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${app.address.port} `);
    expect(policy).not.toMatch(/unsafe-eval|https?:|script-src[^;]*unsafe/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('demand TLS from those who use it, as a trusted proxy says', async () => {
    const of = async (to: TestApp) =>
      (await httpRequest(`${to.origin}/health`, { headers: { 'x-forwarded-proto': 'https' } })).headers['strict-transport-security'];
    expect(await of(guarded)).toMatch(/^max-age=\d+$/);
    expect(await of(app)).toBeUndefined();
  });
});

it('logs say who asked, behind trusted proxies', async () => {
  const ask = (to: TestApp, id: string) =>
    httpRequest(`${to.origin}/health`, { headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.7', 'x-request-id': id } });
  await Promise.all([ask(guarded, 'who-1'), ask(app, 'who-2')]);
  const clientOf = (to: TestApp, id: string) => vi.waitFor(() => to.logs.find(({ requestId }) => requestId === id)!.client);
  expect(await clientOf(guarded, 'who-1')).toBe('203.0.113.7');
  expect(await clientOf(app, 'who-2')).toBe('127.0.0.1');
});
