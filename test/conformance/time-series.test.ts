import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { dropChunk } from '../../src/db/time-series/drop-chunk.ts';
import { createEnsureChunks } from '../../src/db/time-series/ensure-chunks.ts';
import { keepChunks } from '../../src/db/time-series/keep-chunks.ts';
import { listChunks } from '../../src/db/time-series/list-chunks.ts';
import { setUpTimeSeries } from '../../src/db/time-series/set-up-time-series.ts';
import type { TimeSeriesBacking } from '../../src/db/time-series/time-series-backing.ts';
import { TIME_SERIES_TABLES, timeSeriesTable } from '../../src/db/time-series/time-series-tables.ts';
import { NEWEST_FIRST } from '../../src/services/results/scan-result-query.ts';
import { createScanResultStore, scanResultCursor } from '../../src/services/results/scan-result-store.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { STREAM_START } from '../../src/services/stream-log/stream-position.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Set by `npm run test:timescale`: then PostgreSQL alone is a mistake. */
const isOnTimescale = process.env.TEST_TIMESCALE === 'true';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const log = pino({ level: 'silent' });
const RESULTS = timeSeriesTable('scan_results');

let testDatabase: TestDatabase;
let database: Database;
let backing: TimeSeriesBacking;

beforeEach(async () => {
  testDatabase = await createTestDatabase({ isMigratedOnly: true });
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'time-series-test' });
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

async function setUp(): Promise<void> {
  backing = await setUpTimeSeries({ url: testDatabase.url, log, nowMs: NOW });
}

/** As many results a day at noon, the last of them today. The ids are of when they were found. */
async function storeDays(days: number, resultsPerDay = 2) {
  const streamLog = createStreamLog({ sql: database.sql });
  const stored = [];
  for (let day = days - 1; day >= 0; day -= 1) {
    const atMs = NOW - day * DAY;
    const drafts = Array.from({ length: resultsPerDay }, () => aResultDraft({ id: uuidv7({ msecs: atMs - 200 }) }));
    stored.push(...(await database.sql.begin((transaction) => streamLog.append(transaction, scanResultStream, drafts, atMs))));
  }
  return stored;
}

const sequences = (rows: readonly { readonly sequence: number }[]) => rows.map(({ sequence }) => sequence);

