import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LIMIT_NAMES } from '../../src/domain/limits/limit-policy.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { holdLock } from '../support/hold-lock.ts';
import { httpRequest } from '../support/http-request.ts';
import { metricValue } from '../support/metric-value.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { type Answer, startTestApp, type TestApp } from '../support/start-test-app.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const SECRET = 'a secret that is long enough for HS256';
const BODY_BYTES = 2_048;
const PERSISTED = 'query Kept { viewer { subject } }';
const ROLES = {
  TRADER: {
    tokens: 300,
    depth: 4,
    aliases: 5,
    directives: 5,
    rootFields: 3,
    cost: 500,
    pageSize: 10,
    bodyBytes: BODY_BYTES,
    batchSize: 3,
    subscriptionsPerSocket: 2,
    subscriptions: 3,
    sockets: 2,
    introspection: false,
  },
  ANALYST: { concurrentOperations: 2 },
  DEVELOPER: { operationsPerSecond: 1, burst: 20 },
};

let database: TestDatabase;
let app: TestApp;
let directory: TemporaryDirectory;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await temporaryDirectory('limits');
  const persisted = join(directory.path, 'operations.json');
  writeFileSync(persisted, JSON.stringify([PERSISTED]));
  app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { AUTH_JWT_SECRET: SECRET, LIMITS_ROLES: JSON.stringify(ROLES), PERSISTED_OPERATIONS: persisted },
  });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
  await directory.remove();
});

let people = 0;

/** Of somebody else each time: what one has used up does not matter to the next. */
async function authorization(roles: readonly string[] = ['TRADER']): Promise<string> {
  const token = await new SignJWT({ roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`somebody-${++people}`)
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(SECRET));
  return `Bearer ${token}`;
}

interface Refusal {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

interface Asked {
  readonly status: number | null;
  readonly retryAfter: string | null;
  readonly data: Answer['data'];
  readonly errors: readonly Refusal[];
}

interface Operation {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

type Ask = (operation: Operation, authorization: string) => Promise<Asked>;

const post =
  (accept: string): Ask =>
  async (operation, bearer) => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: bearer },
      body: JSON.stringify(operation),
    });
    const text = await response.text();
    const [, event] = /^data: (\{.*)$/m.exec(text) ?? [];
    const { data, errors = [] } = JSON.parse(event ?? text) as { data: unknown; errors?: Refusal[] };
    return { status: response.status, retryAfter: response.headers.get('retry-after'), data, errors };
  };

const ASK: Readonly<Record<string, Ask>> = {
  HTTP: post('application/graphql-response+json'),
  'server-sent events': post('text/event-stream'),
  WebSocket: async (operation, bearer) => {
    const client = createClient({
      url: app.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: bearer },
    });
    try {
      const { value } = await client
        .iterate({ query: '', ...operation })
        .next()
        .catch((errors: readonly Refusal[]) => ({ value: { data: undefined, errors } }));
      return { status: null, retryAfter: null, data: value.data, errors: value.errors ?? [] };
    } finally {
      await client.dispose();
    }
  },
};

/** A document of so many tokens. */
function ofTokens(tokens: number): string {
  const frame = parse('{ scanner { state } }').tokenCount! - 1;
  return `{ scanner { ${'state '.repeat(tokens - frame)}} }`;
}

function ofBytes(bytes: number, envelope: (query: string) => string): string {
  const query = '{ __typename }';
  return query + ' '.repeat(bytes - envelope(query).length);
}

const directives = (count: number) => `{ scanner { ${'... @include(if: true) { state } '.repeat(count)} } }`;
const aliases = (count: number) => `{ scanner { ${Array.from({ length: count }, (_, index) => `a${index}: state`).join(' ')} } }`;
const roots = (count: number) => `{ ${Array.from({ length: count }, (_, index) => `a${index}: scanner { state }`).join(' ')} }`;

/** At the limit, one beyond it. */
const SIZES: readonly (readonly [string, string, string, number, number])[] = [
  ['tokens', ofTokens(300), ofTokens(301), 300, 301],
  ['depth', '{ scanRuns(first: 1) { edges { node { id } } } }', '{ scanResults(first: 1) { edges { node { filter { id } } } } }', 4, 5],
  ['aliases', aliases(5), aliases(6), 5, 6],
  ['directives', directives(5), directives(6), 5, 6],
  ['rootFields', roots(3), roots(4), 3, 4],
  ['cost', '{ a: nodes(ids: $ids) { id } }', '{ a: nodes(ids: $ids) { id } }', 500, 501],
  ['pageSize', '{ scanResults(first: 10) { edges { cursor } } }', '{ scanResults(first: 11) { edges { cursor } } }', 10, 11],
];

