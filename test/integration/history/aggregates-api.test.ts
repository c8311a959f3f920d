import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../../support/a-chain-feed.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { type EventStream, openEventStream } from '../../support/open-event-stream.ts';
import { createResultAppender, type ResultAppender } from '../../support/result-appender.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const NOON = Date.UTC(2024, 4, 6, 12);
const MINUTE_MS = 60_000;
const DAY = { from: '2024-05-06T00:00:00Z', before: '2024-05-07T00:00:00Z' };
const CREATE = `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id } } } }`;

let database: TestDatabase;
let app: TestApp;
let results: ResultAppender;
let ann: string;
let bob: string;
let shared: string;
let mine: string;
const clients: Client[] = [];
const streams: EventStream[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA']),
    env: { AUTH_JWT_SECRET: TOKEN_SECRET, ROLLUPS_INTERVAL_MS: '50', STREAM_POLL_INTERVAL_MS: '50' },
  });
  results = createResultAppender(database.url);
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  shared = await make(ann, { name: 'Shared' });
  mine = await make(ann, { name: 'Mine', visibility: 'PRIVATE' });
  await append([
    [0, shared, 'AAA', 10],
    [1, shared, 'BBB', 20],
    [2, mine, 'AAA', 90],
    [3, mine, 'ONLY', 99],
    [61, shared, 'AAA', 40],
  ]);
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const stream of streams.splice(0)) stream.disconnect();
});

