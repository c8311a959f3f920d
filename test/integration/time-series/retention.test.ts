import postgres from 'postgres';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/client.ts';
import { createEnsureChunks } from '../../../src/db/time-series/ensure-chunks.ts';
import { listChunks } from '../../../src/db/time-series/list-chunks.ts';
import { setUpTimeSeries } from '../../../src/db/time-series/set-up-time-series.ts';
import type { TimeSeriesBacking } from '../../../src/db/time-series/time-series-backing.ts';
import { timeSeriesTable } from '../../../src/db/time-series/time-series-tables.ts';
import { ConflictError } from '../../../src/domain/errors/conflict-error.ts';
import type { RetentionReport } from '../../../src/domain/history/retention-report.ts';
import { createDailyRetention } from '../../../src/services/history/daily-retention.ts';
import { createRetention, type Retention } from '../../../src/services/history/retention.ts';
import { createRetentionMetrics } from '../../../src/services/history/retention-metrics.ts';
import { createStorageSurvey } from '../../../src/services/history/storage-survey.ts';
import { scanResultStream } from '../../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { logTo } from '../../support/log-to.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const DAYS = { RAW: 30, MINUTE: 60, HOUR: 400, DAY: 800 };
const WAIT = { interval: 20 };

let testDatabase: TestDatabase;
let database: Database;
/** Connected already when something waits: a run waits two seconds for a lock and then goes on. */
let observer: postgres.Sql;
let backing: TimeSeriesBacking;
let registry: Registry;
let logs: { msg: string }[];

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  logs = [];
  registry = new Registry();
  backing = await setUpTimeSeries({ url: testDatabase.url, log: logTo(logs), nowMs: NOW });
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'retention-test' });
  observer = postgres(testDatabase.url, { max: 1, onnotice: () => {} });
  await observer`select 1`;
  await createEnsureChunks({ sql: database.sql, backing: backing.kind, log: logTo(logs) })('scan_results', NOW - 80 * DAY, NOW);
});

afterEach(async () => {
  await observer.end();
  await database.close();
  await testDatabase.drop();
});

const aRetention = (metrics = createRetentionMetrics(registry)): Retention =>
  createRetention({
    url: testDatabase.url,
    backing: backing.kind,
    days: DAYS,
    auditLog: { record: async (draft) => ({ ...draft, sequence: 1, atMs: NOW }) },
    metrics,
    log: logTo(logs),
    clock: () => NOW,
    newId: uuidv7,
  });

/** A result for each of as many days before now. */
async function storeResults(daysAgo: readonly number[]): Promise<void> {
  const streamLog = createStreamLog({ sql: database.sql });
  for (const days of daysAgo) {
    await database.sql.begin((transaction) => streamLog.append(transaction, scanResultStream, [aResultDraft()], NOW - days * DAY));
  }
}

async function rolledUpTo(sequence: number): Promise<void> {
  await database.sql`
    insert into stream_positions (consumer, stream, sequence, at) values ('rollups', 'scan-results', ${sequence}, now())
    on conflict (consumer, stream) do update set sequence = excluded.sequence`;
}

const stored = async () =>
  (await database.sql<{ sequence: number }[]>`select sequence from scan_results order by sequence`).map(({ sequence }) => sequence);

const tableOf = (report: RetentionReport, name: string) => report.tables.find(({ table }) => table === name)!;
const outcomes = (report: RetentionReport, name = 'scan_results') => tableOf(report, name).chunks.map(({ outcome }) => outcome);
const run = (isDryRun = false) => aRetention().run({ isDryRun, acting: null });