describe.each(Object.keys(ASK))('over %s', (transport) => {
  const ask = ASK[transport]!;

  it.each(SIZES.filter(([limit]) => limit !== 'cost'))(
    '%s: as many as granted pass, one more is refused',
    async (limit, passing, refused, allowed, requested) => {
      const bearer = await authorization();
      expect((await ask({ query: passing }, bearer)).errors).toEqual([]);
      const { errors, status } = await ask({ query: refused }, bearer);
      expect(errors).toMatchObject([
        { message: expect.stringContaining(`at most ${allowed}`), extensions: { code: 'LIMIT_EXCEEDED', limit, allowed, requested } },
      ]);
      expect(errors[0]!.extensions).not.toHaveProperty('http');
      const overHttp = limit === 'pageSize' ? 200 : 400;
      expect(transport === 'HTTP' ? status : overHttp).toBe(overHttp);
      expect((await ask({ query: refused }, await authorization(['ANALYST']))).errors).toEqual([]);
      // What was refused once is not remembered as refused, nor what was served as served.
      expect((await ask({ query: passing }, bearer)).errors).toEqual([]);
      expect((await ask({ query: refused }, bearer)).errors).toHaveLength(1);
    },
  );

  it('cost: what variables ask for is measured with each operation anew', async () => {
    const bearer = await authorization();
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
    const ids = (count: number) => ({ ids: Array.from({ length: count }, () => 'U2NhblJ1bjow') });
    for (let round = 0; round < 2; round++) {
      const refused = await ask({ query, variables: { ids: ids(3).ids.concat(Array(498).fill('x')) } }, bearer);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: expect.stringMatching(/cost|bodyBytes/) } }]);
      const { errors } = await ask({ query, variables: ids(1) }, bearer);
      expect(errors.map(({ extensions: { code } }) => code)).not.toContain('LIMIT_EXCEEDED');
    }
  });

  it('the schema is told to roles that are granted it, and to no others', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect((await ask({ query }, await authorization(['ANALYST']))).errors).toEqual([]);
    const { errors } = await ask({ query }, await authorization());
    expect(new Set(errors.map(({ extensions: { code } }) => code))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect((await ask({ query: '{ scanner { __typename } }' }, await authorization())).errors).toEqual([]);
    expect((await ask({ query }, await authorization(['TRADER', 'ANALYST']))).errors).toEqual([]);
  });

  it('the rate: a burst passes, one more is told when to come back', async () => {
    const bearer = await authorization(['DEVELOPER']);
    const one = { query: '{ viewer { subject } }' };
    for (let index = 0; index < 20; index++) expect((await ask(one, bearer)).errors).toEqual([]);
    const { errors, status, retryAfter } = await ask(one, bearer);
    expect(errors).toMatchObject([
      {
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'operationsPerSecond', allowed: 20, requested: 21, retryAfterMs: expect.any(Number) },
      },
    ]);
    const { retryAfterMs } = errors[0]!.extensions as { retryAfterMs: number };
    expect(retryAfterMs).toBeLessThanOrEqual(20_000);
    const overHttp = { status: 429, retryAfter: String(Math.ceil(retryAfterMs / 1_000)) };
    expect(status === null ? overHttp : { status, retryAfter }).toEqual(overHttp);
    expect((await ask(one, await authorization(['DEVELOPER']))).errors).toEqual([]);
  });

  it('operations at the same time: two pass, a third is refused and passes later', async () => {
    const bearer = await authorization(['ANALYST']);
    const slow = { query: '{ scanRuns(first: 1) { edges { cursor } } }' };
    const lock = await holdLock(database.url, 'lock table scan_runs in access exclusive mode');
    const two = [ask(slow, bearer), ask(slow, bearer)];
    // The two may not have begun: only refusals of ours tell.
    await expect
      .poll(async () => (await ask({ query: '{ viewer { subject } }' }, bearer)).errors.map(({ extensions: { limit } }) => limit))
      .toEqual(['concurrentOperations']);
    await lock.release();
    for (const { errors } of await Promise.all(two)) expect(errors).toEqual([]);
    await expect.poll(async () => (await ask({ query: '{ viewer { subject } }' }, bearer)).errors).toEqual([]);
  });

  it('documents by their hash', async () => {
    const sha256Hash = createHash('sha256').update(PERSISTED).digest('hex');
    const bearer = await authorization();
    const { data, errors } = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } } }, bearer);
    expect(errors).toEqual([]);
    expect(data.viewer.subject).toMatch(/^somebody-/);
    const unknown = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: '00'.repeat(32) } } }, bearer);
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  it('the viewer sees what it is granted and what is left', async () => {
    const bearer = await authorization();
    const query = `{ viewer { limits { ${LIMIT_NAMES.filter((name) => name !== 'tokens').join(' ')} tokens introspection rateLeft { operations resetAfterMs } } } }`;
    const { data } = await ask({ query }, bearer);
    expect(data.viewer.limits).toMatchObject(ROLES.TRADER);
    expect(data.viewer.limits.rateLeft.operations).toBe(data.viewer.limits.burst - 1);
  });
});

