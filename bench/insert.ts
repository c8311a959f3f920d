/*
 * Storing scan results: the product's way (stream numbers, COPY, one transaction per 1,000 rows) against COPY of the very same rows by the same driver with nothing
 * around it, and against Drizzle's inserts. PostgreSQL is the embedded one with its ordinary settings, or the one BENCH_DATABASE_URL names.
 */
import { finished } from 'node:stream/promises';
import { pino } from 'pino';
import { createDatabase, type Database, type Transaction } from '../dist/db/client.js';
import { copyTimestamp } from '../dist/db/copy-text.js';
import { migrate } from '../dist/db/migrate.js';
import { scanResults } from '../dist/db/tables/scan-results.js';
import { METRICS } from '../dist/domain/candidates/metric.js';
import type { ScanResultDraft } from '../dist/domain/results/scan-result.js';
import { SCAN_RESULT_COLUMNS, scanResultLineEnd } from '../dist/services/results/scan-result-columns.js';
import { scanResultStream } from '../dist/services/results/scan-result-stream.js';
import { createEventLoopSlicer } from '../dist/services/scanner/event-loop-slicer.js';
import { createStreamLog } from '../dist/services/stream-log/stream-log.js';
import { createStreamWriter } from '../dist/services/stream-log/stream-writer.js';
import { startBenchDatabase } from './bench-database.ts';
import { compareRounds } from './compare-rounds.ts';
import type { Report } from './report.ts';
import { makeDrafts } from './result-drafts.ts';

const ROWS = 5_000;
const BATCH_ROWS = 1_000;
/** As `SCANNER_SLICE_MS` is by itself. */
const SLICE_MS = 4;
/** One statement per row is slow: fewer rows, the time per row counts. */
const SINGLE_ROWS = 300;

/** By the driver alone, in one go: nothing of the product's way of sending is part of the limit. */
async function copy(transaction: Transaction, text: string): Promise<void> {
  const stream = await transaction.unsafe(`copy scan_results (${SCAN_RESULT_COLUMNS}) from stdin`).writable();
  stream.end(text);
  await finished(stream);
}

/** Each contestant gets rows of its own ids; the table is emptied in between by `reset`. */
function contestants(database: Database, drafts: readonly ScanResultDraft[], counted: () => Promise<number>) {
  const { sql, orm } = database;
  const check = (expected: number) => async () => {
    const found = await counted();
    if (found < expected || found % expected !== 0) throw new Error(`expected a multiple of ${expected} rows, got ${found}`);
  };
  const rows = drafts.map((draft, index) => ({ ...draft, sequence: index + 1, detectedAtMs: 1_700_000_000_000 }));
  const texts = Array.from({ length: ROWS / BATCH_ROWS }, (_, batch) =>
    rows
      .slice(batch * BATCH_ROWS, (batch + 1) * BATCH_ROWS)
      .map((row) => `${row.sequence}\t${copyTimestamp(row.detectedAtMs)}${scanResultLineEnd(row)}`)
      .join(''),
  );
  const tuples = rows.map(({ detectedAtMs, quotedAtMs, metrics, reasons, ...row }) => ({
    ...row,
    ...metrics,
    reasons: [...reasons],
    detectedAt: new Date(detectedAtMs),
    quotedAt: new Date(quotedAtMs),
  }));
  const empty = () => sql`truncate scan_results`;
  return {
    copy: {
      name: 'COPY of the same rows, text prepared beforehand',
      run: async () => {
        await empty();
        for (const text of texts) await sql.begin((transaction) => copy(transaction, text));
      },
      check: check(ROWS),
    },
    product: {
      name: 'strikewire result writer',
      run: async () => {
        await empty();
        const writer = createStreamWriter({
          stream: scanResultStream,
          table: 'scan_results',
          sql,
          streamLog: createStreamLog({ sql }),
          log: pino({ level: 'error' }),
          clock: Date.now,
          random: Math.random,
          capacity: ROWS,
          slicer: createEventLoopSlicer({ budgetMs: SLICE_MS, now: () => performance.now() }),
          onCommitted: () => {},
        });
        const { signal } = new AbortController();
        await writer.accept(drafts, signal);
        await writer.committed(signal);
      },
      check: check(ROWS),
    },
    batches: {
      name: 'drizzle, 1,000 rows per statement',
      run: async () => {
        await empty();
        for (let start = 0; start < ROWS; start += BATCH_ROWS)
          await orm.insert(scanResults).values(tuples.slice(start, start + BATCH_ROWS));
      },
      check: check(ROWS),
    },
    single: {
      name: 'drizzle, one row per statement',
      run: async () => {
        await empty();
        for (const tuple of tuples.slice(0, SINGLE_ROWS)) await orm.insert(scanResults).values(tuple);
      },
      check: check(SINGLE_ROWS),
    },
  };
}

export async function run(): Promise<Report> {
  const server = await startBenchDatabase();
  await migrate(server.url);
  const database = createDatabase({ url: server.url, poolSize: 2, statementTimeoutMs: 60_000, applicationName: 'strikewire-bench' });
  try {
    const counted = async () => (await database.sql<{ count: number }[]>`select count(*)::int as count from scan_results`)[0]!.count;
    const { copy, product, batches, single } = contestants(database, makeDrafts(ROWS), counted);
    const ordered = [copy, product, batches, single];
    const measured = await compareRounds({ contestants: ordered, rounds: 9, warmup: 2 });
    const rowCounts = [ROWS, ROWS, ROWS, SINGLE_ROWS];
    const perSecond = measured.map(({ medianMs }, index) => (rowCounts[index]! / medianMs) * 1_000);
    const [copyRate, ourRate, batchRate, singleRate] = perSecond as [number, number, number, number];
    return {
      title: `Inserting scan results of ${METRICS.length + 15} columns, ${ROWS} rows, one connection`,
      peers: [],
      header: ['', 'rows/s', 'of COPY'],
      rows: measured.map(({ name }, index) => [
        name,
        Math.round(perSecond[index]!).toLocaleString('en-US'),
        `${(perSecond[index]! / copyRate).toFixed(3)} ×`,
      ]),
      notes: [
        `Targets: ≥ 0.6 × COPY; measured ${(ourRate / copyRate).toFixed(2)} ×. ≥ 5 × drizzle one by one; measured ${(ourRate / singleRate).toFixed(1)} ×.`,
      ],
      result: {
        rowsPerSecond: Math.round(ourRate),
        overCopy: round(ourRate / copyRate),
        overDrizzleSingle: round(ourRate / singleRate),
        overDrizzleBatch: round(ourRate / batchRate),
        targetMet: ourRate >= 0.6 * copyRate && ourRate >= 5 * singleRate,
      },
    };
  } finally {
    await database.close();
    await server.stop();
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
