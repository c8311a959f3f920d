import { ApolloClient, gql as apolloGql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient, gql as urqlGql } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aResultDraft } from '../support/a-result-draft.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const QUERY = 'subscription Results($after: String) { scanResults(after: $after) { cursor missed results { id } } }';
const KILLS = 12;

interface Data {
  readonly scanResults: { readonly cursor: string; readonly missed: number; readonly results: readonly { readonly id: string }[] };
}

interface Listener {
  next(data: Data): void;
  /** It has ended: by an error, or without one. */
  end(error: unknown): void;
}

/** A client of somebody else, used as its documentation says. */
interface Subscriber {
  /** Subscribes behind a cursor; returns what ends it. */
  subscribe(after: string | null, listener: Listener): () => void;
  close(): unknown;
}

type Connect = (address: { readonly http: string; readonly webSocket: string }) => Subscriber;

const CLIENTS: Readonly<Record<string, Connect>> = {
  'graphql-ws': ({ webSocket }) => {
    const client = createWsClient({ url: webSocket, webSocketImpl: WebSocket, retryAttempts: 0 });
    return {
      subscribe: (after, { next, end }) =>
        client.subscribe<Data>(
          { query: QUERY, variables: { after } },
          { next: ({ data }) => next(data!), error: end, complete: () => end(null) },
        ),
      close: () => client.dispose(),
    };
  },
  urql: ({ http, webSocket }) => {
    const client = createWsClient({ url: webSocket, webSocketImpl: WebSocket, retryAttempts: 0 });
    const forwardSubscription = (request: { query?: string | undefined; variables?: Record<string, unknown> | undefined }) => ({
      subscribe: (sink: Parameters<ReturnType<Parameters<typeof subscriptionExchange>[0]['forwardSubscription']>['subscribe']>[0]) => ({
        unsubscribe: client.subscribe({ ...request, query: request.query ?? '' }, sink as never),
      }),
    });
    const urql = new UrqlClient({
      url: http,
      exchanges: [subscriptionExchange({ forwardSubscription: forwardSubscription as never })],
    } as never);
    return {
      subscribe(after, { next, end }) {
        const { unsubscribe } = urql.subscription<Data>(urqlGql(QUERY), { after }).subscribe(({ data, error }) => {
          if (error) end(error);
          else if (data) next(data);
        });
        return unsubscribe;
      },
      close: () => client.dispose(),
    };
  },
  'Apollo Client': ({ webSocket }) => {
    const client = createWsClient({ url: webSocket, webSocketImpl: WebSocket, retryAttempts: 0 });
    const apollo = new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache() });
    return {
      subscribe(after, { next, end }) {
        const subscription = apollo
          .subscribe<Data>({ query: apolloGql(QUERY), variables: { after }, fetchPolicy: 'no-cache' })
          .subscribe({ next: ({ data, error }) => (error ? end(error) : next(data!)), error: end, complete: () => end(null) });
        return () => subscription.unsubscribe();
      },
      async close() {
        apollo.stop();
        await client.dispose();
      },
    };
  },
  ...Object.fromEntries(
    [false, true].map((singleConnection) => [
      `graphql-sse, ${singleConnection ? 'single connection' : 'distinct connections'}`,
      ({ http }: { readonly http: string }): Subscriber => {
        const client = createSseClient({ url: http, singleConnection, retryAttempts: 0 });
        return {
          subscribe: (after, { next, end }) =>
            client.subscribe<Data>(
              { query: QUERY, variables: { after } },
              { next: ({ data }) => next(data!), error: end, complete: () => end(null) },
            ),
          close: () => client.dispose(),
        };
      },
    ]),
  ),
};

let database: TestDatabase;
let app: TestApp;
let appender: ResultAppender;
let proxy: TcpProxy;

beforeEach(async () => {
  database = await createTestDatabase();
  appender = createResultAppender(database.url);
  app = await startTestApp({ databaseUrl: database.url, env: { STREAM_POLL_INTERVAL_MS: '10' } });
  proxy = await startTcpProxy({ host: '127.0.0.1', port: app.address.port });
});

afterEach(async () => {
  proxy.close();
  await app.stop();
  await appender.close();
  await database.drop();
});

const globalId = (id: string) => Buffer.from(`ScanResult:${id}`).toString('base64');

describe.each(Object.keys(CLIENTS))('%s', (name) => {
  const random = seededRandom(5);
  let written: string[];
  let received: string[];
  let missed: number;
  let cursor: string | null;

  beforeEach(() => {
    written = [];
    received = [];
    missed = 0;
    cursor = null;
  });

  async function writeSome(): Promise<void> {
    const drafts = Array.from({ length: 1 + Math.floor(random() * 30) }, () => aResultDraft({ legsKey: crypto.randomUUID() }));
    written.push(...(await appender.append(drafts)).map((row) => globalId(row.id)));
  }

  /** A new program that subscribes behind the cursor that was kept. Resolves when it has its first item. */
  async function run() {
    const origin = `127.0.0.1:${proxy.port}/graphql`;
    const subscriber = CLIENTS[name]!({ http: `http://${origin}`, webSocket: `ws://${origin}` });
    let leave = () => {};
    let hasEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    await new Promise<void>((resolve, reject) => {
      leave = subscriber.subscribe(cursor, {
        next({ scanResults }) {
          missed += scanResults.missed;
          cursor = scanResults.cursor;
          received.push(...scanResults.results.map((result) => result.id));
          resolve();
        },
        end(error) {
          hasEnded();
          reject(error);
        },
      });
    });
    return {
      ended,
      async stop() {
        leave();
        await subscriber.close();
      },
    };
  }

  it('subscribes, is killed, and goes on behind the cursor it keeps: nothing lost, nothing twice', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const program = await run();
      await writeSome();
      const writing = writeSome();
      for (let turn = Math.floor(random() * 30); turn > 0; turn--) await new Promise(setImmediate);
      proxy.cut();
      await program.ended;
      await program.stop();
      await writing;
      await writeSome();
      await proxy.restore();
    }
    const program = await run();
    await writeSome();
    await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(written.length));
    expect(received).toEqual(written);
    expect(missed).toBe(0);
    await program.stop();
  });
});
