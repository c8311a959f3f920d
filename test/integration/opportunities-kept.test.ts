import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/db/client.ts';
import { createOpportunityStore } from '../../src/services/opportunities/opportunity-store.ts';
import { aChain, aChainFeed, type ChainFeed } from '../support/a-chain-feed.ts';
import { holdLock } from '../support/hold-lock.ts';
import { metricValue } from '../support/metric-value.ts';
import { opportunityDisagreements } from '../support/opportunity-disagreements.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

let database: TestDatabase;
let sql: postgres.Sql;
let apps: TestApp[];
/** The newest change when each of them started. */
let begunAt: Map<TestApp, number>;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 2, onnotice: () => {} });
  apps = [];
  begunAt = new Map();
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await sql.end();
  await database.drop();
});

async function start(feed: ChainFeed = aChainFeed(['AAA', 'BBB']), env: Record<string, string> = {}): Promise<TestApp> {
  const newest = await newestChange();
  const app = await startTestApp({ databaseUrl: database.url, feed, env: { STREAM_POLL_INTERVAL_MS: '20', ...env } });
  begunAt.set(app, newest);
  apps.push(app);
  return app;
}

const pending = (app: TestApp) => metricValue(app, 'strikewire_opportunity_changes_pending');

async function newestChange(): Promise<number> {
  const [head] = await sql<{ sequence: number }[]>`
    select last_sequence::int as sequence from stream_heads where stream = 'opportunity-changes'`;
  return head?.sequence ?? 0;
}

/** The newest change that a server has heard of, its own among them. */
async function heard(app: TestApp): Promise<number> {
  return begunAt.get(app)! + (await metricValue(app, 'strikewire_stream_rows_total', { stream: 'opportunity-changes' }));
}

/** Every change of these servers is stored and every one of them knows it. */
async function settled(): Promise<void> {
  await vi.waitFor(async () => {
    for (const app of apps) expect(await pending(app)).toBe(0);
    const newest = await newestChange();
    for (const app of apps) expect(await heard(app)).toBe(newest);
    const [row] = await sql<{ there: number }[]>`select count(*)::int as there from opportunities where left_at is null`;
    for (const app of apps) expect(await metricValue(app, 'strikewire_opportunities_active')).toBe(row!.there);
  });
}

async function thereOf(symbol: string): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    select filter_id || ' ' || legs_key as key from opportunities where left_at is null and symbol = ${symbol} order by 1`;
  return rows.map(({ key }) => key);
}

async function foundByNewestRun(): Promise<number> {
  return vi.waitFor(async () => {
    const [run] = await sql<{ found: number; state: string }[]>`
      select (results + duplicates)::int as found, state from scan_runs order by requested_at desc limit 1`;
    expect(run!.state).toBe('COMPLETED');
    return run!.found;
  });
}

describe('opportunities of two servers that scan the same underlyings', () => {
  it('are the same ones, and the changes tell one story', async () => {
    const [one, two] = [await start(), await start()];
    for (let round = 0; round < 5; round++) {
      await Promise.all([scanAndWait(one, ['AAA', 'BBB']), scanAndWait(two, ['BBB', 'AAA'])]);
    }
    await settled();
    expect(await opportunityDisagreements(sql)).toEqual([]);
    const kinds = await sql<{ kind: string }[]>`select distinct kind from opportunity_changes`;
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['ENTERED', 'LEFT', 'UPDATED']);
    // Whoever scans alone corrects what the others found before.
    for (const app of [one, two, one]) {
      await scanAndWait(app, ['AAA']);
      await settled();
      expect((await thereOf('AAA')).length).toBe(await foundByNewestRun());
    }
    expect(await opportunityDisagreements(sql)).toEqual([]);
  });

  it('go on in one when the other ends, under the same ids', async () => {
    const chain = aChain('AAA');
    const feeds = [aChainFeed(['AAA']), aChainFeed(['AAA'])] as const;
    for (const feed of feeds) feed.answer('AAA', () => chain);
    const [one, two] = [await start(feeds[0]), await start(feeds[1])];
    await Promise.all([scanAndWait(one, ['AAA']), scanAndWait(two, ['AAA'])]);
    await settled();
    const ids = await sql`select id from opportunities order by id`;
    expect(ids.length).toBeGreaterThan(0);
    await one.stop();
    apps = [two];
    await scanAndWait(two, ['AAA']);
    await settled();
    expect(await sql`select id from opportunities order by id`).toEqual(ids);
    expect(await sql`select 1 from opportunity_changes where kind = 'LEFT'`).toHaveLength(0);
    feeds[1].answer('AAA', () => aChain('AAA', { volatility: 0.01 }));
    await scanAndWait(two, ['AAA']);
    await settled();
    expect(await thereOf('AAA')).toEqual([]);
    expect(await opportunityDisagreements(sql)).toEqual([]);
  });
});

describe('opportunities of a server that ends with changes taken over and not stored', () => {
  it('are as the stream tells afterwards, and are found anew', async () => {
    const chain = aChain('AAA');
    const feed = aChainFeed(['AAA']);
    const app = await start(feed, { SHUTDOWN_TIMEOUT_MS: '1000' });
    feed.answer('AAA', () => aChain('AAA', { spot: 104 }));
    await scanAndWait(app, ['AAA']);
    await settled();
    const before = await thereOf('AAA');
    const lock = await holdLock(database.url, 'lock table opportunity_changes in exclusive mode');
    feed.answer('AAA', () => chain);
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(async () => expect((await waitingStatements(database.url)).length).toBeGreaterThan(0));
    expect(await pending(app)).toBeGreaterThan(0);
    await app.stop();
    await lock.release();
    apps = [];
    expect(app.logs.some(({ msg, lost }) => String(msg).includes('could not be stored') && Number(lost) > 0)).toBe(true);
    expect(await opportunityDisagreements(sql)).toEqual([]);
    expect(await thereOf('AAA')).toEqual(before);

    const again = await start(feed);
    await scanAndWait(again, ['AAA']);
    await settled();
    expect(await opportunityDisagreements(sql)).toEqual([]);
    const [unchanged] = await sql`select count(*)::int as count from scan_results where quoted_at = ${new Date(chain.quotedAtMs)}`;
    expect((await thereOf('AAA')).length).toBe(unchanged!.count);
  });
});

describe('sightings that changed nothing', () => {
  it('are added to what is stored and there, and never take anything back', async () => {
    const app = await start();
    await scanAndWait(app, ['AAA']);
    await settled();
    const own = createDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000, applicationName: 'sightings' });
    const store = createOpportunityStore({ sql: own.sql });
    const [first, second] = await store.open();
    const seen = { ...first!, lastSeenAtMs: first!.lastSeenAtMs + 5_000, observations: 9, bestScore: 99, lastScore: 41 };
    await store.saveSeen([seen]);
    expect(await store.byIds([first!.id])).toEqual([seen]);
    await store.saveSeen([first!]);
    expect(await store.byIds([first!.id])).toEqual([seen]);
    const neverStored = '01900000-0000-7000-8000-00000000abcd';
    await store.saveSeen([{ ...seen, id: neverStored }]);
    expect(await store.byIds([neverStored])).toEqual([]);
    await sql`update opportunities set left_at = now(), leave_reason = 'EXPIRED' where id = ${second!.id}`;
    await store.saveSeen([{ ...second!, lastSeenAtMs: second!.lastSeenAtMs + 60_000, observations: 9 }]);
    expect(await store.byIds([second!.id])).toMatchObject([{ observations: second!.observations, leaveReason: 'EXPIRED' }]);
    await own.close();
  });
});
