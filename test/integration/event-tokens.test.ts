import { SignJWT } from 'jose';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { httpRequest } from '../support/http-request.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const SECRET = 'a secret that is long enough for HS256';
const STATUS = 'subscription { scanner { state } }';
const CHANGES = 'subscription { filterChanges { phase cursor } }';

let database: TestDatabase;
let sql: postgres.Sql;
/** Two processes on one database. */
let app: TestApp;
let other: TestApp;
const streams: EventStream[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const options = { databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: SECRET } };
  app = await startTestApp(options);
  other = await startTestApp(options);
});

afterAll(async () => {
  const clean = (await Promise.all([app.stop(), other.stop()])).every(Boolean);
  await sql.end();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(async () => {
  for (const { disconnect } of streams.splice(0)) disconnect();
  await nothingIsLeft(app);
  await nothingIsLeft(other);
});

function bearer({ subject = 'somebody', roles = ['ADMIN'], expiresInSeconds = 60 } = {}): Promise<string> {
  return new SignJWT({ roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds)
    .sign(new TextEncoder().encode(SECRET))
    .then((token) => `Bearer ${token}`);
}

async function eventToken(authorization: string): Promise<{ token: string; expiresAt: string }> {
  const response = await fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: 'mutation { eventTokenCreate { token expiresAt } }' }),
  });
  return ((await response.json()) as { data: { eventTokenCreate: { token: string; expiresAt: string } } }).data.eventTokenCreate;
}

const addressOf = (token: string, { query = STATUS, origin = app.origin, ...more }: Record<string, string> = {}) =>
  `${origin}/graphql?${new URLSearchParams({ query, token, ...more }).toString()}`;

/** As an EventSource opens it. */
async function open(url: string): Promise<EventStream> {
  const stream = await openEventStream(url);
  streams.push(stream);
  return stream;
}

async function refusalOf(url: string, accept = 'text/event-stream'): Promise<unknown> {
  const answer = await httpRequest(url, { headers: { accept } });
  expect(answer.status).toBe(401);
  return /"failure":"(\w+)"/.exec(answer.body.toString())?.[1];
}

describe('an event token', () => {
  it('opens one event stream for who asked for it, in any process, and no second one', async () => {
    const { token, expiresAt } = await eventToken(await bearer({ roles: ['DEVELOPER'] }));
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(30_000);
    const stream = await open(addressOf(token, { origin: other.origin }));
    await stream.event(({ data }) => data.data.scanner.state === 'STOPPED');
    expect(other.subscribers()).toBe(1);
    expect(await refusalOf(addressOf(token))).toBe('INVALID');
    expect(await refusalOf(addressOf(token, { origin: other.origin }))).toBe('INVALID');
  });

  it('gives what its owner may, and no more', async () => {
    const { token } = await eventToken(await bearer({ roles: ['DEVELOPER'] }));
    const answer = await httpRequest(addressOf(token, { query: CHANGES }), { headers: { accept: 'text/event-stream' } });
    expect(answer.body.toString()).toContain('"code":"FORBIDDEN"');
  });

  it('is used by one of many requests that come at once, to two processes', async () => {
    const { token } = await eventToken(await bearer());
    const opened = await Promise.all(
      Array.from({ length: 10 }, (_, index) => openEventStream(addressOf(token, { origin: (index % 2 === 0 ? app : other).origin }))),
    );
    streams.push(...opened);
    expect(opened.map(({ response }) => response.status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
  });

  it('is refused when it has expired, was never given, or is cut', async () => {
    const { token } = await eventToken(await bearer());
    await sql`update event_tokens set expires_at = now() - interval '1 millisecond'`;
    expect(await refusalOf(addressOf(token))).toBe('EXPIRED');
    expect(await refusalOf(addressOf(`swe_${'A'.repeat(43)}`))).toBe('INVALID');
    expect(await refusalOf(addressOf(token.slice(0, -1)))).toBe('MALFORMED');
    expect(await refusalOf(addressOf('swe_'))).toBe('MALFORMED');
  });

  it('lives no longer than the token of who asked for it', async () => {
    const { expiresAt } = await eventToken(await bearer({ expiresInSeconds: 20 }));
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(20_000);
  });

  it('is good for event streams only, and not instead of a header elsewhere', async () => {
    const { token } = await eventToken(await bearer());
    expect(await refusalOf(addressOf(token, { query: '{ viewer { subject } }' }), 'application/json')).toBe('MISSING');
    const posted = await httpRequest(addressOf(token), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: STATUS }),
    });
    expect(posted.body.toString()).toContain('"failure":"MISSING"');
    for (const method of ['PUT', 'DELETE']) expect((await httpRequest(addressOf(token), { method })).status).toBe(401);
    expect((await open(addressOf(token))).response.status).toBe(200);
  });

  it('does nothing that is no reading', async () => {
    const { token } = await eventToken(await bearer());
    const mutation = 'mutation { scannerStart { scanner { state } } }';
    const answer = await httpRequest(addressOf(token, { query: mutation }), { headers: { accept: 'text/event-stream' } });
    expect([answer.status, app.scannerStatus().state]).toEqual([405, 'STOPPED']);
  });

  it('is stored hashed, never logged, and gone when used or when another one is asked for after it expired', async () => {
    const authorization = await bearer();
    const used = await eventToken(authorization);
    const unused = await eventToken(authorization);
    const rows = JSON.stringify(await sql`select * from event_tokens`);
    await open(addressOf(used.token));
    await sql`update event_tokens set expires_at = now() - interval '1 second'`;
    await eventToken(authorization);
    expect(await sql`select 1 from event_tokens`).toHaveLength(1);
    const told = rows + JSON.stringify([app.logs, other.logs]);
    for (const { token } of [used, unused]) expect(told).not.toContain(token.slice(4));
  });
});

