import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { FilterCriteria } from '../../src/domain/filters/filter-criteria.ts';
import type { ScanResult, ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import { createRecentResults, type RecentResults } from '../../src/services/results/recent-results.ts';
import type { PageSource } from '../../src/services/results/recent-results-metrics.ts';
import { NEWEST_FIRST, type ScanResultQuery } from '../../src/services/results/scan-result-query.ts';
import { createScanResultStore, type ScanResultStore, scanResultCursor } from '../../src/services/results/scan-result-store.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog, type StreamLog } from '../../src/services/stream-log/stream-log.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { metricValue } from '../support/metric-value.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startStatementCounter } from '../support/start-statement-counter.ts';
import { startTestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { wholeResult } from '../support/whole-result.ts';

const FILTER_IDS = [1, 2, 3].map((digit) => `01900000-0000-7000-8000-0000000000f${digit}`);
const RUN_IDS = [1, 2].map((digit) => `01900000-0000-7000-8000-0000000000e${digit}`);
const SYMBOLS = ['AAA', 'BBB', 'CCC'];
const DAY_MS = 86_400_000;

let testDatabase: TestDatabase;
let database: Database;
let log: StreamLog;
let store: ScanResultStore;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'recent-test' });
  log = createStreamLog({ sql: database.sql });
  store = createScanResultStore({ sql: database.sql });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

interface Recent {
  readonly results: RecentResults;
  readonly sources: PageSource[];
  /** Gives it what has been stored and not delivered. */
  deliver(): void;
  append(drafts: readonly ScanResultDraft[]): Promise<ScanResult[]>;
}

/** One process: what it stores, or another, comes to its follower when the test says so. */
async function aRecent(capacity: number, clock: () => number = Date.now): Promise<Recent> {
  const handlers = new Set<(rows: readonly ScanResult[]) => void>();
  const undelivered: ScanResult[] = [];
  const sources: PageSource[] = [];
  const position = await log.head(scanResultStream.name);
  const results = createRecentResults({
    store,
    follower: {
      position: () => position,
      follow(handler) {
        handlers.add(handler);
        return () => handlers.delete(handler);
      },
    },
    headSequence: async () => (await log.head(scanResultStream.name)).sequence,
    capacity,
    clock,
    metrics: { answered: (source) => sources.push(source), lookedUp: () => {}, watch: () => {} },
    log: pino({ level: 'silent' }),
  });
  results.start();
  return {
    results,
    sources,
    deliver() {
      const rows = undelivered.splice(0);
      if (rows.length > 0) for (const handler of handlers) handler(rows);
    },
    async append(drafts) {
      const rows = await database.sql.begin((transaction) => log.append(transaction, scanResultStream, drafts, clock()));
      undelivered.push(...rows);
      return rows;
    },
  };
}

const number = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
const draft: fc.Arbitrary<ScanResultDraft> = fc
  .record({
    filterId: fc.constantFrom(...FILTER_IDS),
    scanRunId: fc.constantFrom(...RUN_IDS),
    symbol: fc.constantFrom(...SYMBOLS),
    strategy: fc.constantFrom('BULL_PUT_SPREAD' as const, 'COVERED_CALL' as const),
    score: number,
    delta: number,
    isStock: fc.boolean(),
  })
  .map(({ score, delta, isStock, ...rest }) =>
    aResultDraft({ ...rest, metrics: { score, delta }, ...(isStock && { legs: [{ kind: 'STOCK', symbol: rest.symbol, quantity: 100 }] }) }),
  );

const range = fc.record({ min: fc.integer({ min: 0, max: 3 }), max: fc.integer({ min: 3, max: 4 }) }, { requiredKeys: [] });
const criteria: fc.Arbitrary<FilterCriteria> = fc.record(
  {
    symbols: fc.record({ in: fc.subarray(SYMBOLS, { minLength: 1 }) }),
    metrics: fc.record({ score: range, delta: fc.oneof(range, fc.record({ isNull: fc.boolean() })) }, { requiredKeys: [] }),
    none: fc.constant([{ symbols: { in: ['BBB'] }, metrics: { score: { max: 1 } } }]),
    any: fc.constant([{ metrics: { delta: { min: 2 } } }, { symbols: { notIn: ['CCC'] } }]),
  },
  { requiredKeys: [] },
);
/** Bounds as ages of rows: so many rows behind the newest. */
const query = fc.record(
  {
    criteria,
    filterIds: fc.subarray(FILTER_IDS, { minLength: 1 }),
    hiddenFilterIds: fc.subarray(FILTER_IDS, { minLength: 1 }),
    scanRunIds: fc.subarray(RUN_IDS, { minLength: 1 }),
    fromAge: fc.nat(30),
    beforeAge: fc.nat(30),
  },
  { requiredKeys: [] },
);

