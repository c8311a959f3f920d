import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { aSessionToken, type SessionToken } from '../support/a-session-token.ts';
import { TOKEN_SECRET } from '../support/a-token.ts';
import { metricValue } from '../support/metric-value.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const RESULTS = 'subscription { scanResults { missed results { id } } }';
const STATUS = 'subscription { scanner { state } }';
const SESSION = 'subscription { session { kind connectionId expiresAt } }';
const RENEW = `mutation ($token: String!) { sessionRenew(input: { token: $token }) {
  ... on SessionRenewPayload { expiresAt }
  ... on AuthenticationError { failure }
  ... on Error { __typename message }
} }`;

let database: TestDatabase;
let appender: ResultAppender;
let app: TestApp;
const clients: Client[] = [];
const sockets: RawSocket[] = [];
const streams: EventStream[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  appender = createResultAppender(database.url);
  const env = { AUTH_JWT_SECRET: TOKEN_SECRET, AUTH_CLOCK_TOLERANCE_SECONDS: '0', STREAM_POLL_INTERVAL_MS: '50' };
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env });
});

afterAll(async () => {
  const clean = await app.stop();
  await appender.close();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const { disconnect } of streams.splice(0)) disconnect();
  await nothingIsLeft(app);
});

async function connect({ authorization }: SessionToken): Promise<RawSocket> {
  const raw = openRawSocket(app.webSocketUrl);
  sockets.push(raw);
  await raw.opened;
  raw.send({ type: 'connection_init', payload: { authorization } });
  await raw.frame(({ type }) => type === 'connection_ack');
  return raw;
}

async function subscribe(raw: RawSocket, id: string, query: string): Promise<void> {
  raw.send({ type: 'subscribe', id, payload: { query } });
  await raw.frame((frame) => frame.id === id && frame.type === 'next');
}

async function renew(raw: RawSocket, token: string, id = `renewal of ${token.slice(-20)}`) {
  raw.send({ type: 'subscribe', id, payload: { query: RENEW, variables: { token } } });
  const { payload } = await raw.frame((frame) => frame.id === id && frame.type === 'next');
  return payload.data.sessionRenew as { __typename?: string; message?: string; failure?: string; expiresAt?: string };
}

describe('a connection whose token expires', () => {
  it('goes on, three times renewed, with a graphql-ws client that loses no result', async () => {
    const first = await aSessionToken({ expiresInMs: 6_000 });
    const client = createClient({
      url: app.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: first.authorization },
    });
    clients.push(client);
    let connections = 0;
    client.on('connected', () => connections++);
    const warnings: unknown[] = [];
    let isWarned = () => {};
    client.on('ping', (isReceived, payload) => {
      if (!isReceived || payload?.type !== 'SESSION_EXPIRING') return;
      warnings.push(payload.expiresAt);
      isWarned();
    });
    const ids: string[] = [];
    let missed = 0;
    const ended = new Promise((resolve, reject) => {
      client.subscribe<{ scanResults: { missed: number; results: { id: string }[] } }>(
        { query: RESULTS },
        {
          next({ data }) {
            ids.push(...data!.scanResults.results.map(({ id }) => id));
            missed += data!.scanResults.missed;
          },
          error: reject,
          complete: () => resolve('complete'),
        },
      );
    });
    ended.catch(() => {});
    const appended: string[] = [];
    let isAppending = true;
    const appending = (async () => {
      await vi.waitFor(() => expect(connections).toBe(1));
      await vi.waitFor(() => expect(app.subscribers()).toBe(1));
      while (isAppending) {
        const rows = await appender.append([aResultDraft(), aResultDraft()]);
        appended.push(...rows.map(({ id }) => Buffer.from(`ScanResult:${id}`).toString('base64')));
        await vi.waitFor(() => expect(ids.at(-1)).toBe(appended.at(-1)), { interval: 10 });
      }
    })();

    let expiresAtMs = first.expiresAtMs;
    for (let renewal = 1; renewal <= 3; renewal++) {
      await new Promise<void>((resolve) => {
        isWarned = resolve;
        if (warnings.length >= renewal) resolve();
      });
      expect(warnings).toHaveLength(renewal);
      expect(Math.abs(Date.parse(warnings.at(-1) as string) - expiresAtMs)).toBeLessThanOrEqual(1);
      const next = await aSessionToken({ expiresInMs: renewal === 3 ? 600_000 : 6_000 });
      ({ expiresAtMs } = next);
      const { value } = await client.iterate<{ sessionRenew: unknown }>({ query: RENEW, variables: { token: next.token } }).next();
      expect(value.data.sessionRenew).toEqual({ expiresAt: expect.stringMatching(/Z$/) });
    }
    // Beyond what the tokens before the last one were good for.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(first.expiresAtMs + 6_000));
    isAppending = false;
    await appending;
    expect(ids).toEqual(appended);
    const stored = await appender.stored();
    expect(stored).toEqual(stored.map((_, index) => index + 1));
    expect([missed, connections, stored.length]).toEqual([0, 1, appended.length]);
    expect(await metricValue(app, 'strikewire_session_renewals_total')).toBe(3);
  });

  it('is warned, then each subscription is told why it ends, and the connection closes with 4403', async () => {
    const raw = await connect(await aSessionToken({ expiresInMs: 6_000 }));
    for (const [id, query] of Object.entries({ results: RESULTS, status: STATUS, session: SESSION })) await subscribe(raw, id, query);
    const { code, reason } = await raw.closed;
    expect([code, reason]).toEqual([4403, expect.stringContaining('expected a token that has not expired')]);
    expect(raw.received).toContainEqual({ type: 'ping', payload: { type: 'SESSION_EXPIRING', expiresAt: expect.stringMatching(/Z$/) } });
    for (const id of ['results', 'status', 'session']) {
      expect(raw.of(id).at(-1)).toEqual({
        id,
        type: 'error',
        payload: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', failure: 'EXPIRED' }) })],
      });
      expect(raw.of(id).filter(({ type }) => type !== 'next')).toHaveLength(1);
    }
    expect(raw.of('session').map(({ payload }) => payload.data?.session.kind)).toEqual(['CURRENT', 'EXPIRING', undefined]);
    expect(app.subscribers()).toBe(0);
    expect(app.logs).toContainEqual(expect.objectContaining({ msg: 'a connection was ended', reason: 'expired', subject: 'somebody' }));
  });

  it('is ended in the midst of what it does, also when its client does not read', async () => {
    const raw = await connect(await aSessionToken({ expiresInMs: 6_000 }));
    await subscribe(raw, 'results', RESULTS);
    raw.socket.pause();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    raw.socket.resume();
    expect((await raw.closed).code).toBe(4403);
  });

  it('is gone before it was ever of use', async () => {
    // Whether the token expires before it is looked at or afterwards is open: a token's seconds may end in between.
    const { authorization } = await aSessionToken({ expiresInMs: 5 });
    const raw = openRawSocket(app.webSocketUrl);
    sockets.push(raw);
    await raw.opened;
    raw.send({ type: 'connection_init', payload: { authorization } });
    expect((await raw.closed).code).toBe(4403);
  });
});

