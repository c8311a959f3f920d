import { type Client, createClient } from 'graphql-ws';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { metricValue } from '../support/metric-value.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

const VIEWER = '{ viewer { subject } }';

let database: TestDatabase;
let sql: postgres.Sql;
let redis: TestRedis;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  redis = await startTestRedis();
});

afterAll(async () => {
  await sql.end();
  await redis.close();
  await database.drop();
});

const start = (env: Record<string, string> = {}) =>
  startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET, ...env } });

async function revoke(app: TestApp, input: string): Promise<Record<string, unknown>> {
  const { data } = await askAs(
    app,
    await aBearerToken(),
    `mutation { tokenRevoke(input: { ${input} }) {
      __typename ... on TokenRevokePayload { tokenId subject revokedAt } ... on ValidationError { issues { path message } }
    } }`,
  );
  return data.tokenRevoke as Record<string, unknown>;
}

/** Null: accepted. */
async function failureOf(app: TestApp, shown: string): Promise<unknown> {
  const { errors } = await askAs(app, shown, VIEWER);
  return errors?.[0]?.extensions?.failure ?? null;
}

describe.each([
  ['with Redis', true],
  ['without Redis', false],
])('of two processes %s', (_how, hasRedis) => {
  let one: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    // Either the bus brings it, or a look at the stream.
    const env = hasRedis ? { REDIS_URL: redis.url, STREAM_POLL_INTERVAL_MS: '60000' } : { STREAM_POLL_INTERVAL_MS: '100' };
    one = await start(env);
    other = await start(env);
    if (!hasRedis) return;
    for (const app of [one, other]) await vi.waitUntil(async () => (await metricValue(app, 'strikewire_bus_connected')) === 1);
  });

  afterAll(async () => {
    const stopped = await Promise.all([one.stop(), other.stop()]);
    if (!stopped.every(Boolean)) throw new Error('expected a clean stop');
  });

  it('one refuses at once a token that is revoked there, and the other soon after', async () => {
    const id = `token-${crypto.randomUUID()}`;
    const [revoked, same] = [await aBearerToken({ id, roles: ['TRADER'] }), await aBearerToken({ id: `${id}-2`, roles: ['TRADER'] })];
    expect([await failureOf(one, revoked), await failureOf(other, revoked)]).toEqual([null, null]);
    expect(await revoke(one, `tokenId: "${id}", reason: "leaked"`)).toEqual({
      __typename: 'TokenRevokePayload',
      tokenId: id,
      subject: null,
      revokedAt: expect.stringMatching(/Z$/),
    });
    expect(await failureOf(one, revoked)).toBe('REVOKED');
    await vi.waitFor(async () => expect(await failureOf(other, revoked)).toBe('REVOKED'));
    expect([await failureOf(one, same), await failureOf(other, same)]).toEqual([null, null]);
  });

  it('both refuse all tokens of a subject that were issued before, and take newer ones', async () => {
    const subject = `trader-${crypto.randomUUID()}`;
    const [older, newer] = [await aBearerToken({ subject, id: 'a' }), await aBearerToken({ subject, id: 'b', issuedInSeconds: 30 })];
    expect([await failureOf(one, older), await failureOf(other, older)]).toEqual([null, null]);
    expect(await revoke(one, `subject: "${subject}"`)).toMatchObject({ tokenId: null, subject });
    expect(await failureOf(one, older)).toBe('REVOKED');
    await vi.waitFor(async () => expect(await failureOf(other, older)).toBe('REVOKED'));
    expect([await failureOf(one, newer), await failureOf(other, newer)]).toEqual([null, null]);
  });

  it('both refuse a key that is revoked in one, though the other has just used it', async () => {
    const admin = await aBearerToken();
    const { data } = await askAs(
      one,
      admin,
      'mutation { apiKeyCreate(input: { name: "k", roles: [TRADER] }) { ... on ApiKeyCreatePayload { key apiKey { id } } } }',
    );
    const { key, apiKey } = data.apiKeyCreate as { key: string; apiKey: { id: string } };
    expect([await failureOf(one, `Bearer ${key}`), await failureOf(other, `Bearer ${key}`)]).toEqual([null, null]);
    await askAs(one, admin, `mutation { apiKeyRevoke(input: { id: "${apiKey.id}" }) { __typename } }`);
    expect(await failureOf(one, `Bearer ${key}`)).toBe('REVOKED');
    await vi.waitFor(async () => expect(await failureOf(other, `Bearer ${key}`)).toBe('REVOKED'));
  });

  it('neither opens a WebSocket for a revoked token', async () => {
    const id = `token-${crypto.randomUUID()}`;
    const authorization = await aBearerToken({ id });
    await revoke(one, `tokenId: "${id}"`);
    await vi.waitFor(async () => expect(await failureOf(other, authorization)).toBe('REVOKED'));
    for (const app of [one, other]) {
      const client: Client = createClient({
        url: app.webSocketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization },
      });
      await expect(client.iterate({ query: VIEWER }).next()).rejects.toMatchObject({ code: 4403 });
    }
  });
});

