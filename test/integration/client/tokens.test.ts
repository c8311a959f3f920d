import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { StrikewireClientOptions } from '../../../src/client/strikewire-client.ts';
import { aChainFeed } from '../../support/a-chain-feed.ts';
import { aClient, type ObservedClient } from '../../support/a-client.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { aSessionToken, type SessionToken } from '../../support/a-session-token.ts';
import { TOKEN_SECRET } from '../../support/a-token.ts';
import { nothingIsLeft } from '../../support/nothing-is-left.ts';
import { createResultAppender, type ResultAppender } from '../../support/result-appender.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const RESULTS = 'subscription ($after: String) { scanResults(after: $after) { cursor missed results { id } } }';

let database: TestDatabase;
let appender: ResultAppender;
let app: TestApp;
const clients: ObservedClient[] = [];

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
  for (const client of clients.splice(0)) client.close();
  await nothingIsLeft(app);
});

function open(connectionParams: StrikewireClientOptions['connectionParams']): ObservedClient {
  const client = aClient({ url: app.webSocketUrl, connectionParams: connectionParams!, backoff: { minimumMs: 10, maximumMs: 50 } });
  clients.push(client);
  return client;
}

/** Hands out tokens one after the other, the last one for ever. */
function provider(tokens: readonly (() => Promise<SessionToken>)[]) {
  let asked = 0;
  return {
    asked: () => asked,
    async params() {
      const { authorization } = await tokens[Math.min(asked++, tokens.length - 1)]!();
      return { authorization };
    },
  };
}

/** Follows the results; `appendUntil` stores two or more, one after the other, meanwhile; each must come, in order and once. */
async function followResults(client: ObservedClient) {
  const ids: string[] = [];
  let failure: unknown = null;
  client.listen<{ scanResults: { results: { id: string }[] } }>(RESULTS, {
    item: ({ data }) => void ids.push(...data.scanResults.results.map(({ id }) => id)),
    error: (error) => {
      failure = error;
    },
  });
  await vi.waitFor(() => expect(app.subscribers()).toBe(1));
  return {
    failure: () => failure,
    async appendUntil(isEnough: () => boolean): Promise<void> {
      ids.length = 0;
      const appended: string[] = [];
      while (appended.length < 2 || !isEnough()) {
        appended.push(...(await appender.append([aResultDraft()])).map(({ id }) => Buffer.from(`ScanResult:${id}`).toString('base64')));
        await vi.waitFor(() => expect(ids).toEqual(appended), { interval: 10 });
      }
    },
  };
}

const short = () => aSessionToken({ expiresInMs: 3_000 });
const long = () => aSessionToken();

it('a client with a source of tokens stays connected from one to the next, and loses nothing', async () => {
  const tokens = provider([short, short, short, long]);
  const client = open(tokens.params);
  const results = await followResults(client);
  await results.appendUntil(() => client.told('renewed').length === 3);
  const lastShortExpiresAt = Date.parse(client.told('renewed')[1]!.expiresAt!);
  await results.appendUntil(() => Date.now() > lastShortExpiresAt + 250);
  expect(client.names().filter((name) => name !== 'renewed')).toEqual(['connecting', 'connected']);
  expect(tokens.asked()).toBe(4);
});

it('a source of tokens that fails is asked again while the connection lasts', async () => {
  const away = () => Promise.reject(new Error('the identity provider is away'));
  const tokens = provider([() => aSessionToken({ expiresInMs: 4_000 }), away, away, long]);
  const client = open(tokens.params);
  const results = await followResults(client);
  await results.appendUntil(() => client.told('renewed').length === 1);
  expect(client.told('renewalFailed')).toEqual([
    { reason: 'the identity provider is away', delayMs: 10 },
    { reason: 'the identity provider is away', delayMs: 20 },
  ]);
  expect(client.told('disconnected')).toEqual([]);
});

it('a token with other roles needs another connection: what runs goes on there when the first one ends', async () => {
  const tokens = provider([short, () => aSessionToken({ roles: ['ADMIN', 'TRADER'] })]);
  const client = open(tokens.params);
  const results = await followResults(client);
  await results.appendUntil(() => client.told('connected').length === 2);
  expect(client.told('renewalFailed')).toEqual([{ reason: expect.stringContaining('got ADMIN, TRADER'), delayMs: null }]);
  expect(client.told('disconnected')).toMatchObject([{ code: 4403, wasConnected: true }]);
  expect([client.told('gap'), results.failure()]).toEqual([[], null]);
});

it('what is asked after the token has expired goes over the next connection, with the next token', async () => {
  const tokens = provider([() => aSessionToken({ expiresInMs: 2_000, roles: ['DEVELOPER'] }), long]);
  const client = open(tokens.params);
  client.listen('subscription { scanner { state } }', { item: () => {}, error: () => {} });
  await vi.waitFor(() => expect(client.told('disconnected')).toHaveLength(1));
  expect(await client.query('{ viewer { roles } }')).toEqual({ viewer: { roles: ['ADMIN'] } });
});

it('a client with one token only is told why it ends when that expires', async () => {
  const client = open({ authorization: (await short()).authorization });
  const results = await followResults(client);
  await vi.waitFor(() => expect(results.failure()).not.toBeNull());
  expect(results.failure()).toMatchObject({ name: 'ConnectionRefusedError', closeCode: 4403 });
});

it('a client comes back after an administrator has ended its connection, and loses nothing', async () => {
  const client = open(provider([long]).params);
  const results = await followResults(client);
  const { connections } = await client.query<{ connections: { edges: { node: { id: string } }[] } }>(
    '{ connections(first: 1) { edges { node { id } } } }',
  );
  const { id } = connections.edges[0]!.node;
  const terminate = client.mutate('mutation ($id: ID!) { connectionTerminate(input: { id: $id }) { __typename } }', { variables: { id } });
  // Its answer would have come over the connection that it ends.
  await expect(terminate).rejects.toMatchObject({ errors: [{ extensions: { code: 'CONNECTION_TERMINATED' } }] });
  let appended = 0;
  await results.appendUntil(() => client.told('connected').length === 2 && ++appended > 3);
  expect([client.told('gap'), results.failure()]).toEqual([[], null]);
});

it('a client whose token was revoked does not come back', async () => {
  const token = await long();
  const tokens = provider([async () => token]);
  const client = open(tokens.params);
  const results = await followResults(client);
  const administrator = open(provider([long]).params);
  await administrator.mutate('mutation ($id: String!) { tokenRevoke(input: { tokenId: $id }) { __typename } }', {
    variables: { id: token.id },
  });
  await vi.waitFor(() => expect(results.failure()).not.toBeNull());
  expect(results.failure()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', failure: 'REVOKED' } }] });
  await vi.waitFor(() => expect(client.told('disconnected')).toMatchObject([{ code: 4401 }]));
  expect([tokens.asked(), client.told('reconnecting')]).toEqual([1, []]);
});
