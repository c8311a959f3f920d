import { once } from 'node:events';
import { createClient as createEventClient, type ClientOptions as EventClientOptions } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '../../src/db/client.ts';
import { METRICS } from '../../src/domain/candidates/metric.ts';
import { AnswerBody } from '../../src/server/answer-body.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { type Answer, startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ROWS = 500;
const WHOLE = `id detectedAt symbol strategy expiration breakevens reasons ${METRICS.map(({ name }) => name).join(' ')}
  legs { symbol quantity ... on OptionLeg { right strike bid } } scoreComponents { name weight value explanation }`;
/** So few fields that a page of all rows is answered in one go, and so many that a page of all rows is not. */
const PARTS = [
  ['of a few fields', 'symbol score'],
  ['of all fields', WHOLE],
] as const;

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const own = createDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 20_000, applicationName: 'long-answers' });
  const drafts = Array.from({ length: ROWS }, (_row, index) => aResultDraft({ symbol: `S${index}`, metrics: { score: index / 10 } }));
  const log = createStreamLog({ sql: own.sql });
  await own.sql.begin((transaction) => log.append(transaction, scanResultStream, drafts, Date.now()));
  await own.close();
  app = await startTestApp({ databaseUrl: database.url, env: { LIMITS_BATCH_SIZE: '4' } });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const page = (first: number, after: string | null, fields: string) =>
  `{ scanResults(first: ${first}, after: ${JSON.stringify(after)}) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`;

/** Of one operation, or of several at once. */
async function textOf(query: string | readonly string[], accept = 'application/json'): Promise<string> {
  const response = await fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(typeof query === 'string' ? { query } : query.map((one) => ({ query: one }))),
  });
  expect(response.status).toBe(200);
  return response.text();
}

