import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeKeyCursor } from '../../src/services/paging/key-cursor.ts';
import { encodePosition } from '../../src/services/stream-log/cursor.ts';
import { type Answer, startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

async function overHttp(operation: Operation, accept = 'application/json'): Promise<{ body: string; requestId: string }> {
  const response = await fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(operation),
  });
  return { body: await response.text(), requestId: response.headers.get('x-request-id')! };
}

/** Each gives the errors of an operation, and the request id that the transport tells otherwise, if it does. */
const TRANSPORTS: Record<string, (operation: Operation) => Promise<{ errors: Answer['errors']; requestId: string | null }>> = {
  HTTP: async (operation) => {
    const { body, requestId } = await overHttp(operation);
    return { errors: (JSON.parse(body) as Answer).errors, requestId };
  },
  'server-sent events': async (operation) => {
    const { body, requestId } = await overHttp(operation, 'text/event-stream');
    const event = /^event: next\ndata: (.*)$/m.exec(body)?.[1];
    return { errors: (JSON.parse(event ?? '{}') as Answer).errors, requestId };
  },
  WebSocket: async (operation) => {
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    try {
      const answer = await client.iterate(operation as never).next();
      return { errors: (answer.value as Answer).errors, requestId: null };
    } catch (errors) {
      return { errors: errors as Answer['errors'], requestId: null };
    } finally {
      await client.dispose();
    }
  },
};

const BY_SCORE = 'query ($filter: ScanResultFilter) { scanResults(filter: $filter, first: 1) { edges { cursor } } }';
const TWO_OPERATIONS = 'query A { __typename } query B { __typename }';