describe('a revocation', () => {
  it('outlives the processes, and an event token that was given before', async () => {
    const first = await start();
    const id = `token-${crypto.randomUUID()}`;
    const authorization = await aBearerToken({ id });
    const { data } = await askAs(first, authorization, 'mutation { eventTokenCreate { token } }');
    await revoke(first, `tokenId: "${id}"`);
    await first.stop();
    const second = await start();
    expect(await failureOf(second, authorization)).toBe('REVOKED');
    const query = new URLSearchParams({ query: 'subscription { scanner { state } }', token: data.eventTokenCreate.token as string });
    const response = await fetch(`${second.origin}/graphql?${query.toString()}`, { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toContain('"failure":"REVOKED"');
    await second.stop();
  });

  it('is removed when a server starts after what it revokes has expired, with what clocks may be off, and not before', async () => {
    const first = await start();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    for (const name of ['expired', 'tolerated', 'running']) await revoke(first, `tokenId: "${name}", expiresAt: "${soon}"`);
    await revoke(first, 'tokenId: "unknown"');
    await first.stop();
    await sql`update revoked_credentials set expires_at = now() - interval '1 minute' where value = 'expired'`;
    await sql`update revoked_credentials set expires_at = now() - interval '20 seconds' where value = 'tolerated'`;
    const second = await start({ AUTH_CLOCK_TOLERANCE_SECONDS: '40' });
    const left = await sql<{ value: string }[]>`
      select value from revoked_credentials where value in ('expired', 'tolerated', 'running', 'unknown') order by value`;
    expect(left.map(({ value }) => value)).toEqual(['running', 'tolerated', 'unknown']);
    await second.stop();
  });

  it('of the same token again keeps it for as long as the longer one', async () => {
    const app = await start();
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const kept = async (value: string) =>
      (await sql<{ expiresAt: Date | null }[]>`select expires_at as "expiresAt" from revoked_credentials where value = ${value}`)[0]!
        .expiresAt;
    const [sooner, later] = [at(1), at(2)];
    await revoke(app, `tokenId: "twice", expiresAt: "${later}"`);
    await revoke(app, `tokenId: "twice", expiresAt: "${sooner}"`);
    expect((await kept('twice'))?.toISOString()).toBe(later);
    await revoke(app, 'tokenId: "twice"');
    await revoke(app, `tokenId: "twice", expiresAt: "${later}"`);
    expect(await kept('twice')).toBeNull();
    await app.stop();
  });

  it('of nothing, of too much, of what has expired, or for a reason that is a book is refused', async () => {
    const app = await start();
    for (const [input, path] of [
      ['', ''],
      ['tokenId: "a", subject: "b"', ''],
      ['subject: ""', 'subject'],
      ['tokenId: "a", expiresAt: "2020-01-01T00:00:00Z"', 'expiresAt'],
      [`tokenId: "a", reason: "${'x'.repeat(501)}"`, 'reason'],
    ] as const) {
      expect(await revoke(app, input)).toMatchObject({ __typename: 'ValidationError', issues: [{ path }] });
    }
    await app.stop();
  });
});