describe('long answers', () => {
  it.each(PARTS)('%s are those of short pages, behind one another', async (_what, fields) => {
    const text = await textOf(page(ROWS, null, fields));
    const { data, errors } = JSON.parse(text);
    expect(errors).toBeUndefined();
    // As JSON.stringify writes it.
    expect(text).toBe(JSON.stringify({ data }));
    const edges: unknown[] = [];
    let cursor: string | null = null;
    while (edges.length < ROWS) {
      const answer = JSON.parse(await textOf(page(20, cursor, fields))) as Answer;
      const { scanResults } = answer.data;
      edges.push(...scanResults.edges);
      cursor = scanResults.pageInfo.endCursor;
    }
    expect(data.scanResults).toEqual({ edges, pageInfo: { hasNextPage: false, endCursor: expect.any(String) } });
  });

  it('have their errors, masked, each with its path', async () => {
    // No such filter is stored, and a result must have one.
    const { data, errors } = JSON.parse(await textOf(page(ROWS, null, `${WHOLE} filter { name }`)));
    expect(data).toBeNull();
    expect(errors[0]).toMatchObject({ message: 'Unexpected error.', path: ['scanResults', 'edges', expect.any(Number), 'node', 'filter'] });
    // Of a nullable field only its own value is missing.
    const run = JSON.parse(await textOf(page(ROWS, null, `${WHOLE} scanRun { id }`)));
    expect(run.errors).toBeUndefined();
    expect(run.data.scanResults.edges.every(({ node }: { node: { scanRun: unknown } }) => node.scanRun === null)).toBe(true);
  });

  it('are the same side by side in one request, each with its own lists', async () => {
    const pages = [page(7, null, WHOLE), page(ROWS, null, 'symbol score'), '{ scanner { state } }', page(3, null, WHOLE)];
    const alone = await Promise.all(pages.map((one) => textOf(one)));
    expect(await textOf(pages)).toBe(`[${alone.join(',')}]`);
  });

  // One page of which the text is made in one go, others that are sent in pieces, one that the executor completes.
  describe.each([
    ['short', page(7, null, WHOLE), false, 0],
    ['long', page(ROWS, null, WHOLE), true, 0],
    ['long beside what fails', page(ROWS, null, WHOLE).replace('{', '{ failing: scanResult(id: "nothing") { id } '), true, 1],
    ['failing', page(ROWS, null, `${WHOLE} filter { name }`), true, 1],
  ])('when %s', (_kind, query, isInPieces, errors) => {
    /** Without what differs from request to request. */
    const comparable = (answer: unknown) => JSON.parse(JSON.stringify(answer, (name, value) => (name === 'requestId' ? 'some' : value)));
    let expected: unknown;
    beforeAll(async () => {
      expected = comparable(JSON.parse(await textOf(query)));
    });
    beforeEach(() => {
      vi.spyOn(AnswerBody.prototype, Symbol.toPrimitive);
      vi.spyOn(AnswerBody.prototype, 'within');
    });
    afterEach(() => vi.restoreAllMocks());
    const expectAnswer = (answer: unknown) => {
      expect(comparable(answer)).toEqual(expected);
      expect((answer as Answer).errors ?? []).toHaveLength(errors);
      expect(vi.mocked(AnswerBody.prototype.within).mock.calls.length > 0).toBe(isInPieces);
      expect(AnswerBody.prototype[Symbol.toPrimitive]).not.toHaveBeenCalled();
    };

    it('are the same in a stream of events', async () => {
      const events = await textOf(query, 'text/event-stream');
      const event = /^:\n\nevent: next\ndata: (.*)\n\nevent: complete\ndata:\n\n$/.exec(events);
      expect(event).not.toBeNull();
      expectAnswer(JSON.parse(event![1]!));
    });

    it.each([
      ['of their own', false],
      ['for many operations', true],
    ])('are the same to a client of event streams %s', async (_streams, singleConnection) => {
      const client = createEventClient({ url: `${app.origin}/graphql`, singleConnection, retryAttempts: 0 } as EventClientOptions);
      const answers: unknown[] = [];
      for await (const answer of client.iterate({ query })) answers.push(answer);
      client.dispose();
      expect(answers).toHaveLength(1);
      expectAnswer(answers[0]);
    });

    it('are the same over WebSocket', async () => {
      const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
      const answers: unknown[] = [];
      for await (const answer of client.iterate({ query })) answers.push(answer);
      await client.dispose();
      expect(answers).toHaveLength(1);
      expectAnswer(answers[0]);
    });
  });

  it('of many operations on one WebSocket each arrive whole', async () => {
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const queries = [ROWS, 7, 400, 1, ROWS, 50].map((first) => page(first, null, WHOLE));
    const answers = await Promise.all(
      queries.map(async (query) => {
        for await (const answer of client.iterate({ query })) return answer;
        return null;
      }),
    );
    await client.dispose();
    expect(answers).toEqual(await Promise.all(queries.map(async (query) => JSON.parse(await textOf(query)))));
  });

  it.each([
    'text/event-stream, application/json',
    'text/event-stream;q=0.1, application/json',
    'application/json, text/event-stream',
    'text/event-stream, */*',
    'text/event-stream, multipart/mixed',
    'multipart/mixed',
    'multipart/mixed, application/graphql-response+json',
    'application/x-other, text/event-stream',
    '*/*',
  ])('are of the same kind as short ones to a client that accepts %s', async (accept) => {
    const answer = async (first: number) => {
      const response = await fetch(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: page(first, null, WHOLE) }),
      });
      return { kind: [response.status, response.headers.get('content-type')], text: await response.text() };
    };
    const [short, long] = [await answer(7), await answer(ROWS)];
    expect(long.kind).toEqual(short.kind);
    expect(long.text).toContain(JSON.stringify(JSON.parse(await textOf(page(ROWS, null, WHOLE))).data));
    const around = (text: string) => text.replace(/\{"scanResults":.*\}\]?\}\}/, '').replace(/^Content-Length: \d+/im, '');
    expect(around(long.text)).toBe(around(short.text));
  });

  it('end with the connection of a client that does not read them', async () => {
    const query = page(ROWS, null, WHOLE);
    const socket = new WebSocket(app.webSocketUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    for (let id = 0; id < 5; id++) socket.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query } }));
    socket.pause();
    socket.terminate();
    await expect(nothingIsLeft(app)).resolves.toBeUndefined();
  });
});
