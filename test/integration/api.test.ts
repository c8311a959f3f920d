import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EXAMPLE_OPERATIONS } from '../../src/server/example-operations.ts';
import { aChain, aChainFeed } from '../support/a-chain-feed.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let app: TestApp;
const feed = aChainFeed(['AAA', 'BBB', 'CCC']);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  app = await startTestApp({ databaseUrl: testDatabase.url, feed });
});

afterAll(async () => {
  if (!(await app.stop())) throw new Error('expected a clean stop');
  await testDatabase.drop();
});

const SCAN = `mutation ($input: ScanRequestInput!) { scanRequest(input: $input) {
  __typename ... on ScanRequestPayload { scanRun { id state symbols } } ... on Error { message } ... on ValidationError { issues { path message } } } }`;

async function scan(symbols: string[], more: Record<string, unknown> = {}) {
  const { data } = await app.ask(SCAN, { input: { symbols, ...more } });
  expect(data.scanRequest).toMatchObject({ __typename: 'ScanRequestPayload' });
  const id: string = data.scanRequest.scanRun.id;
  return vi.waitFor(async () => {
    const { data: read } = await app.ask(
      'query ($id: ID!) { scanRun(id: $id) { id state symbolsDone symbolsTotal contracts candidates results duplicates failures { symbol code } drops { stage reason count } durationMs } }',
      { id },
    );
    expect(['COMPLETED', 'FAILED']).toContain(read.scanRun.state);
    return read.scanRun;
  });
}

async function createFilter(name: string, criteria: Record<string, unknown>) {
  const { data } = await app.ask(
    'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { __typename ... on FilterCreatePayload { filter { id name revision kind } } ... on Error { message } ... on ValidationError { issues { path message } } } }',
    { input: { name, criteria } },
  );
  return data.filterCreate;
}

describe('scan requests', () => {
  it('scan the symbols and can be followed to the end', async () => {
    const run = await scan(['aaa', 'BBB', 'AAA']);
    expect(run).toMatchObject({ state: 'COMPLETED', symbolsDone: 2, symbolsTotal: 2, failures: [] });
    expect(run.contracts).toBeGreaterThan(100);
    expect(run.results).toBeGreaterThan(0);
    const { data } = await app.ask(
      'query ($id: ID!) { scanResults(filter: { scanRunIds: [$id] }, first: 500) { edges { node { symbol } } } }',
      {
        id: run.id,
      },
    );
    expect(data.scanResults.edges).toHaveLength(run.results);
  });

  it('count what has not changed and store it once', async () => {
    feed.answer('CCC', () => aChain('CCC', { quotedAtMs: Date.UTC(2026, 10, 20, 15) }));
    const first = await scan(['CCC']);
    const second = await scan(['CCC']);
    expect(first.results).toBeGreaterThan(0);
    expect(second).toMatchObject({ results: 0, duplicates: first.results });
  });

  it('answer the same idempotency key with the same run', async () => {
    const input = { symbols: ['AAA'], idempotencyKey: 'once' };
    const [one, two] = await Promise.all([app.ask(SCAN, { input }), app.ask(SCAN, { input })]);
    expect(one.data.scanRequest.scanRun.id).toBe(two.data.scanRequest.scanRun.id);
    const other = await app.ask(SCAN, { input: { symbols: ['BBB'], idempotencyKey: 'once' } });
    expect(other.data.scanRequest).toMatchObject({ __typename: 'ConflictError' });
  });

  it('refuse unknown symbols and filters with every issue', async () => {
    const id = Buffer.from('Filter:01900000-0000-7000-8000-00000000dead').toString('base64');
    const { data } = await app.ask(SCAN, { input: { symbols: ['AAA', 'NOPE'], filterIds: [id] } });
    expect(data.scanRequest).toMatchObject({
      __typename: 'ValidationError',
      issues: [
        { path: 'symbols.1', message: 'expected an underlying of the feed, got "NOPE"' },
        { path: 'filterIds.0', message: 'expected the id of a filter, got 01900000-0000-7000-8000-00000000dead' },
      ],
    });
    expect((await app.ask(SCAN, { input: { symbols: [] } })).data.scanRequest.issues).toEqual([
      { path: 'symbols', message: 'expected 1 to 100 symbols, got 0' },
    ]);
  });
});