afterAll(async () => {
  const isClean = await app.stop();
  await results.close();
  await database.drop();
  if (!isClean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

async function make(shown: string, input: Record<string, unknown>): Promise<string> {
  const { data } = await askAs(app, shown, CREATE, { input: { criteria: { score: { min: 101 } }, ...input } });
  return data.filterCreate.filter.id as string;
}

const uuidOf = (globalId: string) => Buffer.from(globalId, 'base64').toString().split(':')[1]!;

/** Minute after noon, filter, symbol, score. */
function append(rows: readonly (readonly [number, string, string, number])[]) {
  return results.append(
    rows.map(([minute, filter, symbol, score]) =>
      aResultDraft({
        quotedAtMs: NOON + minute * MINUTE_MS,
        filterId: uuidOf(filter),
        symbol,
        metrics: { score, impliedVolatility: score / 100 },
      }),
    ),
  );
}

async function tell(shown: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

const SERIES = `query ($range: DateTimeRange!, $interval: RollupInterval!, $groupBy: [Dimension!], $filter: DimensionFilter, $fill: FillMode! = NONE) {
  aggregates(metric: RESULT_SCORE, interval: $interval, range: $range, groupBy: $groupBy, filter: $filter, fill: $fill) {
    metric interval timeZone tier tierReason percentileRelativeError asOf
    groups { dimensions { filter { name } symbol strategy } buckets { start end isFinal count sum avg min max first last stddev p50 p95 p99 }
      movingAverage(period: 2, of: AVG) } } }`;

const series = async (shown: string, variables: Record<string, unknown> = {}) =>
  (await tell(shown, SERIES, { range: DAY, interval: 'HOUR_1', ...variables })).aggregates;

describe('aggregates', () => {
  it('are told with where they come from', async () => {
    const told = await series(ann, { fill: 'NULL', range: { from: '2024-05-06T12:00:00Z', before: '2024-05-06T14:00:00Z' } });
    expect(told).toMatchObject({
      metric: 'RESULT_SCORE',
      interval: 'HOUR_1',
      timeZone: 'UTC',
      tier: 'HOUR',
      tierReason: 'COARSEST_EXACT',
      percentileRelativeError: 0.01,
    });
    expect(told.groups).toHaveLength(1);
    const [{ dimensions, buckets, movingAverage }] = told.groups;
    expect(dimensions).toEqual({ filter: null, symbol: null, strategy: null });
    expect(buckets[0]).toMatchObject({
      start: '2024-05-06T12:00:00.000Z',
      end: '2024-05-06T13:00:00.000Z',
      count: 4,
      sum: 219,
      avg: 54.75,
      min: 10,
      max: 99,
      first: 10,
      last: 99,
    });
    expect(buckets[1]).toMatchObject({ count: 1, stddev: null, last: 40 });
    expect(movingAverage).toEqual([null, (54.75 + 40) / 2]);
  });

  it('say nothing of private filters of others, in no grouping, whoever else may see them', async () => {
    const counts = (told: { groups: { buckets: { count: number }[] }[] }) =>
      told.groups.map(({ buckets }) => buckets.reduce((sum, { count }) => sum + count, 0));
    for (const interval of ['MINUTE_1', 'HOUR_1', 'DAY_1']) {
      expect(counts(await series(ann, { interval }))).toEqual([5]);
      expect(counts(await series(bob, { interval }))).toEqual([3]);
      const bySymbol = await series(bob, { interval, groupBy: ['SYMBOL'] });
      expect(bySymbol.groups.map(({ dimensions }: { dimensions: { symbol: string } }) => dimensions.symbol)).toEqual(['AAA', 'BBB']);
      const byFilter = await series(bob, { interval, groupBy: ['FILTER'] });
      expect(byFilter.groups.map(({ dimensions }: { dimensions: { filter: { name: string } } }) => dimensions.filter.name)).toEqual([
        'Shared',
      ]);
      expect(counts(await series(bob, { interval, filter: { filterIds: [mine] } }))).toEqual([0]);
      expect(counts(await series(bob, { interval, filter: { criteria: { score: { min: 0 } } } }))).toEqual([3]);
    }
    const distribution = await tell(
      bob,
      `query ($range: DateTimeRange!) { distribution(metric: RESULT_SCORE, range: $range, bins: 3) {
      statistics { count max median } bins { from to count } } }`,
      { range: DAY },
    );
    expect(distribution.distribution).toEqual({
      statistics: { count: 3, max: 40, median: 20 },
      bins: [
        { from: 10, to: 20, count: 1 },
        { from: 20, to: 30, count: 1 },
        { from: 30, to: 40, count: 1 },
      ],
    });
    const { correlation } = await tell(
      bob,
      `query ($range: DateTimeRange!) { correlation(one: { metric: RESULT_SCORE }, other: { metric: RESULT_IMPLIED_VOLATILITY }, interval: MINUTE_1, range: $range) {
        buckets pairs pearson tier } }`,
      { range: DAY },
    );
    expect(correlation).toMatchObject({ buckets: 3, pairs: 3, pearson: expect.closeTo(1, 9), tier: 'MINUTE' });
  });

  it('refuse what makes no sense, and say what was asked for', async () => {
    const issues = async (query: string) => {
      const { errors } = await askAs(app, ann, query);
      return errors!.map(({ message, extensions }) => [extensions!.code, message]);
    };
    const range = `range: { from: "${DAY.from}", before: "${DAY.before}" }`;
    expect(await issues(`{ aggregates(metric: UNDERLYING_PRICE, interval: HOUR_1, ${range}) { tier } }`)).toEqual([
      ['VALIDATION_FAILED', expect.stringContaining('filter.symbols: expected one symbol, or SYMBOL in groupBy')],
    ]);
    expect(
      await issues(
        `{ aggregates(metric: SCAN_DURATION, interval: HOUR_1, groupBy: [FILTER], filter: { criteria: {} }, ${range}) { tier } }`,
      ),
    ).toEqual([
      [
        'VALIDATION_FAILED',
        'groupBy: expected SYMBOL for SCAN_DURATION, got FILTER; filter.criteria: expected none for SCAN_DURATION, which is not of results, got some',
      ],
    ]);
    expect(await issues(`{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, timeZone: "Mars/Olympus", ${range}) { tier } }`)).toEqual([
      ['VALIDATION_FAILED', 'timeZone: expected an IANA time zone such as America/New_York, got "Mars/Olympus"'],
    ]);
    expect(await issues('{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, range: {}) { tier } }')).toEqual([
      ['VALIDATION_FAILED', 'range.from: expected a time, got none'],
    ]);
    expect(
      await issues('{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, range: { from: "9000-01-01T00:00:00Z" }) { tier } }'),
    ).toEqual([['VALIDATION_FAILED', 'range.from: expected a time that is not in the future, got 9000-01-01T00:00:00.000Z']]);
    expect(
      await issues(
        '{ aggregates(metric: RESULT_SCORE, interval: MINUTE_1, range: { from: "2020-01-01T00:00:00Z", before: "2021-01-01T00:00:00Z" }) { tier } }',
      ),
    ).toEqual([['LIMIT_EXCEEDED', 'expected at most 20000 buckets, got 527040']]);
    expect(await issues(`{ distribution(metric: RESULT_SCORE, bins: 500, ${range}) { metric } }`)).toEqual([
      ['VALIDATION_FAILED', 'bins: expected 1 to 200 bins, got 500'],
    ]);
    expect(
      await issues(`{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, ${range}) { groups { movingAverage(period: 0) } } }`),
    ).toEqual([['VALIDATION_FAILED', 'period: expected 1 to 1000 buckets, got 0']]);
  });

  it('cost the buckets that are asked for', async () => {
    const wide = { range: { from: '2022-05-06T00:00:00Z', before: '2024-05-06T00:00:00Z' }, groupBy: ['SYMBOL'] };
    const { errors } = await askAs(app, ann, SERIES, { ...wide, interval: 'HOUR_1' });
    // Ten series of two years of hours, each with its dimensions and their filter.
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'cost', requested: 1 + 10 * (1 + 2 + 731 * 24) } }]);
    expect((await askAs(app, ann, SERIES, { ...wide, interval: 'WEEK_1' })).errors).toBeUndefined();
  });
});

