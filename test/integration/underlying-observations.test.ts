import postgres from 'postgres';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/db/client.ts';
import { UNDERLYING_METRICS } from '../../src/domain/analytics/underlying-metric.ts';
import { STREAM_START } from '../../src/services/stream-log/stream-position.ts';
import { underlyingObservationStream } from '../../src/services/underlyings/underlying-observation-stream.ts';
import { aChain, aChainFeed } from '../support/a-chain-feed.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let sql: postgres.Sql;
let app: TestApp;
const feed = aChainFeed(['AAA', 'BBB']);

beforeEach(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1 });
  app = await startTestApp({ databaseUrl: database.url, feed });
});

afterEach(async () => {
  await app.stop();
  await sql.end();
  await database.drop();
});

const stored = () => sql<{ symbol: string; sequence: string; price: number }[]>`
  select symbol, sequence, price from underlying_observations order by observed_at, sequence`;

it('every scanned chain that says something new leaves one observation, numbered without gaps', async () => {
  const quotedAtMs = Date.now();
  feed.answer('AAA', () => aChain('AAA', { quotedAtMs, spot: 100 }));
  await scanAndWait(app, ['AAA', 'BBB']);
  await scanAndWait(app, ['AAA']);
  feed.answer('AAA', () => aChain('AAA', { quotedAtMs: quotedAtMs + 1_000, spot: 101 }));
  await scanAndWait(app, ['AAA']);
  await vi.waitFor(async () => expect(await stored()).toHaveLength(3));
  const rows = await stored();
  expect(rows.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3]);
  expect(rows.filter(({ symbol }) => symbol === 'AAA').map(({ price }) => price)).toEqual([100, 101]);
});

it('an observation is read as it was written', async () => {
  feed.answer('AAA', () => aChain('AAA', { spot: 100, volatility: 0.3 }));
  await scanAndWait(app, ['AAA']);
  const own = createDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000, applicationName: 'observations' });
  const [row] = await vi.waitFor(async () => {
    const rows = await underlyingObservationStream.select(own.sql, STREAM_START, 10);
    expect(rows).toHaveLength(1);
    return rows;
  });
  await own.close();
  expect(row).toMatchObject({
    symbol: 'AAA',
    sequence: 1,
    metrics: { price: 100, putCallOpenInterestRatio: expect.any(Number), ivRank: null },
  });
  expect(Object.keys(row!.metrics)).toEqual(UNDERLYING_METRICS.map(({ name }) => name));
  expect(row!.metrics.impliedVolatility30d).toBeGreaterThan(0.29);
  expect(underlyingObservationStream.position(row!)).toEqual({ atMs: row!.observedAtMs, sequence: 1 });
});
