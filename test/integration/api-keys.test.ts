import { createClient } from 'graphql-ws';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { metricValue } from '../support/metric-value.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const CREATE = `mutation ($input: ApiKeyCreateInput!) {
  apiKeyCreate(input: $input) {
    __typename
    ... on ApiKeyCreatePayload { key apiKey { id name prefix owner roles state createdAt createdBy expiresAt lastUsedAt revokedAt revokedBy } }
    ... on ValidationError { issues { path message } }
  }
}`;
const REVOKE = `mutation ($id: ID!, $reason: String) {
  apiKeyRevoke(input: { id: $id, reason: $reason }) {
    __typename
    ... on ApiKeyRevokePayload { apiKey { id state revokedAt revokedBy } }
    ... on NotFoundError { message }
  }
}`;
const VIEWER = '{ viewer { kind subject roles expiresAt } }';

let database: TestDatabase;
let sql: postgres.Sql;
let app: TestApp;
let admin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  admin = await aBearerToken();
});

afterAll(async () => {
  const isClean = await app.stop();
  await sql.end();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

interface Created {
  readonly key: string;
  readonly apiKey: { readonly id: string; readonly prefix: string };
}

async function create(input: Record<string, unknown> = {}): Promise<Created> {
  const { data } = await askAs(app, admin, CREATE, { input: { name: 'ingest', roles: ['TRADER'], ...input } });
  expect(data.apiKeyCreate.__typename).toBe('ApiKeyCreatePayload');
  return data.apiKeyCreate as Created;
}

const uuidOf = (globalId: string) => Buffer.from(globalId, 'base64').toString().replace('ApiKey:', '');
const failureOf = async (shown: string | Record<string, string>) => {
  const { status, errors } = await askAs(app, shown, VIEWER);
  expect(status).toBe(401);
  return errors![0]!.extensions!.failure;
};

describe('a key that was made', () => {
  it('is told once, and is known by its name, its owner, its roles and its beginning', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { key, apiKey } = await create({ owner: 'ingest-service', roles: ['DEVELOPER', 'ANALYST'], expiresAt });
    expect(apiKey).toEqual({
      id: expect.any(String),
      name: 'ingest',
      prefix: key.slice(0, 16),
      owner: 'ingest-service',
      roles: ['ANALYST', 'DEVELOPER'],
      state: 'ACTIVE',
      createdAt: expect.stringMatching(/Z$/),
      createdBy: 'admin-1',
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    });
    const { data } = await askAs(app, admin, '{ apiKeys(first: 1) { edges { node { prefix } } } }');
    expect(data.apiKeys.edges[0].node.prefix).toBe(key.slice(0, 16));
  });

  it('is stored hashed and never logged, neither when it is made nor when it is used', async () => {
    const { key } = await create();
    await askAs(app, `Bearer ${key}`, VIEWER);
    await askAs(app, { 'x-api-key': key }, 'query { nonsense }');
    const secret = key.slice(26);
    const rows = await sql`select * from api_keys`;
    expect(JSON.stringify([rows, await sql`select * from audit_entries`, app.logs])).not.toContain(secret);
    const raw = Buffer.from(key.slice(4), 'base64url').subarray(16);
    expect(JSON.stringify(rows)).not.toContain(raw.toString('hex'));
  });

  it('opens HTTP in either header', async () => {
    const { key } = await create({ owner: 'ingest-service', roles: ['DEVELOPER'] });
    const expected = { kind: 'API_KEY', subject: 'ingest-service', roles: ['DEVELOPER'], expiresAt: null };
    for (const shown of [
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key },
      // A proxy in front of the server has use for the other header.
      { 'x-api-key': key, authorization: 'Basic YTpi' },
    ]) {
      expect((await askAs(app, shown as unknown as Record<string, string>, VIEWER)).data.viewer).toEqual(expected);
    }
  });

  it('gives what its roles permit, and no more', async () => {
    const { key } = await create({ roles: ['ANALYST'] });
    const { data } = await askAs(app, `Bearer ${key}`, '{ scanResults(first: 1) { edges { cursor } } }');
    expect(data.scanResults.edges).toEqual([]);
    const refused = await askAs(app, `Bearer ${key}`, '{ apiKeys { edges { cursor } } }');
    expect(refused.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'MANAGE_ACCESS' });
  });

  it('opens WebSockets in the parameters of the connection and in either header', async () => {
    const { key } = await create({ owner: 'socket-service' });
    class WithHeader extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, { headers: { 'x-api-key': key } });
      }
    }
    for (const options of [
      { webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${key}` } },
      { webSocketImpl: WithHeader },
    ]) {
      const client = createClient({ url: app.webSocketUrl, retryAttempts: 0, ...options });
      const { value } = await client.iterate<{ viewer: { subject: string } }>({ query: VIEWER }).next();
      expect(value).toMatchObject({ data: { viewer: { kind: 'API_KEY', subject: 'socket-service' } } });
      await client.dispose();
    }
  });

  it('opens event streams', async () => {
    const { key } = await create({ roles: ['DEVELOPER'] });
    const abort = new AbortController();
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': key },
      body: JSON.stringify({ query: 'subscription { scanner { state } }' }),
      signal: abort.signal,
    });
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).not.toContain('UNAUTHENTICATED');
    expect(response.status).toBe(200);
    abort.abort();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});

