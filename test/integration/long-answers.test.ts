import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '../../src/db/client.ts';
import { METRICS } from '../../src/domain/candidates/metric.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
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

  it('are the same in a stream of events', async () => {
    const query = page(7, null, WHOLE);
    const events = await textOf(query, 'text/event-stream');
    const [, data] = /^event: next\ndata: (.*)$/m.exec(events)!;
    expect(JSON.parse(data!)).toEqual(JSON.parse(await textOf(query)));
  });

  it('are the same over WebSocket', async () => {
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const query = page(ROWS, null, WHOLE);
    const answers: unknown[] = [];
    for await (const answer of client.iterate({ query })) answers.push(answer);
    await client.dispose();
    expect(answers).toEqual([JSON.parse(await textOf(query))]);
  });
});
