import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataOrigin } from '../../src/db/claim-data-origin.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { DataOriginError } from '../../src/db/data-origin-error.ts';
import { dataOriginOf } from '../../src/services/market-data/data-origin.ts';
import { FEED_KINDS } from '../../src/services/market-data/market-data-feed.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { startTestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'test' });
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const claim = (origin: string, allowChange = false, nowMs = 1_000) => claimDataOrigin(database.orm, { origin, allowChange, nowMs });

describe('a database', () => {
  it('belongs to the market data that came first, over restarts', async () => {
    expect(await claim('simulated')).toEqual(['simulated']);
    expect(await claim('simulated')).toEqual(['simulated']);
    await expect(claim('replay')).rejects.toThrow(
      'expected a database for replay market data, got one that holds simulated market data: their results would mix.',
    );
    await expect(claim('live')).rejects.toThrow(/DATABASE_URL.*DATA_DIR.*FEED.*DATABASE_ALLOW_FEED_CHANGE=true/);
    expect(await claim('simulated')).toEqual(['simulated']);
  });

  it('takes other data when that is allowed, and knows both from then on', async () => {
    await claim('simulated', false, 1_000);
    expect(await claim('replay', true, 2_000)).toEqual(['simulated', 'replay']);
    expect(await claim('replay')).toEqual(['simulated', 'replay']);
    expect(await claim('simulated')).toEqual(['simulated', 'replay']);
    await expect(claim('live')).rejects.toThrow('got one that holds simulated and replay market data');
  });

  it('has one owner when several start on it at the same moment', async () => {
    const claims = await Promise.allSettled(['simulated', 'replay', 'live', 'simulated'].map((origin) => claim(origin)));
    const owners = new Set(claims.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])));
    expect(owners.size).toBe(1);
    const refusals = claims.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refusals.every((refusal) => refusal instanceof DataOriginError)).toBe(true);
    expect(refusals.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a server', () => {
  const replay = { ...aChainFeed(), kind: 'replay' as const };

  it('refuses to start on data of another origin, unless told to', async () => {
    const first = await startTestApp({ databaseUrl: testDatabase.url });
    await first.stop();
    await expect(startTestApp({ databaseUrl: testDatabase.url, feed: replay })).rejects.toThrow(DataOriginError);
    const allowed = await startTestApp({ databaseUrl: testDatabase.url, feed: replay, env: { DATABASE_ALLOW_FEED_CHANGE: 'true' } });
    await allowed.stop();
    const again = await startTestApp({ databaseUrl: testDatabase.url, feed: replay });
    await again.stop();
  });
});

describe('feeds', () => {
  it('that show a real market now may share a database', () => {
    expect(Object.fromEntries(FEED_KINDS.map((kind) => [kind, dataOriginOf(kind)]))).toEqual({
      simulated: 'simulated',
      replay: 'replay',
      deribit: 'live',
      cboe: 'live',
      tradier: 'live',
    });
  });
});