const REFUSED: readonly [string, string, Operation][] = [
  ['a document that is none', 'GRAPHQL_PARSE_FAILED', { query: '{ scanner {' }],
  ['a field that does not exist', 'GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
  ['a variable of another type', 'BAD_USER_INPUT', { query: BY_SCORE, variables: { filter: { score: { min: 'high' } } } }],
  ['an operation that is not there', 'OPERATION_RESOLUTION_FAILURE', { query: TWO_OPERATIONS, operationName: 'C' }],
  ['an id that is none', 'BAD_USER_INPUT', { query: '{ scanResult(id: "nonsense") { id } }' }],
  ['an id of something else', 'BAD_USER_INPUT', { query: `{ scanRun(id: "${globalId('Filter', 'x')}") { id } }` }],
  ['a filter that cannot be', 'VALIDATION_FAILED', { query: BY_SCORE, variables: { filter: { score: { min: 2, max: 1 } } } }],
  ['too long a page', 'LIMIT_EXCEEDED', { query: '{ scanRuns(first: 100000) { edges { cursor } } }' }],
];

describe.each(Object.entries(TRANSPORTS))('errors over %s', (_name, ask) => {
  it.each(REFUSED)('of %s have the code %s and the id of their request', async (_what, code, operation) => {
    for (const round of [1, 2]) {
      const { errors, requestId } = await ask(operation);
      expect(errors, `round ${round}`).toHaveLength(1);
      expect(errors![0]!.extensions).toMatchObject({ code, requestId: expect.stringMatching(requestId ?? /^[0-9a-f-]{36}$/) });
      expect(errors![0]!.extensions).not.toHaveProperty('http');
    }
  });

  it('name the place in the input as the input has it', async () => {
    const { errors } = await ask({ query: BY_SCORE, variables: { filter: { any: [{ score: { min: 2, max: 1 } }] } } });
    expect(errors![0]).toMatchObject({
      message: 'filter.any.0.score: expected min ≤ max (1), got 2',
      extensions: { issues: [{ path: 'filter.any.0.score', message: 'expected min ≤ max (1), got 2' }] },
    });
  });
});

describe('a result of a mutation', () => {
  it('names the place in the input as the input has it, in its message too', async () => {
    const { data } = await app.ask(CREATE, { input: { name: 'x', criteria: { delta: { min: 2, max: 1 } } } });
    expect(data.filterCreate).toEqual({
      __typename: 'ValidationError',
      message: 'criteria.delta: expected min ≤ max (1), got 2',
      issues: [{ path: 'criteria.delta', message: 'expected min ≤ max (1), got 2' }],
    });
  });
});

const CREATE =
  'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { __typename ... on Error { message } ... on ValidationError { issues { path message } } } }';
const SCAN =
  'mutation ($input: ScanRequestInput!) { scanRequest(input: $input) { __typename ... on Error { message } ... on ValidationError { issues { path message } } } }';
const PAGE =
  'query ($filter: ScanResultFilter, $range: DateTimeRange, $after: String) { scanResults(filter: $filter, range: $range, after: $after, first: 1) { edges { cursor } } }';

describe('what PostgreSQL cannot hold', () => {
  it.each([
    ['name', { name: 'a\0b' }, 'expected text without NUL characters, got one at position 1'],
    ['description', { description: '\0' }, 'expected text without NUL characters, got one at position 0'],
    ['idempotencyKey', { idempotencyKey: 'k\0' }, 'expected text without NUL characters, got one at position 1'],
    ['idempotencyKey', { idempotencyKey: 'k'.repeat(100_000) }, 'expected 1 to 255 characters, got 100000'],
    ['idempotencyKey', { idempotencyKey: '' }, 'expected 1 to 255 characters, got 0'],
    [
      'criteria.expiration.min',
      { criteria: { expiration: { min: '0000-01-01' } } },
      'expected a date of the calendar from 0001-01-01 on, YYYY-MM-DD, got "0000-01-01"',
    ],
  ])('is an issue of a new filter: %s', async (path, input, message) => {
    const { data } = await app.ask(CREATE, { input: { name: 'fine', criteria: {}, ...input } });
    expect(data.filterCreate).toMatchObject({ __typename: 'ValidationError', issues: [{ path, message }] });
  });

  it('may be a key of 255 characters, which finds its filter again', async () => {
    const input = { name: 'long key', criteria: {}, idempotencyKey: '€'.repeat(255) };
    for (const _round of [1, 2]) expect((await app.ask(CREATE, { input })).data.filterCreate.__typename).toBe('FilterCreatePayload');
  });

  it.each([
    ['idempotencyKey', { idempotencyKey: '\0' }],
    ['idempotencyKey', { idempotencyKey: 'k'.repeat(100_000) }],
    ['symbols.0', { symbols: ['A\0'] }],
  ])('is an issue of a scan request: %s', async (path, input) => {
    const { data } = await app.ask(SCAN, { input: { symbols: ['AAA'], ...input } });
    expect(data.scanRequest).toMatchObject({ __typename: 'ValidationError', issues: [{ path }] });
  });

  it.each([
    ['range.from', { range: { from: '0000-01-01T00:00:00Z' } }],
    ['range.from', { range: { from: '0001-01-01T00:00:00+14:00' } }],
    ['range.before', { range: { before: '9999-12-31T23:59:59-12:00' } }],
    ['filter.expiration.max', { filter: { expiration: { max: '0000-12-31' } } }],
    ['filter.symbols.in.0', { filter: { symbols: { in: ['A\0'] } } }],
    ['filter.filterIds.0', { filter: { filterIds: [globalId('Filter', '\0')] } }],
  ])('is an issue of a page of results: %s', async (path, variables) => {
    const { errors } = await app.ask(PAGE, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION_FAILED', issues: [{ path }] } }]);
  });

  it('may be the first or the last moment that can be written', async () => {
    const { errors, data } = await app.ask(PAGE, { range: { from: '0001-01-01T00:00:00Z', before: '9999-12-31T23:59:59.999Z' } });
    expect([errors, data]).toEqual([undefined, { scanResults: { edges: [] } }]);
  });

  it.each([
    ['scanResults', encodePosition('scan-results', { atMs: Number.MAX_SAFE_INTEGER, sequence: 1 })],
    ['scanResults', encodePosition('scan-results', { atMs: 253_402_300_800_000, sequence: 1 })],
    ['filters', encodeKeyCursor('filter', 'no uuid')],
    ['scanRuns', encodeKeyCursor('scan-run', 'no uuid')],
    ['underlyings', encodeKeyCursor('underlying', 'A\0')],
  ])('is a malformed cursor of %s', async (list, after) => {
    const { errors } = await app.ask(`query ($after: String) { ${list}(after: $after) { edges { cursor } } }`, { after });
    expect(errors).toMatchObject([{ extensions: { code: 'MALFORMED_CURSOR' } }]);
  });

  it('is the symbol and the id of nothing', async () => {
    const { data, errors } = await app.ask(
      'query ($symbol: String!, $id: ID!) { underlying(symbol: $symbol) { symbol } node(id: $id) { id } }',
      {
        symbol: 'A\0',
        id: globalId('Underlying', 'A\0'),
      },
    );
    expect([data, errors]).toEqual([{ underlying: null, node: null }, undefined]);
  });
});

function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}
