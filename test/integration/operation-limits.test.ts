import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: {
      GRAPHQL_MAXIMUM_TOKENS: '300',
      GRAPHQL_MAXIMUM_DEPTH: '4',
      GRAPHQL_MAXIMUM_ALIASES: '5',
      GRAPHQL_MAXIMUM_DIRECTIVES: '5',
      GRAPHQL_MAXIMUM_ROOT_FIELDS: '3',
      GRAPHQL_MAXIMUM_COST: '500',
    },
  });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

type Errors = readonly { message: string; extensions: Record<string, unknown> }[];

const ASK: Readonly<Record<string, (query: string) => Promise<Errors>>> = {
  HTTP: async (query) => (await app.ask(query)).errors as Errors,
  WebSocket: async (query) => {
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    try {
      return await client
        .iterate({ query })
        .next()
        .then(
          ({ value }) => value.errors as Errors,
          (errors: Errors) => errors,
        );
    } finally {
      await client.dispose();
    }
  },
  'server-sent events': async (query) => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    const [, json] = /^data: (\{.*)$/m.exec(text) ?? [];
    return (JSON.parse(json ?? text) as { errors: Errors }).errors;
  },
};

const TOO_LARGE: readonly (readonly [string, string, number, number])[] = [
  ['depth', '{ scanResults(first: 1) { edges { node { filter { name } } } } }', 4, 5],
  ['aliases', '{ scanner { a: state b: state c: state d: state e: state f: state } }', 5, 6],
  ['directives', `{ scanner { ${Array.from({ length: 6 }, () => '... @include(if: true) { state }').join(' ')} } }`, 5, 6],
  ['rootFields', '{ scanner { state } s2: scanner { state } s3: scanner { state } s4: scanner { state } }', 3, 4],
  ['cost', '{ scanResults(first: 251) { edges { cursor } } }', 500, 502],
];

describe.each(Object.keys(ASK))('over %s', (transport) => {
  it.each(TOO_LARGE)(
    'an operation of too many %s is refused with the limit and what was asked',
    async (limit, query, allowed, requested) => {
      const errors = await ASK[transport]!(query);
      expect(errors).toHaveLength(1);
      expect(errors[0]!.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit, allowed, requested, requestId: expect.any(String) });
      expect(errors[0]!.message).toContain(`expected at most ${allowed}`);
    },
  );

  it('a document of too many tokens is not even parsed', async () => {
    const [error] = await ASK[transport]!(`{ scanner { ${'state '.repeat(400)} } }`);
    expect(error).toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED', limit: 'tokens', allowed: 300, requested: 301 } });
  });

  it('an operation at the limits runs', async () => {
    expect(await ASK[transport]!('{ scanResults(first: 250) { edges { cursor } } }')).toBeUndefined();
  });
});