describe('a renewal', () => {
  it('is told to those who follow their session', async () => {
    const raw = await connect(await aSessionToken());
    await subscribe(raw, 'session', SESSION);
    const next = await aSessionToken({ expiresInMs: 900_000 });
    expect(await renew(raw, next.token)).toEqual({ expiresAt: new Date(next.expiresAtMs).toISOString() });
    const { payload } = await raw.frame(({ id, payload: told }) => id === 'session' && told.data.session.kind === 'RENEWED');
    expect(payload.data.session.expiresAt).toBe(new Date(next.expiresAtMs).toISOString());
    expect(payload.data.session.connectionId).toBe(raw.of('session')[0]!.payload.data.session.connectionId);
  });

  it('comes with a ping as well, which is answered without the token', async () => {
    const raw = await connect(await aSessionToken());
    const next = await aSessionToken({ expiresInMs: 900_000 });
    raw.send({ type: 'ping', payload: { authorization: next.authorization } });
    const { payload } = await raw.frame(({ type }) => type === 'pong');
    expect(payload).toEqual({ type: 'SESSION_RENEWED', expiresAt: new Date(next.expiresAtMs).toISOString() });
    raw.send({ type: 'ping', payload: { authorization: (await aSessionToken({ subject: 'else' })).authorization } });
    const refused = await raw.frame(({ type, payload: told }) => type === 'pong' && told.type === 'SESSION_NOT_RENEWED');
    expect(refused.payload.error.extensions.code).toBe('SESSION_MISMATCH');
    raw.send({ type: 'ping', payload: { anything: 'else' } });
    await raw.frame(({ type, payload: told }) => type === 'pong' && told.anything === 'else');
    raw.send({ type: 'ping' });
    await vi.waitFor(() => expect(raw.received.at(-1)).toEqual({ type: 'pong' }));
  });

  it.each([
    ['another subject', { subject: 'somebody-else' }, 'SessionMismatchError'],
    ['more roles', { roles: ['ADMIN', 'TRADER'] }, 'SessionMismatchError'],
    ['other roles', { roles: ['TRADER'] }, 'SessionMismatchError'],
  ])('for %s is refused, and the connection goes on as it was', async (_what, claims, type) => {
    const raw = await connect(await aSessionToken());
    await subscribe(raw, 'session', SESSION);
    const answer = await renew(raw, (await aSessionToken(claims)).token);
    expect(answer.__typename).toBe(type);
    expect(raw.of('session')).toHaveLength(1);
    expect(raw.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('with what is no good token is refused, and says why', async () => {
    const raw = await connect(await aSessionToken());
    expect(await renew(raw, (await aSessionToken({ expiresInMs: -5_000 })).token)).toMatchObject({
      __typename: 'AuthenticationError',
      failure: 'EXPIRED',
    });
    expect(await renew(raw, 'nonsense')).toMatchObject({ failure: 'MALFORMED' });
    expect(await renew(raw, '', 'nothing')).toMatchObject({ failure: 'MALFORMED' });
  });

  it('that comes over no lasting connection renews nothing', async () => {
    const { token, authorization } = await aSessionToken();
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: RENEW, variables: { token } }),
    });
    expect(await response.json()).toMatchObject({ data: { sessionRenew: { __typename: 'SessionMismatchError' } } });
  });
});

