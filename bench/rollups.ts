/*
 * Rollups over ROWS results (10 million unless the environment says otherwise) of DAYS days (90): all of them by hour from the product's reader, against the same question asked of the rows, and
 * against nothing but reading the stored buckets; what it costs to roll up a new row; and storing results while they are rolled up, against storing alone. PostgreSQL is the
 * embedded one with its ordinary settings, or the one BENCH_DATABASE_URL names.
 */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createDatabase } from '../dist/db/client.js';
import { migrate } from '../dist/db/migrate.js';
import { createEnsureChunks } from '../dist/db/time-series/ensure-chunks.js';
import { setUpTimeSeries } from '../dist/db/time-series/set-up-time-series.js';
import { ROLLUP_METRICS } from '../dist/domain/rollups/rollup-metric.js';
import { createInProcessBus } from '../dist/services/bus/in-process-bus.js';
import { createCellStore } from '../dist/services/rollups/cell-store.js';
import { createRollUpBatch } from '../dist/services/rollups/roll-up-batch.js';
import { createRollupChanges } from '../dist/services/rollups/rollup-changes.js';
import { createRollupMetrics } from '../dist/services/rollups/rollup-metrics.js';
import { createRollupReader } from '../dist/services/rollups/rollup-reader.js';
import { createRollupRefresher } from '../dist/services/rollups/rollup-refresher.js';
import { createRollupSeries } from '../dist/services/rollups/rollup-series.js';
import { createEventLoopSlicer } from '../dist/services/scanner/event-loop-slicer.js';
import { startBenchDatabase } from './bench-database.ts';
import { median } from './live/median.ts';
import type { Report } from './report.ts';
import { storeLiveRows } from './rollups/live-rows.ts';
import { DAYS, FIRST_DAY_MS, seedRows } from './rollups/seed-rows.ts';

const ROWS = Number(process.env.ROWS ?? 10_000_000);
const RAW_ROUNDS = 3;
const READ_ROUNDS = 30;
const INGEST_ROUNDS = 4;
const LAST_DAY_MS = FIRST_DAY_MS + DAYS * 86_400_000;
const METRIC = ROLLUP_METRICS.find(({ name }) => name === 'RESULT_SCORE')!;

const log = pino({ level: 'error' });
const now = () => performance.now();
const say = (line: string) => console.log(line);

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const startedMs = now();
  const answer = await work();
  return { ms: now() - startedMs, answer };
}

interface Hour {
  readonly bucketMs: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
}

/** @throws when a bucket says something else than the rows */
function check(hours: readonly Hour[], raw: readonly Hour[]): void {
  if (hours.length !== raw.length) throw new Error(`expected ${raw.length} hours, got ${hours.length}`);
  for (const [index, wanted] of raw.entries()) {
    const hour = hours[index]!;
    const isSame =
      hour.bucketMs === wanted.bucketMs &&
      hour.count === wanted.count &&
      hour.min === wanted.min &&
      hour.max === wanted.max &&
      Math.abs(hour.sum - wanted.sum) <= 1e-9 * Math.abs(wanted.sum) &&
      Math.abs(hour.p50 - wanted.p50) <= 0.010001 * Math.abs(wanted.p50);
    if (!isSame) throw new Error(`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(hour)}`);
  }
}

/** Rows and the indexes that are used here; the others cost the same with rollups and without. */
async function seed(database: ReturnType<typeof createDatabase>): Promise<number> {
  const { sql } = database;
  const indexes = await sql<{ name: string }[]>`
    select indexname as name from pg_indexes where tablename = 'scan_results' and indexname not like '%\_pk' and indexname not like '%\_pkey'`;
  for (const { name } of indexes) await sql.unsafe(`drop index "${name}"`);
  const [key] = await sql<
    { name: string }[]
  >`select conname as name from pg_constraint where conrelid = 'scan_results'::regclass and contype = 'p'`;
  await sql.unsafe(`alter table scan_results drop constraint "${key!.name}"`);
  const rate = await seedRows(database, ROWS);
  const { ms } = await timed(async () => {
    await sql.unsafe(`alter table scan_results add constraint "${key!.name}" primary key (detected_at, sequence)`);
    await sql.unsafe('vacuum analyze scan_results');
  });
  say(
    `${ROWS.toLocaleString('en-US')} rows made at ${Math.round(rate).toLocaleString('en-US')} rows/s; key and statistics ${(ms / 1_000).toFixed(1)} s`,
  );
  return rate;
}