describe('bodies', () => {
  it('over HTTP: as long as granted pass, one byte more is refused with 413', async () => {
    const send = async (bytes: number, bearer: string) =>
      await httpRequest(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: bearer },
        body: JSON.stringify({ query: ofBytes(bytes, (query) => JSON.stringify({ query })) }),
      });
    const bearer = await authorization();
    expect((await send(BODY_BYTES, bearer)).json()).toEqual({ data: { __typename: 'Query' } });
    const refused = await send(BODY_BYTES + 1, bearer);
    expect(refused.status).toBe(413);
    expect(refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'bodyBytes', allowed: BODY_BYTES, requested: BODY_BYTES + 1 } }],
    });
    expect((await send(BODY_BYTES + 1, await authorization(['ANALYST']))).status).toBe(200);
  });

  it('over WebSocket: a message as long as granted passes, one byte more is refused and the connection goes on', async () => {
    const socket = await socketOf(await authorization());
    const message = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });
    const long = (id: string, bytes: number) =>
      message(
        id,
        ofBytes(bytes, (query) => JSON.stringify(message(id, query))),
      );
    socket.send(long('a', BODY_BYTES));
    expect((await socket.frame(({ id }) => id === 'a')).payload).toEqual({ data: { __typename: 'Query' } });
    socket.send(long('b', BODY_BYTES + 1));
    expect(await socket.frame(({ id }) => id === 'b')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'bodyBytes', allowed: BODY_BYTES, requested: BODY_BYTES + 1 } }],
    });
    socket.send(message('c', '{ __typename }'));
    await socket.frame(({ id, type }) => id === 'c' && type === 'next');
    socket.socket.close();
  });
});

describe('batches', () => {
  const batch = async (operations: readonly unknown[], bearer: string, accept = 'application/json') => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: bearer },
      body: JSON.stringify(operations),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    return { status: response.status, body: (await response.json()) as any };
  };
  const ONE = { query: '{ __typename }' };

  it('pass up to what is granted, and are not read where none are', async () => {
    const bearer = await authorization();
    expect((await batch([ONE, ONE, ONE], bearer)).body).toEqual([1, 2, 3].map(() => ({ data: { __typename: 'Query' } })));
    const { status, body } = await batch([ONE, ONE, ONE, ONE], bearer);
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'batchSize', allowed: 3, requested: 4 });
    expect((await batch([ONE], await authorization(['ANALYST']))).body.errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('are refused when they are empty, no operations, or would have to be streams', async () => {
    const bearer = await authorization();
    for (const operations of [[], [7], [[ONE]]]) {
      const { status, body } = await batch(operations, bearer);
      expect(status).toBe(400);
      expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
    }
    const streams = await batch([{ query: 'subscription { scanner { state } }' }, ONE], bearer);
    expect(streams.body[0].errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(streams.body[1]).toEqual({ data: { __typename: 'Query' } });
  });

  it('count as many operations as they hold', async () => {
    const bearer = await authorization(['DEVELOPER', 'TRADER']);
    const left = async () =>
      (await ASK.HTTP!({ query: '{ viewer { limits { burst rateLeft { operations } } } }' }, bearer)).data.viewer.limits;
    const before = await left();
    await batch([ONE, ONE, ONE], bearer);
    expect((await left()).rateLeft.operations).toBe(before.rateLeft.operations - 3 - 1);
  });
});