describe('an event stream', () => {
  const expired = [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', failure: 'EXPIRED' }) })];

  async function open(token: SessionToken, query: string): Promise<EventStream> {
    const stream = await openEventStream(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: token.authorization },
      body: JSON.stringify({ query }),
    });
    streams.push(stream);
    return stream;
  }

  /** One for many operations. */
  async function openShared({ authorization }: SessionToken) {
    const token = await (await fetch(`${app.origin}/graphql`, { method: 'PUT', headers: { authorization } })).text();
    const stream = await openEventStream(`${app.origin}/graphql`, { headers: { authorization, 'x-graphql-event-stream-token': token } });
    streams.push(stream);
    const run = (operationId: string, query: string, { variables = {}, as = authorization } = {}) =>
      fetch(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: as, 'x-graphql-event-stream-token': token },
        body: JSON.stringify({ query, variables, extensions: { operationId } }),
      }).then(({ status }) => status);
    return { stream, run };
  }

  it('of one operation ends with an error when its token expires', async () => {
    const stream = await open(await aSessionToken({ expiresInMs: 6_000 }), STATUS);
    await stream.event(({ data }) => data.data?.scanner.state === 'STOPPED');
    await stream.ended;
    expect(stream.events.slice(-2)).toMatchObject([{ event: 'next', data: { errors: expired } }, { event: 'complete' }]);
    expect(app.subscribers()).toBe(0);
  });

  it('of many ends each of them with an error, and takes no more', async () => {
    const token = await aSessionToken({ expiresInMs: 6_000 });
    const { stream, run } = await openShared(token);
    for (const id of ['a', 'b']) expect(await run(id, STATUS)).toBe(202);
    await stream.ended;
    for (const id of ['a', 'b']) {
      expect(stream.events.filter(({ data }) => data.id === id).slice(-2)).toMatchObject([
        { event: 'next', data: { payload: { errors: expired } } },
        { event: 'complete' },
      ]);
    }
    expect(await run('c', STATUS, { as: (await aSessionToken()).authorization })).toBe(404);
  });

  it('of many goes on when it is renewed, and tells so', async () => {
    const token = await aSessionToken({ expiresInMs: 6_000 });
    const { stream, run } = await openShared(token);
    await run('status', STATUS);
    await run('session', SESSION);
    await stream.event(({ data }) => data.payload?.data.session?.kind === 'EXPIRING');
    const next = await aSessionToken();
    expect(await run('renewal', RENEW, { variables: { token: next.token } })).toBe(202);
    const renewed = await stream.event(({ data }) => data.id === 'renewal');
    expect(renewed.data.payload.data.sessionRenew).toEqual({ expiresAt: new Date(next.expiresAtMs).toISOString() });
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(token.expiresAtMs + 250));
    const told = stream.events.length;
    await vi.waitFor(() => expect(stream.events.slice(told).some(({ data }) => data.id === 'status')).toBe(true));
    const kinds = stream.events.filter(({ data }) => data.id === 'session').map(({ data }) => data.payload.data.session.kind);
    expect(kinds).toEqual(['CURRENT', 'EXPIRING', 'RENEWED']);
  });

  it('of one operation has no session to follow', async () => {
    const stream = await open(await aSessionToken(), SESSION);
    await stream.ended;
    expect(stream.events).toMatchObject([{ data: { errors: [{ extensions: { code: 'SESSION_MISMATCH' } }] } }, { event: 'complete' }]);
  });
});

it('no token is in the logs, whatever it was used for', async () => {
  const raw = await connect(await aSessionToken());
  const { token } = await aSessionToken();
  await renew(raw, token);
  raw.send({ type: 'ping', payload: { authorization: `Bearer ${token}` } });
  await raw.frame(({ type }) => type === 'pong');
  expect(JSON.stringify(app.logs)).not.toContain(token.slice(-30));
  expect(JSON.stringify(raw.received)).not.toContain(token.slice(-30));
});