export async function run(): Promise<Report> {
  const server = await startBenchDatabase();
  await migrate(server.url);
  const { kind: backing } = await setUpTimeSeries({ url: server.url, log, nowMs: LAST_DAY_MS });
  const database = createDatabase({ url: server.url, poolSize: 3, statementTimeoutMs: 0, applicationName: 'strikewire-bench' });
  const { sql, writeSql } = database;
  const ensureChunks = createEnsureChunks({ sql: writeSql, backing, log });
  const slicer = createEventLoopSlicer({ budgetMs: 8, now });
  const bus = createInProcessBus({ log });
  const createRefresher = () =>
    createRollupRefresher({
      sql,
      bus,
      rollUp: createRollUpBatch({
        sql,
        slicer,
        ensureChunks,
        series: createRollupSeries({ slicer }),
        cells: createCellStore({ slicer, clock: Date.now }),
      }),
      changes: createRollupChanges({ bus }),
      metrics: createRollupMetrics(new Registry()),
      log,
      clock: Date.now,
      now,
      // Ten times as often as it is by default: as dear as it gets.
      intervalMs: 500,
    });
  const reader = createRollupReader({ sql, slicer });
  try {
    await ensureChunks('scan_results', FIRST_DAY_MS, LAST_DAY_MS);
    const seedRate = await seed(database);
    const backlog = await timed(() => createRefresher().refresh());
    if (backlog.answer !== ROWS) throw new Error(`expected ${ROWS} rows to be rolled up, got ${backlog.answer}`);
    const backlogUs = (backlog.ms / ROWS) * 1_000;
    say(`rolled up in ${(backlog.ms / 1_000).toFixed(1)} s, ${backlogUs.toFixed(0)} µs a row`);
    await sql.unsafe('vacuum analyze rollup_minutes, rollup_hours, rollup_days, rollup_series');

    const query = { metric: METRIC, tier: 'HOUR' as const, fromMs: FIRST_DAY_MS, beforeMs: LAST_DAY_MS, groupBy: [], where: {} };
    const [from, before] = [new Date(FIRST_DAY_MS), new Date(LAST_DAY_MS)];
    const askRows = () =>
      sql.unsafe<Hour[]>(
        `select (date_part('epoch', date_trunc('hour', quoted_at, 'UTC')) * 1000) as "bucketMs", count(score) as count, sum(score) as sum, avg(score) as avg, min(score) as min,
          max(score) as max, stddev_samp(score) as stddev, percentile_disc(0.5) within group (order by score) as p50,
          percentile_disc(0.95) within group (order by score) as p95, percentile_disc(0.99) within group (order by score) as p99
        from scan_results where quoted_at >= $1 and quoted_at < $2 group by 1 order by 1`,
        [from, before] as never[],
      );
    const [series] = await sql<{ id: number }[]>`
      select id from rollup_series where metric = ${METRIC.name} and filter_id is null and symbol is null and strategy is null`;
    const readBuckets = () =>
      sql.unsafe(
        'select bucket, count, sum, min, max, m2, p50, p95, p99 from rollup_hours where series_id = $1 and bucket >= $2 and bucket < $3 order by bucket',
        [series!.id, from, before] as never[],
      );
    const rawMs: number[] = [];
    let raw: readonly Hour[] = [];
    for (let round = 0; round < RAW_ROUNDS; round++) {
      const { ms, answer } = await timed(askRows);
      rawMs.push(ms);
      raw = answer;
    }
    const read = await reader.read(query);
    check(
      read.map(({ bucketMs, cell }) => ({ bucketMs, ...cell })),
      raw,
    );
    const readMs: number[] = [];
    const bucketsMs: number[] = [];
    for (let round = 0; round < READ_ROUNDS; round++) {
      readMs.push((await timed(() => reader.read(query))).ms);
      bucketsMs.push((await timed(readBuckets)).ms);
    }

    const offMs: number[] = [];
    const onMs: number[] = [];
    const refreshMs: number[] = [];
    let rowsPerRound = 0;
    for (let round = 0; round < INGEST_ROUNDS; round++) {
      const off = await timed(() => storeLiveRows(database, LAST_DAY_MS, 2 * round));
      offMs.push(off.ms);
      rowsPerRound = off.answer;
      refreshMs.push((await timed(() => createRefresher().refresh())).ms / off.answer);
      const refresher = createRefresher();
      refresher.start();
      onMs.push((await timed(() => storeLiveRows(database, LAST_DAY_MS, 2 * round + 1))).ms);
      await refresher.stop();
      await createRefresher().refresh();
    }
    const [total] = await sql<{ count: number }[]>`
      select sum(count) as count from rollup_days join rollup_series on id = series_id where metric = ${METRIC.name} and filter_id is null and symbol is null and strategy is null`;
    const stored = ROWS + 2 * INGEST_ROUNDS * rowsPerRound;
    if (Number(total!.count) !== stored) throw new Error(`expected days of ${stored} rows, got ${total!.count}`);

    return report(backing, {
      seedRate,
      backlogUs,
      rawMs: median(rawMs),
      readMs: median(readMs),
      bucketsMs: median(bucketsMs),
      refreshUs: median(refreshMs) * 1_000,
      onOverOff: median(onMs) / median(offMs),
      offRate: (rowsPerRound / median(offMs)) * 1_000,
    });
  } finally {
    await database.close();
    await server.stop();
  }
}

