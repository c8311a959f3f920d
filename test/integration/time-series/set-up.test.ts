import { pino } from 'pino';
import postgres from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/client.ts';
import { createEnsureChunks } from '../../../src/db/time-series/ensure-chunks.ts';
import { keepChunks } from '../../../src/db/time-series/keep-chunks.ts';
import { listChunks } from '../../../src/db/time-series/list-chunks.ts';
import { setUpTimeSeries } from '../../../src/db/time-series/set-up-time-series.ts';
import { timeSeriesTable } from '../../../src/db/time-series/time-series-tables.ts';
import { scanResultStream } from '../../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const log = pino({ level: 'silent' });
const RESULTS = timeSeriesTable('scan_results');

let testDatabase: TestDatabase;
let database: Database;

beforeEach(async () => {
  // On TimescaleDB the conformance suite shows what is the same, and there are no partitions.
  testDatabase = await createTestDatabase({ isMigratedOnly: true });
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'time-series-test' });
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const setUp = () => setUpTimeSeries({ url: testDatabase.url, log, nowMs: NOW });

/** One result a day, the last of them now. */
async function storeDays(days: number): Promise<void> {
  const streamLog = createStreamLog({ sql: database.sql });
  for (let day = days - 1; day >= 0; day -= 1) {
    await database.sql.begin((transaction) =>
      streamLog.append(transaction, scanResultStream, [aResultDraft({ id: uuidv7() })], NOW - day * DAY),
    );
  }
}

/** In which relation each row lies, in order. */
const places = async () =>
  (await database.sql<{ place: string }[]>`select tableoid::regclass::text as place from scan_results order by detected_at, sequence`).map(
    ({ place }) => place,
  );

async function shape(table: string) {
  const columns = await database.sql`
    select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute where attrelid = to_regclass(${table}) and attnum > 0 order by attnum`;
  const indexes = await database.sql`
    select replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as definition, indisunique, indisprimary from pg_index
    where indrelid = to_regclass(${table}) order by 1`;
  const [grants] = await database.sql`select relacl::text as grants from pg_class where oid = to_regclass(${table})`;
  return { columns: [...columns], indexes: [...indexes], grants };
}

describe('the set-up of a table with rows', () => {
  it('keeps the rows, the columns, the indexes by their names and the grants, and puts each row into the chunk of its time', async () => {
    await storeDays(16);
    await database.sql.unsafe('grant select on scan_results to public');
    const before = await shape('scan_results');
    const rows = await database.sql`select * from scan_results order by sequence`;
    expect(await setUp()).toMatchObject({ kind: 'PLAIN', product: expect.stringMatching(/^PostgreSQL \d+/) });
    expect(await shape('scan_results')).toEqual(before);
    expect([...(await database.sql`select * from scan_results order by sequence`)]).toEqual([...rows]);
    expect(await places()).toEqual([
      ...Array.from({ length: 6 }, () => 'scan_results_20261105'),
      ...Array.from({ length: 7 }, () => 'scan_results_20261112'),
      ...Array.from({ length: 3 }, () => 'scan_results_20261119'),
    ]);
    const chunks = await listChunks(database.sql, 'PLAIN', RESULTS);
    expect(chunks.map(({ fromMs, beforeMs }) => [new Date(fromMs).toISOString().slice(0, 10), (beforeMs - fromMs) / DAY])).toEqual([
      ['2026-11-05', 7],
      ['2026-11-12', 7],
      ['2026-11-19', 7],
      ['2026-11-26', 7],
      ['2026-12-03', 7],
    ]);
  });

  it('leaves nothing behind, and later migrations change the table as before', async () => {
    await setUp();
    expect(await database.sql`select relname from pg_class where relname like '%unpartitioned%'`).toEqual([]);
    await database.sql.unsafe('alter table scan_results add column later float8');
    await database.sql.unsafe('create index scan_results_later on scan_results (later)');
    await database.sql.unsafe('drop index scan_results_score');
  });

  it('is done once by servers that start together', async () => {
    await storeDays(3);
    expect((await Promise.all([setUp(), setUp(), setUp()])).map(({ kind }) => kind)).toEqual(['PLAIN', 'PLAIN', 'PLAIN']);
    expect(await places()).toHaveLength(3);
    await setUp();
    expect(await places()).toHaveLength(3);
  });

  it('is done not at all when it is killed in the middle, and the next start does it', async () => {
    await storeDays(3);
    // An index over something that takes as long as another holds a lock.
    await database.sql.unsafe(`create function slowly(value text) returns text language plpgsql immutable as
      'begin perform pg_advisory_xact_lock_shared(77); return value; end'`);
    await database.sql.unsafe('create index scan_results_slow on scan_results (slowly(symbol))');
    const lock = await holdLock(testDatabase.url, 'select pg_advisory_xact_lock(77)');
    const administrator = postgres(testDatabase.url, { max: 1, onnotice: () => {} });
    try {
      const outcome = setUp().catch((error: unknown) => error);
      await vi.waitFor(
        async () => {
          const killed = await administrator`
            select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'strikewire time series' and wait_event_type = 'Lock' and wait_event = 'advisory' and query like 'CREATE INDEX%'
              and datname = current_database()`;
          expect(killed).toHaveLength(1);
        },
        { interval: 20 },
      );
      expect(await outcome).toMatchObject({ code: expect.any(String) });
    } finally {
      await administrator.end();
      await lock.release();
    }
    expect(await places()).toEqual(['scan_results', 'scan_results', 'scan_results']);
    await setUp();
    expect(await places()).toEqual(['scan_results_20261119', 'scan_results_20261119', 'scan_results_20261119']);
  });
});

