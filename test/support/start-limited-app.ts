import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { aChainFeed } from './a-chain-feed.ts';
import { openRawSocket, type RawSocket } from './raw-socket.ts';
import { type Answer, startTestApp, type TestApp } from './start-test-app.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const SECRET = 'a secret that is long enough for HS256';
/** Traders may send as much, or little. */
export const BODY_BYTES = 2_048;
export const PERSISTED = 'query Kept { viewer { subject } }';
/** What each role is granted, so little that tests can go beyond. */
export const ROLES = {
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

export interface Refusal {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

export interface Asked {
  readonly status: number | null;
  readonly retryAfter: string | null;
  readonly data: Answer['data'];
  readonly errors: readonly Refusal[];
}

export interface Operation {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

export type Ask = (operation: Operation, authorization: string) => Promise<Asked>;

export const TRANSPORTS = ['HTTP', 'server-sent events', 'WebSocket'] as const;

/** A server whose viewers are granted little. */
export interface LimitedApp {
  readonly app: TestApp;
  readonly database: TestDatabase;
  /** Of somebody else each time: what one has used up does not matter to the next. */
  authorization(roles?: readonly string[]): Promise<string>;
  /** How to ask, by transport. */
  readonly ask: Readonly<Record<(typeof TRANSPORTS)[number], Ask>>;
  /** A WebSocket of whoever shows that, with the protocol opened in it. */
  socketOf(bearer: string): Promise<RawSocket>;
  stop(): Promise<void>;
}

export async function startLimitedApp(): Promise<LimitedApp> {
  const database = await createTestDatabase();
  const directory = await temporaryDirectory('limits');
  const persisted = join(directory.path, 'operations.json');
  writeFileSync(persisted, JSON.stringify([PERSISTED]));
  const app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { AUTH_JWT_SECRET: SECRET, LIMITS_ROLES: JSON.stringify(ROLES), PERSISTED_OPERATIONS: persisted },
  });
  let people = 0;

  async function authorization(roles: readonly string[] = ['TRADER']): Promise<string> {
    const token = await new SignJWT({ roles })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(`somebody-${++people}`)
      .setExpirationTime('10m')
      .sign(new TextEncoder().encode(SECRET));
    return `Bearer ${token}`;
  }

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

  const ask: LimitedApp['ask'] = {
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

  return {
    app,
    database,
    authorization,
    ask,
    socketOf: (bearer) => openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } }).initialised(),
    async stop() {
      await app.stop();
      await database.drop();
      await directory.remove();
    },
  };
}