describe('statistics of underlyings', () => {
  it('are those of their own values', async () => {
    await scanAndWaitAs();
    const { underlying } = await tell(
      ann,
      `query ($range: DateTimeRange!) { underlying(symbol: "AAA") { symbol
        score: statistics(metric: RESULT_SCORE, range: $range) { count mean last lastAt }
        contracts: statistics(metric: SCAN_CONTRACTS, range: $range) { count } } }`,
      { range: DAY },
    );
    expect(underlying).toEqual({
      symbol: 'AAA',
      score: { count: 3, mean: (10 + 90 + 40) / 3, last: 40, lastAt: new Date(NOON + 61 * MINUTE_MS).toISOString() },
      contracts: null,
    });
    const his = await tell(
      bob,
      'query ($range: DateTimeRange!) { underlying(symbol: "AAA") { statistics(metric: RESULT_SCORE, range: $range) { max } } }',
      {
        range: DAY,
      },
    );
    expect(his.underlying.statistics).toEqual({ max: 40 });
  });
});

/** So that there is an underlying: none of its results is from the day that is asked for. */
async function scanAndWaitAs(): Promise<void> {
  const admin = await aBearerToken();
  await scanAndWait({ ...app, ask: (query, variables) => askAs(app, admin, query, variables) }, ['AAA']);
}

const LIVE = `subscription { aggregates(metric: RESULT_SCORE, interval: MINUTE_1, groupBy: [SYMBOL]) {
  tier groups { dimensions { symbol } buckets { start count last isFinal } } } }`;

describe('the subscription', () => {
  it('tells buckets as they grow, over WebSocket and as server-sent events, and ends cleanly', async () => {
    const nowMs = Date.now();
    const appendNow = (filter: string, symbol: string, score: number) =>
      results.append([aResultDraft({ quotedAtMs: nowMs, filterId: uuidOf(filter), symbol, metrics: { score } })]);
    await appendNow(shared, 'LIVE', 1);
    const client = createClient({
      url: app.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: bob },
    });
    clients.push(client);
    const told: string[] = [];
    const lines = (data: { groups: { dimensions: { symbol: string }; buckets: { count: number; last: number }[] }[] }) =>
      data.groups.flatMap(({ dimensions, buckets }) => buckets.map(({ count, last }) => `${dimensions.symbol} ${count} ${last}`));
    const iterator = client.iterate({ query: LIVE });
    const over = (async () => {
      for await (const { data } of iterator) told.push(...lines((data as never as { aggregates: Parameters<typeof lines>[0] }).aggregates));
    })();
    const stream = await openEventStream(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bob },
      body: JSON.stringify({ query: LIVE }),
    });
    streams.push(stream);
    await vi.waitFor(() => expect(told).toContain('LIVE 1 1'));
    await stream.event(({ data }) => data?.data && lines(data.data.aggregates).includes('LIVE 1 1'));
    await appendNow(mine, 'SECRET', 7);
    await appendNow(shared, 'LIVE', 2);
    await vi.waitFor(() => expect(told).toContain('LIVE 2 2'));
    await stream.event(({ data }) => data?.data && lines(data.data.aggregates).includes('LIVE 2 2'));
    expect(JSON.stringify([told, stream.events])).not.toContain('SECRET');
    expect(app.subscribers()).toBe(2);
    await iterator.return!();
    await over;
    stream.disconnect();
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});