describe('a run of the retention', () => {
  it('removes chunks that ended longer ago than rows are kept, with their rows; a dry run only says so', async () => {
    await storeResults([75, 61, 40, 29, 1]);
    await rolledUpTo(5);
    await database.sql.unsafe('analyze scan_results');
    const dry = await aRetention(createRetentionMetrics(new Registry())).run({ isDryRun: true, acting: null });
    expect(await stored()).toEqual([1, 2, 3, 4, 5]);
    const { report, before } = { report: await run(), before: dry };
    expect(await stored()).toEqual([4, 5]);
    expect(tableOf(report, 'scan_results')).toMatchObject({ tier: 'RAW', retentionDays: 30, cutoffMs: NOW - 30 * DAY, removedRows: 3 });
    expect(tableOf(report, 'scan_results').removedBytes).toBeGreaterThan(0);
    expect(new Set(outcomes(report))).toEqual(new Set(['EXPIRED']));
    expect(before).toMatchObject({ isDryRun: true });
    expect(tableOf(before, 'scan_results')).toMatchObject({
      removedRows: 3,
      chunks: tableOf(report, 'scan_results').chunks.map(({ fromMs }) => ({ fromMs })),
    });
    expect(outcomes(await aRetention(createRetentionMetrics(new Registry())).run({ isDryRun: true, acting: null }))).toEqual([]);
    const removed = (await registry.getSingleMetricAsString('strikewire_retention_removed_rows_total')).split('\n');
    expect(removed).toContain('strikewire_retention_removed_rows_total{tier="RAW"} 3');
  });

  it('keeps a chunk with rows that have not been rolled up, and says so; without any rollup all of them', async () => {
    await storeResults([75, 74, 61, 1]);
    expect(outcomes(await run(true)).filter((outcome) => outcome !== 'EXPIRED')).toEqual(['NOT_ROLLED_UP', 'NOT_ROLLED_UP']);
    // In the middle of the rows that have expired.
    await rolledUpTo(1);
    registry = new Registry();
    expect(outcomes(await run())).toContain('NOT_ROLLED_UP');
    expect(await stored()).toEqual([1, 2, 3, 4]);
    expect(await registry.getSingleMetricAsString('strikewire_retention_held_chunks')).toContain('{tier="RAW"} 2');
    await rolledUpTo(3);
    registry = new Registry();
    await run();
    expect(await stored()).toEqual([4]);
  });

  it('keeps rollups of an old time that were written within the retention, as those of a replayed day', async () => {
    const bucket = (atMs: number, writtenMs: number) => database.sql`
      insert into rollup_minutes (series_id, bucket, count, sum, min, max, m2, first, first_at, last, last_at, p50, p95, p99, sketch, updated_at)
      select 1, at, 1, 1, 1, 1, 0, 1, at, 1, at, 1, 1, 1, '\\x00', ${database.sql.typed.timestamptz(writtenMs)}
      from (select ${database.sql.typed.timestamptz(atMs)}::timestamptz) as given (at)`;
    await bucket(Date.UTC(2019, 2, 7), NOW - DAY);
    await bucket(Date.UTC(2018, 2, 7), NOW - 61 * DAY);
    await bucket(NOW, NOW);
    // What lay in no chunk is put into one first.
    expect(outcomes(await run(), 'rollup_minutes')).toEqual(['EXPIRED', 'WRITTEN_LATELY']);
    expect(await database.sql`select extract(year from bucket)::int as year from rollup_minutes order by 1`).toEqual([
      { year: 2019 },
      { year: 2026 },
    ]);
  });

  it('keeps a chunk of rollups that is written to while it is judged', async () => {
    const bucket = (writtenMs: number) => `
      insert into rollup_minutes (series_id, bucket, count, sum, min, max, m2, first, first_at, last, last_at, p50, p95, p99, sketch, updated_at)
      select 1, at, 1, 1, 1, 1, 0, 1, at, 1, at, 1, 1, 1, '\\x00', to_timestamp(${writtenMs / 1_000})
      from (select '2019-03-07'::timestamptz + random() * interval '1 hour') as given (at)`;
    await createEnsureChunks({ sql: database.sql, backing: backing.kind, log: logTo(logs) })(
      'rollup_minutes',
      Date.UTC(2019, 2, 7),
      Date.UTC(2019, 2, 7),
    );
    await database.sql.unsafe(bucket(NOW - 61 * DAY));
    // A rollup that has written and not committed yet: the run, which cannot see it, waits for its end.
    const writing = await holdLock(testDatabase.url, bucket(NOW));
    const running = run();
    await vi.waitFor(async () => {
      const waiting = await observer`
            select from pg_stat_activity
            where application_name = 'strikewire retention' and datname = current_database() and query like 'lock table %in share mode'
              and wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(1);
    }, WAIT);
    await writing.release();
    expect(outcomes(await running, 'rollup_minutes')).toEqual(['WRITTEN_LATELY']);
    expect(await database.sql`select from rollup_minutes`).toHaveLength(2);
  });

  it('removes days, changes of opportunities, and resolved alerts with all that happened to them; open ones stay', async () => {
    const { sql } = database;
    const old = NOW - 31 * DAY;
    const [resolved, open, fresh] = [uuidv7({ msecs: old }), uuidv7({ msecs: old }), uuidv7({ msecs: NOW })];
    const at = (ms: number) => sql.typed.timestamptz(ms);
    for (const [id, status, firedMs, resolvedMs] of [
      [resolved, 'RESOLVED', old, old],
      [open, 'FIRING', old, null],
      [fresh, 'RESOLVED', NOW, NOW],
    ] as const) {
      await sql`
        insert into alerts (id, rule_id, series_key, status, severity, is_test, fired_at, resolved_at, alert)
        values (${id}, ${id}, '', ${status}, 'INFO', false, ${at(firedMs)}, ${resolvedMs === null ? null : at(resolvedMs)}, '{}')`;
      await sql`
        insert into alert_changes (sequence, at, id, kind, alert_id, rule_id, change) values (1, ${at(firedMs)}, ${id}, 'FIRED', ${id}, ${id}, '{}')
        on conflict do nothing`;
      await sql`
        insert into alert_changes (sequence, at, id, kind, alert_id, rule_id, change) values (${id === open ? 2 : 3}, ${at(firedMs)}, ${id}, 'FIRED', ${id}, ${id}, '{}')`;
    }
    for (const [sequence, ms] of [
      [1, old],
      [2, NOW],
    ] as const) {
      await sql`
        insert into opportunity_changes (sequence, at, id, kind, filter_id, symbol, strategy, best_score, opportunity)
        values (${sequence}, ${at(ms)}, ${uuidv7()}, 'ENTERED', ${uuidv7()}, 'AAA', 'LONG_CALL', 1, '{}')`;
    }
    const dry = await aRetention(createRetentionMetrics(new Registry())).run({ isDryRun: true, acting: null });
    const report = await run();
    for (const each of [dry, report]) {
      expect([tableOf(each, 'alerts').removedRows, tableOf(each, 'opportunity_changes').removedRows]).toEqual([1, 1]);
    }
    expect((await sql`select id from alerts order by id`).map(({ id }) => id)).toEqual([open, fresh]);
    expect(new Set((await sql`select alert_id from alert_changes`).map((row) => row.alert_id))).toEqual(new Set([open, fresh]));
    expect((await sql`select sequence from opportunity_changes`).map(({ sequence }) => sequence)).toEqual([2]);
  });

  it('leaves a chunk to the next run while somebody reads the table, and does not hold up others meanwhile', async () => {
    await storeResults([75]);
    await rolledUpTo(1);
    const lock = await holdLock(testDatabase.url, 'lock table scan_results in access share mode');
    const report = await run();
    await lock.release();
    expect(outcomes(report)).toContain('IN_USE');
    registry = new Registry();
    expect(outcomes(await run())).not.toContain('IN_USE');
    expect(await stored()).toEqual([]);
  });

  it('leaves a chunk to the next run when who has read from it comes to write to it, and lets them go on', async () => {
    const { sql } = database;
    const day = Date.UTC(2019, 2, 7);
    const bucket = (writtenMs: number, minute: number) => `
      insert into rollup_minutes (series_id, bucket, count, sum, min, max, m2, first, first_at, last, last_at, p50, p95, p99, sketch, updated_at)
      select 1, at, 1, 1, 1, 1, 0, 1, at, 1, at, 1, 1, 1, '\\x00', to_timestamp(${writtenMs / 1_000})
      from (select '2019-03-07'::timestamptz + ${minute} * interval '1 minute') as given (at)`;
    await createEnsureChunks({ sql, backing: backing.kind, log: logTo(logs) })('rollup_minutes', day, day);
    await sql.unsafe(bucket(NOW - 61 * DAY, 0));
    // As a batch of rollups does: reads what is stored, and writes what comes of it.
    let running: Promise<RetentionReport> | null = null;
    await sql.begin(async (transaction) => {
      await transaction.unsafe(`select count(*) from rollup_minutes where bucket = '2019-03-07'`);
      running = run();
      await vi.waitFor(async () => {
        const waiting = await observer`
              select from pg_stat_activity
              where application_name = 'strikewire retention' and datname = current_database() and wait_event_type = 'Lock'
                and query ~ '^\\s*(drop table|select drop_chunks)'`;
        expect(waiting).toHaveLength(1);
      }, WAIT);
      await transaction.unsafe(bucket(NOW, 1));
    });
    expect(outcomes(await running!, 'rollup_minutes')).toEqual(['IN_USE']);
    registry = new Registry();
    expect(outcomes(await run(), 'rollup_minutes')).toEqual(['WRITTEN_LATELY']);
    expect(await sql`select from rollup_minutes`).toHaveLength(2);
  });

  it('is one at a time', async () => {
    const lock = await holdLock(testDatabase.url, 'select pg_advisory_xact_lock(5349004)');
    await expect(run()).rejects.toThrow(ConflictError);
    await lock.release();
  });

  it('that is killed in the middle has removed whole chunks or none of them, and the next one goes on', async () => {
    await storeResults([75, 61, 40, 1]);
    await rolledUpTo(4);
    const chunksNow = () => listChunks(database.sql, backing.kind, timeSeriesTable('scan_results'));
    // The run waits for the chunk of the second row, when that of the first is gone.
    const { relation } = (await chunksNow()).find(({ beforeMs }) => beforeMs > NOW - 61 * DAY)!;
    const lock = await holdLock(testDatabase.url, `lock table ${relation} in access share mode`);
    const running = run().catch((error: unknown) => error);
    await vi.waitFor(async () => {
      const killed = await observer`
            select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'strikewire retention' and datname = current_database() and wait_event_type = 'Lock'
              and query ~ '^\\s*(drop table|select drop_chunks)'`;
      expect(killed).toHaveLength(1);
    }, WAIT);
    expect(await running).toBeInstanceOf(Error);
    await lock.release();
    expect((await chunksNow())[0]!.relation).toBe(relation);
    expect(await stored()).toEqual([2, 3, 4]);
    registry = new Registry();
    await run();
    expect(await stored()).toEqual([4]);
  });
});

describe('the daily retention', () => {
  it('ends at once when its process does', async () => {
    const stopping = new AbortController();
    const working = createDailyRetention({ retention: aRetention(), log: logTo(logs) })(stopping.signal);
    stopping.abort(new Error('over'));
    await expect(working).rejects.toThrow('over');
  });
});

describe('the survey of what is stored', () => {
  it('tells the backing, and of each table how much it is and from when', async () => {
    await storeResults([75, 1]);
    await database.sql.unsafe('analyze scan_results');
    const { backing: told, bytes, tables } = await createStorageSurvey({ sql: database.sql, backing, days: DAYS }).read();
    expect(told).toEqual(backing);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(tables.map(({ table, tier }) => `${tier} ${table}`)).toEqual([
      'RAW scan_results',
      'RAW underlying_observations',
      'RAW scan_reports',
      'MINUTE rollup_minutes',
      'HOUR rollup_hours',
      'DAY rollup_days',
      'RAW opportunity_changes',
      'RAW alerts',
    ]);
    expect(tables[0]).toMatchObject({ rows: 2, chunkMs: 7 * DAY, oldestMs: NOW - 75 * DAY, newestMs: NOW - DAY, retentionDays: 30 });
    expect(tables[0]!.bytes).toBeGreaterThan(0);
    expect(tables[3]).toMatchObject({ oldestMs: null, newestMs: null, chunks: expect.any(Number) });
    expect(tables[5]).toMatchObject({ chunks: null, rows: 0, oldestMs: null });
  });
});