async function socketOf(bearer: string): Promise<RawSocket> {
  const socket = openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } });
  return await socket.initialised();
}

const SUBSCRIPTION = 'subscription { scanner { state } }';

describe('subscriptions and sockets', () => {
  it('over one WebSocket: two pass, a third is refused and passes when one has ended', async () => {
    const socket = await socketOf(await authorization());
    const subscribe = (id: string) => socket.send({ id, type: 'subscribe', payload: { query: SUBSCRIPTION } });
    for (const id of ['a', 'b']) {
      subscribe(id);
      expect((await socket.frame((frame) => frame.id === id)).payload.data.scanner.state).toBeTypeOf('string');
    }
    subscribe('c');
    expect((await socket.frame(({ id }) => id === 'c')).payload.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptionsPerSocket', allowed: 2, requested: 3 } },
    ]);
    socket.send({ id: 'a', type: 'complete' });
    let attempt = 0;
    await expect
      .poll(async () => {
        const id = `d${++attempt}`;
        subscribe(id);
        return (await socket.frame((frame) => frame.id === id)).payload.errors;
      })
      .toBeUndefined();
    socket.socket.close();
  });

  it('of one viewer: three over all sockets, two sockets, and room again when they have gone', async () => {
    const bearer = await authorization();
    const [one, other] = [await socketOf(bearer), await socketOf(bearer)];
    const third = openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } });
    await third.opened;
    third.send({ type: 'connection_init' });
    expect(await third.closed).toEqual({ code: 4429, reason: 'sockets: expected at most 2 sockets, got 3' });
    for (const [socket, id] of [
      [one, 'a'],
      [one, 'b'],
      [other, 'c'],
    ] as const) {
      socket.send({ id, type: 'subscribe', payload: { query: SUBSCRIPTION } });
      await socket.frame((frame) => frame.id === id && frame.payload.data !== undefined);
    }
    other.send({ id: 'd', type: 'subscribe', payload: { query: SUBSCRIPTION } });
    expect((await other.frame(({ id }) => id === 'd')).payload.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptions', allowed: 3, requested: 4 } },
    ]);
    one.socket.close();
    other.socket.close();
    await expect
      .poll(async () => {
        const again = openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } });
        await again.opened;
        again.send({ type: 'connection_init' });
        const isIn = await Promise.race([
          again.frame(({ type }) => type === 'connection_ack').then(() => true),
          again.closed.then(() => false),
        ]);
        again.socket.close();
        return isIn;
      })
      .toBe(true);
  });

  it('event streams are sockets: the third is refused with 429, and passes when one has gone', async () => {
    const bearer = await authorization();
    const open = () =>
      openEventStream(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: bearer },
        body: JSON.stringify({ query: SUBSCRIPTION }),
      });
    const streams: EventStream[] = [await open(), await open()];
    for (const stream of streams) await stream.event(({ event }) => event === 'next');
    const third = await open();
    expect(third.response.status).toBe(429);
    expect((await third.event(({ event }) => event === 'next')).data.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'sockets', allowed: 2, requested: 3 } },
    ]);
    streams[0]!.disconnect();
    await expect
      .poll(async () => {
        const stream = await open();
        const { status } = stream.response;
        stream.disconnect();
        return status;
      })
      .toBe(200);
    streams[1]!.disconnect();
  });

  it('in one event stream: two subscriptions pass, a third is refused', async () => {
    const bearer = await authorization();
    const url = `${app.origin}/graphql`;
    const token = await (await fetch(url, { method: 'PUT', headers: { authorization: bearer } })).text();
    const stream = await openEventStream(url, { headers: { 'x-graphql-event-stream-token': token, authorization: bearer } });
    const subscribe = (operationId: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token, authorization: bearer },
        body: JSON.stringify({ query: SUBSCRIPTION, extensions: { operationId } }),
      });
    for (const id of ['a', 'b']) expect((await subscribe(id)).status).toBe(202);
    const refused = await subscribe('c');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptionsPerSocket', allowed: 2, requested: 3 } }],
    });
    stream.disconnect();
  });
});

it('refusals are counted by limit', async () => {
  expect(await metricValue(app, 'strikewire_limit_refusals_total', { limit: 'depth' })).toBeGreaterThan(0);
  expect(await metricValue(app, 'strikewire_limit_refusals_total', { limit: 'sockets' })).toBeGreaterThan(0);
});
