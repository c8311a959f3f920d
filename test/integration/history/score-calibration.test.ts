import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { aChain, aChainFeed, type ChainFeed } from '../../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY_MS = 86_400_000;
/** Its expirations are 46, 25 and 10 days ago. */
const QUOTED_AT = Date.now() - 60 * DAY_MS;
const CALIBRATION = `query ($filter: OpportunityFilter, $range: DateTimeRange) { scoreCalibration(filter: $filter, range: $range) {
  settled from before
  probability { count meanPredicted observed skill brier { score reliability resolution uncertainty withinBucket }
    buckets { from before count meanPredicted observed observedLower observedUpper } }
  byScore { from before count meanScore profitableShare }
  trades { trades winShare expectancy profitFactor best worst } } }`;

let database: TestDatabase;
let sql: postgres.Sql;
let feed: ChainFeed;
let app: TestApp;
let admin: string;
let ann: string;
let bob: string;
let filterId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  feed = aChainFeed(['AAA']);
  app = await startTestApp({ databaseUrl: database.url, feed, env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  admin = await aBearerToken();
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  const { data } = await askAs(
    app,
    ann,
    `mutation { filterCreate(input: { name: "Calls", visibility: PRIVATE, criteria: { strategies: { in: [LONG_CALL] }, daysToExpiration: { max: 20 } } }) {
      ... on FilterCreatePayload { filter { id } } } }`,
  );
  filterId = data.filterCreate.filter.id;
});

afterAll(async () => {
  const clean = await app.stop();
  await sql.end();
  await database.drop();
  if (!clean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

async function scannedAt(quotedAtMs: number, spot: number): Promise<void> {
  feed.answer('AAA', () => aChain('AAA', { spot, quotedAtMs }));
  await scanAndWait({ ...app, ask: (query, variables = {}) => askAs(app, admin, query, variables) }, ['AAA']);
}

async function calibrationFor(by: string, variables: Record<string, unknown> = { filter: { filterIds: [filterId] } }) {
  const { data, errors } = await askAs(app, by, CALIBRATION, variables);
  expect(errors).toBeUndefined();
  return data.scoreCalibration;
}

it('what was predicted is held against what the price at expiration made of it', async () => {
  await scannedAt(QUOTED_AT, 100);
  const own = Buffer.from(filterId, 'base64').toString().split(':')[1]!;
  const entered = await vi.waitFor(async () => {
    const rows = await sql<{ expires_at: Date; strike: number; net_credit: number; pop: number; score: number }[]>`
        select expires_at, (scan_results.legs -> 0 ->> 'strike')::float8 as strike, net_credit, probability_of_profit as pop, score
        from scan_results left join opportunities using (filter_id, symbol, legs_key) where filter_id = ${own}`;
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter((row) => row.expires_at === null)).toEqual([]);
    return rows;
  });
  expect(await calibrationFor(ann)).toMatchObject({ settled: 0, probability: null, byScore: [], trades: null });

  const expiresAtMs = Math.min(...entered.map(({ expires_at }) => expires_at.getTime()));
  await scannedAt(expiresAtMs - 3_600_000, 106);
  const told = await vi.waitFor(async () => {
    const current = await calibrationFor(ann);
    expect(current.settled).toBe(entered.length);
    return current;
  });
  const outcomes = entered.map(({ strike, net_credit, pop, score }) => ({ profit: Math.max(0, 106 - strike) + net_credit, pop, score }));
  const happened = outcomes.map(({ profit }) => (profit > 0 ? 1 : 0) as number);
  const share = happened.reduce((sum, each) => sum + each, 0) / happened.length;
  const brier = outcomes.reduce((sum, { pop }, index) => sum + (pop - happened[index]!) ** 2, 0) / outcomes.length;
  expect(told.probability.count).toBe(outcomes.length);
  expect(told.probability.observed).toBeCloseTo(share, 10);
  expect(told.probability.brier.score).toBeCloseTo(brier, 10);
  const { score, reliability, resolution, uncertainty, withinBucket } = told.probability.brier;
  expect(reliability - resolution + uncertainty + withinBucket).toBeCloseTo(score, 10);
  expect(told.trades.winShare).toBeCloseTo(share, 10);
  expect(told.trades.expectancy).toBeCloseTo(outcomes.reduce((sum, { profit }) => sum + profit / 100, 0) / outcomes.length, 10);
  const counts = told.byScore.map(
    ({ from, before }: { from: number; before: number }) =>
      outcomes.filter((outcome) => outcome.score >= from && outcome.score < before).length,
  );
  expect(told.byScore.map(({ count }: { count: number }) => count)).toEqual(counts);
});

it('opportunities of private filters are for their owner only', async () => {
  expect((await calibrationFor(ann)).settled).toBeGreaterThan(0);
  expect((await calibrationFor(bob)).settled).toBe(0);
});

it('looks at the span and the opportunities it is asked for', async () => {
  const range = { from: '2020-01-01T00:00:00.000Z', before: '2021-01-01T00:00:00.000Z' };
  expect(await calibrationFor(ann, { range })).toMatchObject({ ...range, settled: 0 });
  const always = { from: '0001-01-01T00:00:00.000Z', before: '9999-12-31T23:59:59.999Z' };
  const { settled } = await calibrationFor(ann, { range: always });
  expect(settled).toBeGreaterThan(0);
  expect((await calibrationFor(ann, { range: always, filter: { symbols: ['BBB'] } })).settled).toBe(0);
});