describe('pages from memory', () => {
  it('say what the database says, whatever is asked while rows arrive', async () => {
    const sources: PageSource[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.boolean(),
        fc.array(
          fc.oneof(
            {
              weight: 3,
              arbitrary: fc.record({
                append: fc.array(draft, { minLength: 1, maxLength: 12 }),
                isDelivered: fc.constantFrom(true, true, true, false),
              }),
            },
            { weight: 4, arbitrary: fc.record({ query, first: fc.nat(8), pages: fc.integer({ min: 1, max: 4 }) }) },
          ),
          { minLength: 4, maxLength: 12 },
        ),
        async (capacity, isLoaded, steps) => {
          const recent = await aRecent(capacity);
          if (isLoaded) await recent.results.loaded();
          for (const step of steps) {
            if ('append' in step) {
              await recent.append(step.append);
              if (step.isDelivered) recent.deliver();
              continue;
            }
            const { fromAge, beforeAge, ...rest } = step.query;
            const newest = await store.newest(31);
            const at = (age: number | undefined) => (age === undefined ? undefined : newest.at(-1 - age)?.detectedAtMs);
            const asked: ScanResultQuery = { ...rest, detectedFromMs: at(fromAge), detectedBeforeMs: at(beforeAge) };
            let cursor: string | null = null;
            for (let page = 0; page < step.pages; page++) {
              const request = { direction: 'forward', limit: step.first, cursor } as const;
              const answer = await recent.results.page(asked, NEWEST_FIRST, request);
              expect({ ...answer, rows: answer.rows.map(wholeResult) }).toEqual(await store.page(asked, NEWEST_FIRST, request));
              const last = answer.rows.at(-1);
              if (!last) break;
              cursor = scanResultCursor(last, NEWEST_FIRST);
            }
          }
          await recent.results.stop();
          sources.push(...recent.sources);
        },
      ),
      { numRuns: 60 },
    );
    // A test of what is never used would show nothing.
    expect(sources.filter((source) => source === 'memory').length).toBeGreaterThan(50);
    expect(sources.filter((source) => source === 'database').length).toBeGreaterThan(50);
  });

  it('hold what was stored before the start', async () => {
    const recent = await aRecent(20);
    await recent.append(Array.from({ length: 50 }, () => aResultDraft()));
    const later = await aRecent(20);
    await later.results.loaded();
    const page = await later.results.page({}, NEWEST_FIRST, { direction: 'forward', limit: 19, cursor: null });
    expect(later.sources).toEqual(['memory']);
    expect(page.rows.map(({ sequence }) => sequence)).toEqual((await store.newest(19)).map(({ sequence }) => sequence).toReversed());
    // One more than is asked for tells whether there are more.
    await later.results.page({}, NEWEST_FIRST, { direction: 'forward', limit: 20, cursor: null });
    expect(later.sources).toEqual(['memory', 'database']);
  });

  it('are of no use for other orders, backward, and what may have been removed from the database', async () => {
    let nowMs = Date.now();
    const recent = await aRecent(20, () => nowMs);
    const [row] = await recent.append([aResultDraft()]);
    recent.deliver();
    await recent.results.page({}, NEWEST_FIRST, { direction: 'backward', limit: 1, cursor: null });
    await recent.results.page({}, { field: 'DETECTED_AT', direction: 'ASC' }, { direction: 'forward', limit: 1, cursor: null });
    await recent.results.page({}, { field: 'SCORE', direction: 'DESC' }, { direction: 'forward', limit: 1, cursor: null });
    expect(recent.sources).toEqual([]);
    nowMs += DAY_MS + 1;
    const page = await recent.results.page({}, NEWEST_FIRST, { direction: 'forward', limit: 1, cursor: null });
    expect([page.rows[0]!.id, recent.sources]).toEqual([row!.id, ['database']]);
    expect(await recent.results.byIds([row!.id])).toMatchObject([{ sequence: row!.sequence }]);
  });

  it('refuse cursors that are none', async () => {
    const recent = await aRecent(20);
    await expect(recent.results.page({}, NEWEST_FIRST, { direction: 'forward', limit: 1, cursor: 'abc' })).rejects.toThrow(
      'expected a cursor',
    );
  });

  it('come with rows by id, which are the same as those of the database', async () => {
    const recent = await aRecent(3);
    const rows = await recent.append(fc.sample(draft, 5));
    recent.deliver();
    const ids = rows.map(({ id }) => id);
    const bySequence = (found: readonly ScanResult[]) => found.toSorted((a, b) => a.sequence - b.sequence);
    expect(bySequence((await recent.results.byIds(ids)).map(wholeResult))).toEqual(bySequence(await store.byIds(ids)));
  });
});

it('a page of the newest results reads none of them from the database, only how far they go', async () => {
  const appDatabase = await createTestDatabase();
  const url = new URL(appDatabase.url);
  const counter = await startStatementCounter({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(counter.port);
  const app = await startTestApp({ databaseUrl: url.href, feed: aChainFeed(['AAA', 'BBB']) });
  try {
    for (let stored = 0; stored < 20; ) stored += await scanAndWait(app, ['AAA', 'BBB']);
    const ask = () => app.ask('{ scanResults(first: 10) { edges { node { id score legs { symbol } } } } }');
    await ask();
    const before = await metricValue(app, 'strikewire_recent_result_pages_total', { source: 'memory' });
    counter.take();
    const { data, errors } = await ask();
    expect(errors).toBeUndefined();
    expect(data.scanResults.edges).toHaveLength(10);
    const statements = counter.take();
    expect(statements.filter((sql) => sql.includes('order by detected_at desc'))).toEqual([]);
    expect(statements.some((sql) => sql.includes('from stream_heads'))).toBe(true);
    expect(await metricValue(app, 'strikewire_recent_result_pages_total', { source: 'memory' })).toBe(before + 1);
    expect(await metricValue(app, 'strikewire_recent_results')).toBeGreaterThanOrEqual(20);
  } finally {
    await app.stop();
    counter.close();
    await appDatabase.drop();
  }
});