describe('filters', () => {
  it('are in force at the next scan, and no longer after they are deleted', async () => {
    const made = await createFilter('Only condors', { strategies: { in: ['IRON_CONDOR'] } });
    expect(made).toMatchObject({ __typename: 'FilterCreatePayload', filter: { revision: 1, kind: 'CUSTOM' } });
    const { id } = made.filter;
    const count = async () =>
      (
        await app.ask(
          'query ($id: ID!) { scanResults(filter: { filterIds: [$id] }, first: 500) { edges { node { strategy filterRevision filter { name } } } } }',
          { id },
        )
      ).data.scanResults.edges;
    await scan(['AAA'], { filterIds: [id] });
    const found = await count();
    expect(found.length).toBeGreaterThan(0);
    expect(found[0].node).toEqual({ strategy: 'IRON_CONDOR', filterRevision: 1, filter: { name: 'Only condors' } });

    const { data: updated } = await app.ask(
      'mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { __typename ... on FilterUpdatePayload { filter { revision } } ... on ConflictError { message currentRevision } } }',
      { input: { id, expectedRevision: 1, criteria: { strategies: { in: ['IRON_CONDOR'] }, score: { min: 101 } } } },
    );
    expect(updated.filterUpdate).toEqual({ __typename: 'FilterUpdatePayload', filter: { revision: 2 } });
    await scan(['BBB'], { filterIds: [id] });
    expect(await count()).toHaveLength(found.length);

    const stale = await app.ask(
      'mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { __typename ... on ConflictError { message currentRevision } } }',
      { input: { id, expectedRevision: 1, name: 'Late' } },
    );
    expect(stale.data.filterUpdate).toEqual({
      __typename: 'ConflictError',
      message: 'expected revision 1 to be in force, got 2',
      currentRevision: 2,
    });

    const DELETE = `mutation ($input: FilterDeleteInput!) { filterDelete(input: $input) {
      __typename ... on FilterDeletePayload { filter { deletedAt } } ... on Error { message } } }`;
    const gone = await app.ask(DELETE, { input: { id, expectedRevision: 2 } });
    expect(gone.data.filterDelete.filter.deletedAt).toMatch(/Z$/);
    expect((await app.ask(DELETE, { input: { id, expectedRevision: 3 } })).data.filterDelete.__typename).toBe('NotFoundError');
    expect((await app.ask('query ($id: ID!) { filter(id: $id) { name deletedAt } }', { id })).data.filter.name).toBe('Only condors');
    expect(await createFilter('Only condors', {})).toMatchObject({ __typename: 'FilterCreatePayload' });
  });

  it('refuse bad criteria with the path of every issue, and a taken name', async () => {
    const refused = await createFilter(' ', { delta: { min: 0.5, max: 0.1 }, any: [{ symbols: { in: [''] } }] });
    expect(refused.__typename).toBe('ValidationError');
    expect(refused.issues.map((issue: { path: string }) => issue.path)).toEqual(
      expect.arrayContaining(['name', 'criteria.delta', 'criteria.any.0.symbols.in.0']),
    );
    await createFilter('Taken', {});
    expect(await createFilter('tAKEN', {})).toMatchObject({
      __typename: 'ConflictError',
      message: 'expected a name that is free, got "tAKEN"',
    });
  });

  it('ship with the five presets', async () => {
    const { data } = await app.ask('{ filters(kind: PRESET) { edges { node { name kind enabled revision } } } }');
    expect(data.filters.edges.map((edge: { node: { name: string } }) => edge.node.name)).toEqual([
      'Conservative',
      'Moderate',
      'Aggressive',
      'High IV',
      'Theta Harvest',
    ]);
  });
});