interface Measured {
  /** Rows per second. */
  readonly seedRate: number;
  readonly offRate: number;
  /** Microseconds a row. */
  readonly backlogUs: number;
  readonly refreshUs: number;
  readonly rawMs: number;
  readonly readMs: number;
  readonly bucketsMs: number;
  readonly onOverOff: number;
}

function report(backing: string, { seedRate, offRate, backlogUs, refreshUs, rawMs, readMs, bucketsMs, onOverOff }: Measured): Report {
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return {
    title: `${DAYS} days by hour over ${ROWS.toLocaleString('en-US')} rows (${backing})`,
    peers: [],
    header: ['', 'ms', 'of stored buckets'],
    rows: [
      ['strikewire reader', readMs.toFixed(1), `${(readMs / bucketsMs).toFixed(2)} ×`],
      ['the stored buckets, nothing else', bucketsMs.toFixed(1), '1.00 ×'],
      ['the rows', rawMs.toFixed(0), `${(rawMs / bucketsMs).toFixed(0)} ×`],
    ],
    notes: [
      `Targets: ≥ 100 × faster than the rows; measured ${(rawMs / readMs).toFixed(0)} ×. < 50 ms; measured ${readMs.toFixed(1)} ms.`,
      `Rolling up a row: ${refreshUs.toFixed(0)} µs as it comes, ${backlogUs.toFixed(0)} µs of a backlog (20 cells for each of six metrics).`,
      `Storing ${Math.round(offRate).toLocaleString('en-US')} rows/s without rollups; with a refresh every 0.5 s beside it, it takes ${onOverOff.toFixed(2)} × as long.`,
    ],
    result: {
      rows: ROWS,
      backing,
      seedRowsPerSecond: Math.round(seedRate),
      readMs: round(readMs),
      storedBucketsMs: round(bucketsMs),
      rawMs: round(rawMs),
      fasterThanRaw: round(rawMs / readMs),
      refreshMicrosecondsPerRow: round(refreshUs),
      backlogMicrosecondsPerRow: round(backlogUs),
      ingestOnOverOff: round(onOverOff),
      targetMet: rawMs >= 100 * readMs && readMs < 50,
    },
  };
}