describe('rows that no chunk is there for', () => {
  const REPORT = (at: string) =>
    `insert into scan_reports values (1, '${at}', '${uuidv7()}', 'AAA', '${uuidv7()}', '${at}', 1, 1, 1, '[]', '[]')`;
  const placesOfReports = async () =>
    (await database.sql`select tableoid::regclass::text as place from scan_reports`).map(({ place }) => place);

  it('are taken, found, and moved into a chunk by the upkeep', async () => {
    await setUp();
    await database.sql.unsafe(REPORT('2031-05-05T00:00:00Z'));
    expect(await placesOfReports()).toEqual(['scan_reports_default']);
    await keepChunks(database.sql, 'PLAIN', NOW, log);
    expect(await placesOfReports()).toEqual(['scan_reports_20310501']);
    await keepChunks(database.sql, 'PLAIN', NOW, log);
    expect(await placesOfReports()).toEqual(['scan_reports_20310501']);
  });

  it('are fewer when the chunks are asked for before', async () => {
    await setUp();
    await database.sql.unsafe(REPORT('2019-03-07T00:00:00Z'));
    const ensureChunks = createEnsureChunks({ sql: database.sql, backing: 'PLAIN', log });
    await ensureChunks('scan_reports', Date.UTC(2019, 2, 1), Date.UTC(2019, 2, 20));
    expect(await placesOfReports()).toEqual(['scan_reports_20190307']);
    const chunks = await listChunks(database.sql, 'PLAIN', timeSeriesTable('scan_reports'));
    expect(chunks.slice(0, 4).map(({ relation }) => relation)).toEqual([
      'scan_reports_20190228',
      'scan_reports_20190307',
      'scan_reports_20190314',
      'scan_reports_20261119',
    ]);
  });

  it('are what is left when a chunk cannot be added because the table is in use: nobody waits for long', async () => {
    await setUp();
    const lock = await holdLock(testDatabase.url, 'lock table scan_reports_default in access share mode');
    const ensureChunks = createEnsureChunks({ sql: database.sql, backing: 'PLAIN', log });
    await ensureChunks('scan_reports', Date.UTC(2019, 2, 7), Date.UTC(2019, 2, 7));
    await lock.release();
    await database.sql.unsafe(REPORT('2019-03-07T00:00:00Z'));
    expect(await placesOfReports()).toEqual(['scan_reports_default']);
    await ensureChunks('scan_reports', Date.UTC(2019, 2, 7), Date.UTC(2019, 2, 7));
    expect(await placesOfReports()).toEqual(['scan_reports_20190307']);
  });

  it('are prevented by chunks that each start adds ahead', async () => {
    await setUp();
    await setUpTimeSeries({ url: testDatabase.url, log, nowMs: NOW + 30 * DAY });
    const chunks = await listChunks(database.sql, 'PLAIN', RESULTS);
    expect(chunks.at(-1)!.beforeMs).toBeGreaterThan(NOW + 44 * DAY);
  });
});
