import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { aSessionToken } from '../support/a-session-token.ts';
import { TOKEN_SECRET } from '../support/a-token.ts';
import { metricValue } from '../support/metric-value.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

const STATUS = 'subscription { scanner { state } }';
const CONNECTIONS = `query ($subject: String, $transport: SessionTransport, $first: Int, $after: String) {
  connections(subject: $subject, transport: $transport, first: $first, after: $after) {
    edges { node {
      id transport subject viewerKind roles credentialId clientAddress processId openedAt expiresAt subscriptions backlogRows backlogBytes missed sentBytes
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const TERMINATE = `mutation ($id: ID!, $reason: String) { connectionTerminate(input: { id: $id, reason: $reason }) {
  ... on ConnectionTerminatePayload { connection { subject } }
  ... on Error { __typename message }
} }`;

/** With Redis nothing is looked up in the database in time; without it there is nothing else. */
describe.each([
  ['one database and nothing else', false],
  ['one database and Redis', true],
])('two servers over %s', (_what, hasRedis) => {
  let database: TestDatabase;
  let redis: TestRedis | null = null;
  let appender: ResultAppender;
  let one: TestApp;
  let two: TestApp;
  let admin: string;
  const sockets: RawSocket[] = [];
  const streams: EventStream[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    appender = createResultAppender(database.url);
    redis = hasRedis ? await startTestRedis() : null;
    const env = {
      AUTH_JWT_SECRET: TOKEN_SECRET,
      AUTH_CLOCK_TOLERANCE_SECONDS: '0',
      ...(redis && { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: '60000' }),
    };
    const feed = aChainFeed(['AAA']);
    one = await startTestApp({ databaseUrl: database.url, feed, env });
    two = await startTestApp({ databaseUrl: database.url, feed, env });
    if (redis) {
      await vi.waitFor(async () => {
        for (const app of [one, two]) {
          if ((await metricValue(app, 'strikewire_bus_connected')) !== 1) throw new Error('expected both to be connected to Redis');
        }
      });
    }
    admin = (await aSessionToken({ subject: 'admin' })).authorization;
  });

  afterAll(async () => {
    const clean = (await Promise.all([one.stop(), two.stop()])).every(Boolean);
    await appender.close();
    await redis?.close();
    await database.drop();
    if (!clean) throw new Error('expected a clean stop');
  });

  afterEach(async () => {
    for (const { socket } of sockets.splice(0)) socket.terminate();
    for (const { disconnect } of streams.splice(0)) disconnect();
    await Promise.all([nothingIsLeft(one), nothingIsLeft(two)]);
  });

  async function connect(app: TestApp, authorization: string): Promise<RawSocket> {
    const raw = openRawSocket(app.webSocketUrl);
    sockets.push(raw);
    await raw.opened;
    raw.send({ type: 'connection_init', payload: { authorization } });
    await raw.frame(({ type }) => type === 'connection_ack');
    return raw;
  }

  async function subscribe(raw: RawSocket, id: string, query = STATUS): Promise<void> {
    raw.send({ type: 'subscribe', id, payload: { query } });
    await raw.frame((frame) => frame.id === id && frame.type === 'next');
  }

  async function ask(query: string, variables: Record<string, unknown> = {}, { app = one, authorization = admin } = {}) {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query, variables }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    const { data, errors } = (await response.json()) as any;
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async function connectionsOf(subject: string): Promise<any[]> {
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    return (await ask(CONNECTIONS, { subject })).connections.edges.map(({ node }: any) => node);
  }

  /** Not a limit of the test, which waits longer: what was measured is told. */
  async function endOf(raw: RawSocket, revokedAtMs: number): Promise<{ code: number; reason: string }> {
    const end = await raw.closed;
    console.info(
      `${hasRedis ? 'with' : 'without'} Redis: ended on the other process after ${Math.round(performance.now() - revokedAtMs)} ms`,
    );
    return end;
  }

  describe('a revocation reaches the connections of the other process', () => {
    const ended = (failure: string) => [
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', failure }) }),
    ];

    it('of a token', async () => {
      const revoked = await aSessionToken({ subject: 'trader-1', roles: ['TRADER'] });
      const raw = await connect(two, revoked.authorization);
      const spared = await connect(two, (await aSessionToken({ subject: 'trader-1', roles: ['TRADER'] })).authorization);
      await subscribe(raw, 'a');
      await subscribe(raw, 'b', 'subscription { scanResults { cursor } }');
      await subscribe(spared, 'a');
      const atMs = performance.now();
      await ask('mutation ($id: String!) { tokenRevoke(input: { tokenId: $id }) { __typename } }', { id: revoked.id });
      expect(await endOf(raw, atMs)).toEqual({ code: 4401, reason: 'expected a token that has not been revoked' });
      for (const id of ['a', 'b']) expect(raw.of(id).at(-1)).toEqual({ id, type: 'error', payload: ended('REVOKED') });
      expect(spared.socket.readyState).toBe(WebSocket.OPEN);
      await vi.waitFor(() => expect(two.subscribers()).toBe(1));
      expect(await metricValue(two, 'strikewire_sessions_ended_total', { reason: 'revoked' })).toBeGreaterThan(0);
    });

    it('of everything that a subject has', async () => {
      const { authorization } = await aSessionToken({ subject: 'trader-2', roles: ['TRADER'] });
      const raw = await connect(two, authorization);
      await subscribe(raw, 'a');
      const here = await connect(one, authorization);
      const atMs = performance.now();
      await ask('mutation { tokenRevoke(input: { subject: "trader-2", reason: "left" }) { __typename } }');
      expect((await endOf(raw, atMs)).code).toBe(4401);
      expect((await here.closed).code).toBe(4401);
    });

    it('of an API key', async () => {
      const { apiKeyCreate } = await ask(
        'mutation { apiKeyCreate(input: { name: "bot", roles: [TRADER] }) { ... on ApiKeyCreatePayload { key apiKey { id } } } }',
      );
      const raw = await connect(two, `Bearer ${apiKeyCreate.key}`);
      await subscribe(raw, 'a');
      const atMs = performance.now();
      await ask('mutation ($id: ID!) { apiKeyRevoke(input: { id: $id }) { __typename } }', { id: apiKeyCreate.apiKey.id });
      expect(await endOf(raw, atMs)).toEqual({ code: 4401, reason: 'expected an API key that has not been revoked' });
      expect(raw.of('a').at(-1)).toEqual({ id: 'a', type: 'error', payload: ended('REVOKED') });
    });

    it('that are event streams, of one operation and of many', async () => {
      const revoked = await aSessionToken({ subject: 'trader-3', roles: ['TRADER'] });
      const { authorization } = revoked;
      const alone = await openEventStream(`${two.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: STATUS }),
      });
      const token = await (await fetch(`${two.origin}/graphql`, { method: 'PUT', headers: { authorization } })).text();
      const headers = { authorization, 'x-graphql-event-stream-token': token };
      const shared = await openEventStream(`${two.origin}/graphql`, { headers });
      streams.push(alone, shared);
      for (const operationId of ['a', 'b']) {
        const { status } = await fetch(`${two.origin}/graphql`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query: STATUS, extensions: { operationId } }),
        });
        expect(status).toBe(202);
        await shared.event(({ data }) => data.id === operationId);
      }
      await alone.event(({ data }) => data.data?.scanner.state === 'STOPPED');
      await ask('mutation ($id: String!) { tokenRevoke(input: { tokenId: $id }) { __typename } }', { id: revoked.id });
      await Promise.all([alone.ended, shared.ended]);
      expect(alone.events.slice(-2)).toMatchObject([{ event: 'next', data: { errors: ended('REVOKED') } }, { event: 'complete' }]);
      for (const operationId of ['a', 'b']) {
        const own = shared.events.filter(({ data }) => data.id === operationId);
        expect(own.slice(-2)).toMatchObject([
          { event: 'next', data: { payload: { errors: ended('REVOKED') } } },
          { event: 'complete', data: { id: operationId } },
        ]);
      }
      await vi.waitFor(() => expect(two.subscribers()).toBe(0));
    });
  });

  describe('an administrator', () => {
    it('sees who is connected to both, since when, and what runs', async () => {
      const { authorization, id, expiresAtMs } = await aSessionToken({ subject: 'watcher', roles: ['TRADER', 'ANALYST'] });
      const here = await connect(one, authorization);
      const there = await connect(two, authorization);
      await subscribe(there, 'a');
      await subscribe(there, 'b');
      await subscribe(here, 'a');
      there.send({ type: 'complete', id: 'b' });
      const found = await vi.waitFor(async () => {
        const nodes = await connectionsOf('watcher');
        expect(nodes.map(({ subscriptions }) => subscriptions)).toEqual([1, 1]);
        for (const { sentBytes } of nodes) expect(sentBytes).toBeGreaterThan(100);
        return nodes;
      });
      const [second, first] = found;
      for (const node of found) {
        expect(node).toMatchObject({
          transport: 'WEBSOCKET',
          subject: 'watcher',
          viewerKind: 'TOKEN',
          roles: ['ANALYST', 'TRADER'],
          credentialId: id,
          clientAddress: '127.0.0.1',
          expiresAt: new Date(expiresAtMs).toISOString(),
          backlogRows: 0,
          missed: 0,
        });
      }
      expect(second.processId).not.toBe(first.processId);
      expect(Date.parse(second.openedAt)).toBeGreaterThanOrEqual(Date.parse(first.openedAt));
      const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on ClientConnection { subject } } }', { id: second.id });
      expect(node).toEqual({ subject: 'watcher' });
      for (const { socket } of [here, there]) socket.terminate();
      await vi.waitFor(async () => expect(await connectionsOf('watcher')).toEqual([]));
    });

    it('sees pages of them, and only those asked for', async () => {
      const { authorization } = await aSessionToken({ subject: 'paged' });
      for (let number = 0; number < 5; number++) await connect(one, authorization);
      const stream = await openEventStream(`${one.origin}/graphql?${new URLSearchParams({ query: STATUS }).toString()}`, {
        headers: { authorization },
      });
      streams.push(stream);
      await stream.event(({ data }) => data.data?.scanner.state === 'STOPPED');
      const ids: string[] = [];
      for (let after: string | null = null; ; ) {
        const { connections } = await ask(CONNECTIONS, { subject: 'paged', transport: 'WEBSOCKET', first: 2, after });
        ids.push(...connections.edges.map(({ node }: { node: { id: string } }) => node.id));
        if (!connections.pageInfo.hasNextPage) break;
        after = connections.pageInfo.endCursor;
      }
      expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
      expect((await ask(CONNECTIONS, { subject: 'paged', transport: 'SSE' })).connections.edges).toMatchObject([
        { node: { subscriptions: 1 } },
      ]);
    });

    // What the appender stores is announced to nobody: found by looking at the database, which is the other case.
    it.runIf(!hasRedis)('sees what waits for a client that does not read, and what it has missed', async () => {
      const { authorization } = await aSessionToken({ subject: 'sleeper' });
      const raw = await connect(two, authorization);
      const parts = Array.from({ length: 40 }, (_, index) => `reasons${index}: reasons`).join(' ');
      await subscribe(
        raw,
        'a',
        `subscription { scanResults(delivery: { buffer: 20, overflow: DROP_OLDEST }) { results { id ${parts} } } }`,
      );
      raw.socket.pause();
      const draft = () => aResultDraft({ reasons: Array.from({ length: 20 }, (_, index) => `reason ${index} that takes some room`) });
      await vi.waitFor(
        async () => {
          await appender.append(Array.from({ length: 10 }, draft));
          const [node] = await connectionsOf('sleeper');
          expect(node.backlogRows).toBeGreaterThan(0);
          expect(node.backlogBytes).toBeGreaterThan(0);
          expect(node.missed).toBeGreaterThan(0);
        },
        { interval: 100 },
      );
    });

    it('ends a connection of the other process, with a reason, and leaves a trace', async () => {
      const { authorization } = await aSessionToken({ subject: 'guest', roles: ['TRADER'] });
      const raw = await connect(two, authorization);
      const spared = await connect(two, authorization);
      await subscribe(raw, 'a');
      const node = await vi.waitFor(async () => {
        const nodes = await connectionsOf('guest');
        expect(nodes).toHaveLength(2);
        return nodes[1];
      });
      const atMs = performance.now();
      expect(await ask(TERMINATE, { id: node.id, reason: 'too many rows' })).toEqual({
        connectionTerminate: { connection: { subject: 'guest' } },
      });
      expect(await endOf(raw, atMs)).toEqual({ code: 4403, reason: 'an administrator has ended this connection: too many rows' });
      expect(raw.of('a').at(-1)).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'CONNECTION_TERMINATED' } }] });
      expect(spared.socket.readyState).toBe(WebSocket.OPEN);
      const { auditEntries } = await ask('{ auditEntries(first: 1) { edges { node { action objectId objectName reason } } } }');
      expect(auditEntries.edges).toEqual([
        { node: { action: 'CONNECTION_TERMINATED', objectId: node.id, objectName: 'guest', reason: 'too many rows' } },
      ]);
      await vi.waitFor(async () => {
        expect(await ask(TERMINATE, { id: node.id })).toMatchObject({ connectionTerminate: { __typename: 'NotFoundError' } });
      });
      // Its credential is as good as before.
      await connect(two, authorization);
    });
  });
});