describe('underlyings', () => {
  it('come with price, expirations and chain once scanned', async () => {
    await scan(['AAA', 'BBB', 'CCC']);
    const { data } = await app.ask(
      '{ underlyings(first: 2) { edges { node { symbol kind price expirations { date root contractCount forward forwardSource } } } pageInfo { hasNextPage endCursor } } }',
    );
    expect(data.underlyings.pageInfo.hasNextPage).toBe(true);
    const [aaa] = data.underlyings.edges.map((edge: { node: unknown }) => edge.node);
    expect(aaa).toMatchObject({ symbol: 'AAA', kind: 'EQUITY' });
    expect(aaa.expirations).toHaveLength(3);
    expect(aaa.expirations[0].forwardSource).toBe('PARITY');
    const chain = await app.ask(
      'query ($date: Date!) { underlying(symbol: "aaa") { chain(expiration: $date) { quotes(right: PUT, strike: { min: 95, max: 100 }) { symbol right strike bid ask impliedVolatility delta } } } }',
      { date: aaa.expirations[1].date },
    );
    const { quotes } = chain.data.underlying.chain;
    expect(quotes.map((quote: { strike: number }) => quote.strike)).toEqual([95, 97.5, 100]);
    expect(quotes[2].right).toBe('PUT');
    expect(quotes[2].impliedVolatility).toBeCloseTo(0.3, 1);
    expect(quotes[2].delta).toBeLessThan(0);
  });

  it('come with what their chain says of them', async () => {
    await scan(['AAA']);
    const { data } = await app.ask(
      `{ underlying(symbol: "AAA") { price metrics { price impliedVolatility30d volume putCallVolumeRatio ivRank skew25Delta }
        expirations { atTheMoneyVolatility skew25Delta expectedMove maxPain gammaExposure totals { putVolume callVolume putCallOpenInterestRatio } } } }`,
    );
    const { price, metrics, expirations } = data.underlying;
    expect(metrics).toMatchObject({ price, ivRank: null });
    expect(metrics.impliedVolatility30d).toBeCloseTo(0.3, 1);
    const totals = expirations.map((expiration: { totals: { putVolume: number; callVolume: number } }) => expiration.totals);
    const sum = (name: 'putVolume' | 'callVolume') =>
      totals.reduce((total: number, each: Record<string, number>) => total + each[name]!, 0);
    expect(metrics.volume).toBe(sum('putVolume') + sum('callVolume'));
    expect(metrics.putCallVolumeRatio).toBeCloseTo(sum('putVolume') / sum('callVolume'), 9);
    for (const { maxPain, gammaExposure, expectedMove } of expirations) {
      expect(Math.abs(maxPain - price)).toBeLessThan(20);
      expect(Number.isFinite(gammaExposure)).toBe(true);
      expect(expectedMove).toBeGreaterThan(0);
    }
  });

  it('are null when nobody knows them', async () => {
    const { data } = await app.ask(
      '{ underlying(symbol: "NOPE") { symbol } node(id: "bm9uc2Vuc2U=") { id } scanResult(id: "U2NhblJlc3VsdDpub3BlCg==") { id } }',
    );
    expect(data?.underlying ?? null).toBeNull();
  });
});