describe('a key that is no longer good', () => {
  it('is refused when it is revoked, from the same moment though it has just been used', async () => {
    const { key, apiKey } = await create();
    expect((await askAs(app, `Bearer ${key}`, VIEWER)).status).toBe(200);
    const { data } = await askAs(app, admin, REVOKE, { id: apiKey.id, reason: 'rotated' });
    expect(data.apiKeyRevoke.apiKey).toMatchObject({ id: apiKey.id, state: 'REVOKED', revokedBy: 'admin-1' });
    expect(await failureOf(`Bearer ${key}`)).toBe('REVOKED');
    expect(await failureOf({ 'x-api-key': key })).toBe('REVOKED');
  });

  it('stays revoked as it was first', async () => {
    const { apiKey } = await create();
    const first = await askAs(app, admin, REVOKE, { id: apiKey.id });
    const second = await askAs(app, await aBearerToken({ subject: 'admin-2' }), REVOKE, { id: apiKey.id });
    expect(second.data).toEqual(first.data);
    const entries = await sql`select 1 from audit_entries where action = 'API_KEY_REVOKED' and object_id = ${uuidOf(apiKey.id)}`;
    expect(entries).toHaveLength(1);
  });

  it('is refused when it has expired', async () => {
    const { key, apiKey } = await create({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    await sql`update api_keys set expires_at = now() - interval '1 millisecond' where id = ${uuidOf(apiKey.id)}`;
    expect(await failureOf(`Bearer ${key}`)).toBe('EXPIRED');
    const { data } = await askAs(app, admin, `{ apiKey(id: "${apiKey.id}") { state } }`);
    expect(data.apiKey.state).toBe('EXPIRED');
  });

  it('is told nothing of it with a wrong secret, nor of one that never was', async () => {
    const { key, apiKey } = await create();
    await askAs(app, admin, REVOKE, { id: apiKey.id });
    const wrong = `${key.slice(0, -4)}${key.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    const never = `swk_${'A'.repeat(64)}`;
    const [ofWrong, ofNever] = [await askAs(app, `Bearer ${wrong}`, VIEWER), await askAs(app, `Bearer ${never}`, VIEWER)];
    expect(ofWrong.errors![0]!.message).toBe(ofNever.errors![0]!.message);
    expect(ofWrong.errors![0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED', failure: 'INVALID' });
    expect(await failureOf('Bearer swk_short')).toBe('MALFORMED');
    expect(await failureOf({ 'x-api-key': admin.replace('Bearer ', '') })).toBe('MALFORMED');
    expect(await failureOf({ 'x-api-key': key, authorization: admin })).toBe('MALFORMED');
  });

  it('that is not there cannot be revoked', async () => {
    const { data } = await askAs(app, admin, REVOKE, { id: Buffer.from('ApiKey:01900000-0000-7000-8000-000000000001').toString('base64') });
    expect(data.apiKeyRevoke.__typename).toBe('NotFoundError');
  });
});

describe('what is asked for', () => {
  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['no roles', { roles: [] }, 'roles'],
    ['an owner without a name', { owner: '' }, 'owner'],
    ['a name with a NUL character', { name: 'a\0b' }, 'name'],
    ['an end that is over', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ])('with %s is refused', async (_what, input, path) => {
    const { data } = await askAs(app, admin, CREATE, { input: { name: 'ingest', roles: ['TRADER'], ...input } });
    expect(data.apiKeyCreate).toMatchObject({ __typename: 'ValidationError', issues: [{ path }] });
  });

  it('is listed newest first, in pages, by owner and by state', async () => {
    const [one, two, three] = [await create({ owner: 'paged' }), await create({ owner: 'paged' }), await create({ owner: 'paged' })];
    await askAs(app, admin, REVOKE, { id: two!.apiKey.id });
    const page = async (more: string) => {
      const { data } = await askAs(
        app,
        admin,
        `{ apiKeys(owner: "paged", ${more}) { edges { cursor node { id } } pageInfo { hasNextPage } } }`,
      );
      return data.apiKeys as { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean } };
    };
    const ids = (answer: Awaited<ReturnType<typeof page>>) => answer.edges.map(({ node }) => node.id);
    const first = await page('first: 2');
    expect([ids(first), first.pageInfo.hasNextPage]).toEqual([[three!.apiKey.id, two!.apiKey.id], true]);
    expect(ids(await page(`first: 2, after: "${first.edges[1]!.cursor}"`))).toEqual([one!.apiKey.id]);
    expect(ids(await page('state: ACTIVE'))).toEqual([three!.apiKey.id, one!.apiKey.id]);
    expect(ids(await page('state: REVOKED'))).toEqual([two!.apiKey.id]);
    const { data } = await askAs(app, admin, `{ nodes(ids: ["${two!.apiKey.id}", "${one!.apiKey.id}"]) { ... on ApiKey { id state } } }`);
    expect(data.nodes).toEqual([
      { id: two!.apiKey.id, state: 'REVOKED' },
      { id: one!.apiKey.id, state: 'ACTIVE' },
    ]);
  });
});

it('who is known by a key may make keys if its roles permit it, and is named as who made them', async () => {
  const { key } = await create({ owner: 'operator', roles: ['ADMIN'] });
  const { data } = await askAs(app, `Bearer ${key}`, CREATE, { input: { name: 'made by a key', roles: ['ANALYST'] } });
  expect(data.apiKeyCreate.apiKey).toMatchObject({ owner: 'operator', createdBy: 'operator' });
});

it('authentications are counted by what was shown and what came of it', async () => {
  const count = (credential: string, outcome: string) => metricValue(app, 'strikewire_authentications_total', { credential, outcome });
  const before = [await count('API_KEY', 'ACCEPTED'), await count('API_KEY', 'INVALID'), await count('NONE', 'MISSING')];
  const { key } = await create();
  await askAs(app, `Bearer ${key}`, VIEWER);
  await askAs(app, `Bearer swk_${'A'.repeat(64)}`, VIEWER);
  await askAs(app, {}, VIEWER);
  expect([await count('API_KEY', 'ACCEPTED'), await count('API_KEY', 'INVALID'), await count('NONE', 'MISSING')]).toEqual(
    before.map((value) => value + 1),
  );
});

it('when a key was last used is written when the server stops, at the latest', async () => {
  const other = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  const [used, unused] = [await create(), await create()];
  const beforeMs = Date.now();
  await askAs(other, `Bearer ${used.key}`, VIEWER);
  expect(await other.stop()).toBe(true);
  const lastUsed = async ({ apiKey }: Created) =>
    (await askAs(app, admin, `{ apiKey(id: "${apiKey.id}") { lastUsedAt } }`)).data.apiKey.lastUsedAt as string | null;
  expect(Date.parse((await lastUsed(used))!)).toBeGreaterThanOrEqual(beforeMs);
  expect(await lastUsed(unused)).toBeNull();
});

it('without configured authentication keys are judged, and who shows nothing is the local administrator', async () => {
  const open = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']) });
  const { data } = await open.ask(CREATE, { input: { name: 'local', roles: ['ANALYST'] } });
  const { key } = data.apiKeyCreate as Created;
  expect((await askAs(open, `Bearer ${key}`, VIEWER)).data.viewer).toMatchObject({ kind: 'API_KEY', subject: 'local', roles: ['ANALYST'] });
  for (const [shown, failure] of [
    [`Bearer swk_${'A'.repeat(64)}`, 'INVALID'],
    [admin, 'INVALID'],
  ] as const) {
    const answer = await askAs(open, shown, VIEWER);
    expect([answer.status, answer.errors![0]!.extensions!.failure]).toEqual([401, failure]);
  }
  expect((await askAs(open, {}, VIEWER)).data.viewer.kind).toBe('LOCAL');
  await open.stop();
});
