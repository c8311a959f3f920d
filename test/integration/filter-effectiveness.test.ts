import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { aChain, aChainFeed, type ChainFeed } from '../support/a-chain-feed.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const DAY_MS = 86_400_000;
/** Its expirations are 46, 25 and 10 days ago. */
const QUOTED_AT = Date.now() - 60 * DAY_MS;

let database: TestDatabase;
let sql: postgres.Sql;
let feed: ChainFeed;
let app: TestApp;
let filterId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  feed = aChainFeed(['AAA', 'BBB']);
  for (const symbol of ['AAA', 'BBB']) feed.answer(symbol, () => aChain(symbol, { spot: 100, quotedAtMs: QUOTED_AT }));
  app = await startTestApp({ databaseUrl: database.url, feed });
  const { data } = await app.ask(
    `mutation { filterCreate(input: { name: "Calls", criteria: { strategies: { in: [LONG_CALL] }, daysToExpiration: { max: 40 } } }) {
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

async function effectiveness(range?: Record<string, string>) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $range: DateTimeRange) { filter(id: $id) { effectiveness(range: $range) {
      from before results underlyings bestScore meanScore opportunities meanSecondsIn medianSecondsIn
      realised { opportunities profitableShare meanProfit } } } }`,
    { id: filterId, range },
  );
  expect(errors).toBeUndefined();
  return data.filter.effectiveness;
}

/** Scans AAA as it was quoted at a moment. */
async function scannedAt(quotedAtMs: number, spot: number): Promise<void> {
  feed.answer('AAA', () => aChain('AAA', { spot, quotedAtMs }));
  await scanAndWait(app, ['AAA']);
}

it('a filter that has found nothing has nothing to show', async () => {
  expect(await effectiveness()).toMatchObject({
    results: 0,
    underlyings: 0,
    bestScore: null,
    meanScore: null,
    opportunities: 0,
    meanSecondsIn: null,
    medianSecondsIn: null,
    realised: null,
  });
});

it('counts results and opportunities, and what became of those whose price at expiration is known', async () => {
  await scanAndWait(app, ['AAA', 'BBB']);
  const own = Buffer.from(filterId, 'base64').toString().split(':')[1]!;
  const entered = await vi.waitFor(async () => {
    const rows = await sql<{ symbol: string; expires_at: Date; strike: number; net_credit: number; score: number }[]>`
        select symbol, expires_at, (scan_results.legs -> 0 ->> 'strike')::float8 as strike, net_credit, score
        from scan_results left join opportunities using (filter_id, symbol, legs_key) where filter_id = ${own}`;
    expect(rows.filter((row) => row.expires_at === null)).toEqual([]);
    return rows;
  });
  const before = await effectiveness();
  const scores = entered.map(({ score }) => score);
  expect(before).toMatchObject({
    results: entered.length,
    opportunities: entered.length,
    underlyings: 2,
    bestScore: Math.max(...scores),
    realised: null,
  });
  expect(before.meanScore).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / scores.length, 9);
  expect(before.medianSecondsIn).toBeGreaterThanOrEqual(0);

  const expiresAtMs = Math.min(...entered.map(({ expires_at }) => expires_at.getTime()));
  // Too old to be the price at expiration, then the price, then one that came after it.
  await scannedAt(expiresAtMs - 1.1 * DAY_MS, 50);
  const unknown = await effectiveness();
  expect(unknown.realised).toBeNull();
  await scannedAt(expiresAtMs - 3_600_000, 106);
  await scannedAt(expiresAtMs + 60_000, 60);
  const profits = entered
    .filter(({ symbol, expires_at }) => symbol === 'AAA' && expires_at.getTime() === expiresAtMs)
    .map(({ strike, net_credit }) => Math.max(0, 106 - strike) + net_credit);
  expect(profits.length).toBeGreaterThan(1);
  const realised = await vi.waitFor(async () => {
    const current = (await effectiveness()).realised;
    expect(current).not.toBeNull();
    return current;
  });
  expect(realised.opportunities).toBe(profits.length);
  expect(realised.profitableShare).toBeCloseTo(profits.filter((profit) => profit > 0).length / profits.length, 12);
  expect(realised.meanProfit).toBeCloseTo(profits.reduce((sum, profit) => sum + profit, 0) / profits.length, 9);
});

it('looks at the span it is asked for', async () => {
  const range = { from: '2020-01-01T00:00:00.000Z', before: '2021-01-01T00:00:00.000Z' };
  expect(await effectiveness(range)).toMatchObject({ ...range, results: 0, opportunities: 0, realised: null });
  const early = await effectiveness({ before: '2021-01-01T00:00:00.000Z' });
  expect(early.from).toBe('2020-12-02T00:00:00.000Z');
});