describe('pages of results', () => {
  it('read what is asked for, through aliases, fragments and directives, whatever the order', async () => {
    await scan(['AAA', 'BBB']);
    const { data: whole } = await app.ask(`{ scanResults(first: 5) { edges { cursor node {
      id detectedAt quotedAt filterRevision symbol strategy expiration marketState breakevens score delta netCredit reasons
      filter { name } underlying { symbol } scanRun { id } legs { symbol } scoreComponents { name } } } } }`);
    const { data: parts } = await app.ask(
      `query ($no: Boolean!) {
        page: scanResults(first: 5) {
          edges { cursor ...One }
          edges { node { ... on Node { id } when: detectedAt ...Two } }
        }
        best: scanResults(first: 3, orderBy: { field: SCORE, direction: DESC }) { edges { cursor node { symbol } } }
        skipped: scanResults(first: 1) { edges { node { id reasons @skip(if: $no) legs @include(if: $no) { symbol } } } }
      }
      fragment One on QueryScanResultsConnectionEdge { node { quotedAt filterRevision symbol strategy expiration marketState breakevens score } }
      fragment Two on ScanResult { delta netCredit reasons filter { name } underlying { symbol } scanRun { id } legs { symbol } scoreComponents { name } }`,
      { no: true },
    );
    const renamed = parts.page.edges.map(({ cursor, node: { when, ...node } }: { cursor: string; node: Record<string, unknown> }) => ({
      cursor,
      node: { ...node, detectedAt: when },
    }));
    expect(renamed).toEqual(whole.scanResults.edges);
    expect(whole.scanResults.edges[0].node.legs.length).toBeGreaterThan(0);
    expect(parts.best.edges).toHaveLength(3);
    expect(new Set(parts.best.edges.map((edge: { cursor: string }) => edge.cursor)).size).toBe(3);
    expect(parts.skipped.edges[0].node.legs.length).toBeGreaterThan(0);
  });
});

describe('nodes', () => {
  it('are found again by their global ids, in order, null where there is none', async () => {
    await scan(['AAA']);
    const { data } = await app.ask('{ scanResults(first: 1) { edges { node { id filter { id } underlying { id } scanRun { id } } } } }');
    const { id, filter, underlying, scanRun } = data.scanResults.edges[0].node;
    const missing = Buffer.from('ScanResult:01900000-0000-7000-8000-00000000dead').toString('base64');
    const { data: read } = await app.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: [underlying.id, id, missing, scanRun.id, filter.id],
    });
    expect(read.nodes.map((node: { __typename: string } | null) => node?.__typename ?? null)).toEqual([
      'Underlying',
      'ScanResult',
      null,
      'ScanRun',
      'Filter',
    ]);
    expect(read.nodes[1].id).toBe(id);
  });
});

describe('errors', () => {
  it('of a caller say what was expected, with a code and the request id', async () => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'mine-1' },
      body: JSON.stringify({ query: '{ scanResults(first: 5000) { edges { cursor } } }' }),
    });
    expect(response.headers.get('x-request-id')).toBe('mine-1');
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    expect(errors[0]).toMatchObject({
      message: 'expected at most 500 rows in a page (first), got 5000',
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'pageSize', allowed: 500, requested: 5000, requestId: 'mine-1' },
    });
    const malformed = await app.ask('{ scanResults(after: "x") { edges { cursor } } }');
    expect(malformed.errors?.[0]?.extensions?.code).toBe('MALFORMED_CURSOR');
    const noId = await app.ask('{ filter(id: "the id of step 1") { id } }');
    expect(noId.errors?.[0]).toMatchObject({
      message: 'expected a global id, as `id` of an object tells it, got "the id of step 1"',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

describe('examples of GraphiQL', () => {
  /** The others take ids of what was made before: see the walk of the README. */
  const alone = EXAMPLE_OPERATIONS.filter(({ variables }) => variables === undefined);

  it.each(alone.filter(({ query }) => !query.includes('subscription')).map((one) => [one.name, one] as const))(
    '%s runs as it stands',
    async (_name, { query }) => {
      expect((await app.ask(query)).errors).toBeUndefined();
    },
  );

  it.each(alone.filter(({ query }) => query.includes('subscription')).map((one) => [one.name, one] as const))(
    '%s delivers over WebSocket',
    async (_name, { query }) => {
      const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
      const events = client.iterate({ query });
      const first = events.next();
      await vi.waitFor(() => expect(app.subscribers()).toBeGreaterThan(0));
      await scan(['AAA', 'BBB']);
      expect(((await first).value as { errors?: unknown }).errors).toBeUndefined();
      await events.return?.(undefined);
      await client.dispose();
      await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    },
  );
});