describe(`time series on ${isOnTimescale ? 'TimescaleDB' : 'the database of the tests'}`, () => {
  it('are on what the database has', async () => {
    await setUp();
    expect(backing.kind).toMatch(isOnTimescale ? /^TIMESCALE_/ : /^(TIMESCALE_|PLAIN)/);
    expect(backing.product).toMatch(backing.kind === 'PLAIN' ? /^PostgreSQL \d/ : /^TimescaleDB \d+\.\d+.* on PostgreSQL \d/);
    await setUp();
  });

  it('keep the rows that were there before, in the chunks of their time, whoever of several servers puts them there', async () => {
    const stored = await storeDays(16);
    await Promise.all([setUp(), setUp()]);
    expect(await scanResultStream.select(database.sql, STREAM_START, 100)).toEqual(stored);
    const chunks = await listChunks(database.sql, backing.kind, RESULTS);
    expect(chunks.filter(({ beforeMs }) => beforeMs <= NOW + 7 * DAY)).toHaveLength(3);
    for (const { fromMs, beforeMs } of chunks) expect([beforeMs - fromMs, fromMs % (7 * DAY)]).toEqual([7 * DAY, 0]);
    expect(chunks.every(({ bytes }) => bytes > 0)).toBe(true);
  });

  it('take COPY, give the stream in order and pages in both directions across chunks', async () => {
    await setUp();
    const stored = await storeDays(16);
    expect(await scanResultStream.select(database.sql, STREAM_START, 100)).toEqual(stored);
    expect(sequences(await scanResultStream.select(database.sql, scanResultStream.position(stored[12]!), 5))).toEqual([14, 15, 16, 17, 18]);
    const store = createScanResultStore({ sql: database.sql });
    const seen: number[] = [];
    for (let cursor: string | null = null; ; ) {
      const { rows, hasNextPage } = await store.page({}, NEWEST_FIRST, { direction: 'forward', cursor, limit: 7 });
      seen.push(...sequences(rows));
      cursor = scanResultCursor(rows.at(-1)!, NEWEST_FIRST);
      if (!hasNextPage) break;
    }
    expect(seen).toEqual(sequences(stored).toReversed());
    const middle = scanResultCursor(stored[10]!, NEWEST_FIRST);
    const before = await store.page({}, NEWEST_FIRST, { direction: 'backward', cursor: middle, limit: 3 });
    expect(sequences(before.rows)).toEqual([14, 13, 12]);
  });

  it('are found by id: those of their time, and those whose id says another', async () => {
    await setUp();
    const stored = await storeDays(16);
    const streamLog = createStreamLog({ sql: database.sql });
    const late = await database.sql.begin((transaction) =>
      streamLog.append(transaction, scanResultStream, [aResultDraft({ id: uuidv7({ msecs: NOW - 9 * DAY }) })], NOW + DAY),
    );
    const store = createScanResultStore({ sql: database.sql });
    const wanted = [stored[0]!, stored[31]!, late[0]!];
    const found = await store.byIds([...wanted.map(({ id }) => id), uuidv7({ msecs: NOW })]);
    expect(new Set(sequences(found))).toEqual(new Set(sequences(wanted)));
    expect(found).toHaveLength(3);
  });

  it('take rollups of any time, again and again', async () => {
    await setUp();
    const buckets = [Date.UTC(2019, 2, 7, 15), Date.UTC(2019, 2, 7, 16), Date.UTC(2022, 0, 1), NOW];
    await createEnsureChunks({ sql: database.sql, backing: backing.kind, log })('rollup_hours', buckets[0]!, buckets[3]!);
    const upsert = (bucketMs: number, sum: number) => database.sql`
      insert into rollup_hours as cell (series_id, bucket, count, sum, min, max, m2, first, first_at, last, last_at, p50, p95, p99, sketch, updated_at)
      select 1, at, 1, ${sum}, 1, 1, 0, 1, at, 1, at, 1, 1, 1, '\\x00', at from (select ${database.sql.typed.timestamptz(bucketMs)}::timestamptz) as given (at)
      on conflict (series_id, bucket) do update set count = cell.count + excluded.count, sum = excluded.sum`;
    for (const sum of [1, 2]) for (const bucketMs of buckets) await upsert(bucketMs, sum);
    const cells = await database.sql<{ bucketMs: number; count: number; sum: number }[]>`
      select bucket as "bucketMs", count, sum from rollup_hours where series_id = 1 order by bucket`;
    expect([...cells]).toEqual(buckets.map((bucketMs) => ({ bucketMs, count: 2, sum: 2 })));
  });

  it('count their rows, and lose a chunk with its rows and no others', async () => {
    await setUp();
    const stored = await storeDays(16);
    await keepChunks(database.sql, backing.kind, NOW, log);
    await database.sql.unsafe('analyze scan_results');
    const [oldest, ...others] = await listChunks(database.sql, backing.kind, RESULTS);
    expect([oldest!, ...others].reduce((sum, { rows }) => sum + rows, 0)).toBe(32);
    expect(oldest!.rows).toBe(12);
    const drop = (isConfirmed: boolean) =>
      dropChunk(database.sql, backing.kind, { table: RESULTS, chunk: oldest!, lockTimeoutMs: 5_000, confirm: async () => isConfirmed });
    expect(await drop(false)).toBe(false);
    expect(await scanResultStream.select(database.sql, STREAM_START, 100)).toEqual(stored);
    expect(await drop(true)).toBe(true);
    expect(await scanResultStream.select(database.sql, STREAM_START, 100)).toEqual(stored.slice(12));
    expect(await listChunks(database.sql, backing.kind, RESULTS)).toHaveLength(others.length);
    // Another process may have been faster.
    expect(await drop(true)).toBe(true);
    expect(await scanResultStream.select(database.sql, STREAM_START, 100)).toHaveLength(20);
  });

  it('are all in chunks', async () => {
    await setUp();
    for (const { name } of TIME_SERIES_TABLES) {
      const [row] = await database.sql<{ isPartitioned: boolean }[]>`
        select relkind = 'p' or exists (select from pg_inherits join pg_class on pg_class.oid = inhparent where relname = ${name}) or
          exists (select from pg_trigger where tgrelid = pg_class.oid and tgname = 'ts_insert_blocker') as "isPartitioned"
        from pg_class where oid = to_regclass(${name})`;
      expect([name, row?.isPartitioned]).toEqual([name, true]);
    }
  });
});