it('opens a connection of its owner, which ends when the owner is locked out', async () => {
  const authorization = await bearer({ subject: 'locked-out' });
  const stream = await open(addressOf((await eventToken(authorization)).token));
  await stream.event(({ data }) => data.data.scanner.state === 'STOPPED');
  const administrator = await bearer();
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json', authorization: administrator };
    const response = await fetch(`${app.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return (await response.json()) as { data: Record<string, { edges: { node: unknown }[] }>; errors?: unknown };
  };
  await vi.waitFor(async () => {
    const { data } = await ask('{ connections(subject: "locked-out") { edges { node { subject transport } } } }');
    expect(data.connections!.edges).toEqual([{ node: { subject: 'locked-out', transport: 'SSE' } }]);
  });
  const revoked = await ask('mutation { tokenRevoke(input: { subject: "locked-out", reason: "test" }) { __typename } }');
  expect(revoked).toEqual({ data: { tokenRevoke: { __typename: 'TokenRevokePayload' } } });
  await stream.ended;
  expect(JSON.stringify(stream.events)).toContain('"failure":"REVOKED"');
});

describe('a page that opens an event stream again', () => {
  it('goes on after the last event that it names in the address', async () => {
    const authorization = await bearer();
    const first = await open(addressOf((await eventToken(authorization)).token, { query: CHANGES }));
    const { lastEventId } = await first.event(({ data }) => data.data.filterChanges.phase === 'SNAPSHOT');
    expect(lastEventId).not.toBe('');
    const again = await open(addressOf((await eventToken(authorization)).token, { query: CHANGES, lastEventId }));
    await again.event(({ data }) => data.data.filterChanges.phase === 'REPLAY');
    const header = await openEventStream(addressOf((await eventToken(authorization)).token, { query: CHANGES, lastEventId: 'nonsense' }), {
      headers: { 'last-event-id': lastEventId },
    });
    streams.push(header);
    // Of the two the header is newer: the browser's own, on an address from before.
    await header.event(({ data }) => data.data.filterChanges.phase === 'REPLAY');
  });
});

describe('an event stream for many operations', () => {
  const url = () => `${app.origin}/graphql`;
  const reserve = (authorization: string | null) =>
    fetch(url(), { method: 'PUT', headers: { ...(authorization !== null && { authorization }) } });
  const statusOf = (method: string, token: string, authorization: string | null) =>
    httpRequest(`${url()}${method === 'DELETE' ? '?operationId=1' : ''}`, {
      method,
      headers: {
        'x-graphql-event-stream-token': token,
        accept: method === 'GET' ? 'text/event-stream' : 'application/json',
        ...(authorization !== null && { authorization }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify({ query: STATUS, extensions: { operationId: '1' } }) }),
    }).then(({ status }) => status);

  it('is given to those only who show who they are', async () => {
    expect((await reserve(null)).status).toBe(401);
    expect((await reserve('Bearer nonsense')).status).toBe(401);
    expect((await reserve(await bearer())).status).toBe(201);
  });

  it.each([
    ['somebody else', { subject: 'somebody-else' }],
    ['the same with other roles', { roles: ['ADMIN', 'TRADER'] }],
  ])('does not exist for %s', async (_who, claims) => {
    const [owner, another] = [await bearer(), await bearer(claims)];
    const token = await (await reserve(owner)).text();
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await statusOf(method, token, another)).toBe(404);
      expect(await statusOf(method, token, null)).toBe(401);
    }
    const stream = await openEventStream(url(), { headers: { 'x-graphql-event-stream-token': token, authorization: owner } });
    streams.push(stream);
    expect(await statusOf('POST', token, await bearer({ expiresInSeconds: 120 }))).toBe(202);
    await stream.event(({ data }) => data.id === '1');
    expect(await statusOf('DELETE', token, another)).toBe(404);
    expect(app.subscribers()).toBe(1);
    expect(await statusOf('DELETE', token, owner)).toBe(200);
  });
});
