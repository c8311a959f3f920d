import type { Logger } from 'pino';
import type { Sql } from '../client.ts';
import { openMaintenanceConnection } from '../maintenance-connection.ts';
import { takeTurn } from '../take-turn.ts';
import { addPartition } from './add-partition.ts';
import { chunkStartsAhead } from './chunks-ahead.ts';
import { compressOldChunks } from './compress-old-chunks.ts';
import { detectBacking } from './detect-backing.ts';
import { isTableInUse } from './is-table-in-use.ts';
import { listChunks } from './list-chunks.ts';
import { makeHypertable } from './make-hypertable.ts';
import { partitionTable } from './partition-table.ts';
import type { TimeSeriesBacking } from './time-series-backing.ts';
import { TIME_SERIES_TABLES, type TimeSeriesTable } from './time-series-tables.ts';

/** Any number that nothing else of the product uses. */
const SETUP_LOCK = 5_349_002;
/** Others wait behind a wait for a lock; chunks ahead can wait for the next upkeep. */
const LOCK_TIMEOUT_MS = 1_000;

export interface SetUpOptions {
  readonly url: string;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Puts the time-series tables of a migrated database into chunks: hypertables where the database has TimescaleDB, range partitions elsewhere. Rows that are there stay. Does
 * nothing with tables that are in chunks already, but for chunks of the time to come. Processes that start together do it one after the other; each table is done at
 * once or, when the process is killed, not at all.
 * @throws what PostgreSQL says, or the signal's reason
 */
export async function setUpTimeSeries({
  url,
  log,
  nowMs,
  signal = new AbortController().signal,
}: SetUpOptions): Promise<TimeSeriesBacking> {
  signal.throwIfAborted();
  const { sql, close, cut } = openMaintenanceConnection(url, 'time series');
  signal.addEventListener('abort', cut, { once: true });
  try {
    await takeTurn(sql, { lock: SETUP_LOCK, log, waiting: 'another process sets up the time series, waiting for it', signal });
    const backing = await detectBacking(sql, log);
    for (const table of TIME_SERIES_TABLES) await setUpTable(sql, backing, table, { log, nowMs });
    log.info({ backing: backing.kind, product: backing.product }, 'time series are set up');
    return backing;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
    await close();
  }
}

async function setUpTable(
  sql: Sql,
  { kind }: TimeSeriesBacking,
  table: TimeSeriesTable,
  { log, nowMs }: Pick<SetUpOptions, 'log' | 'nowMs'>,
) {
  const state = await stateOf(sql, kind, table);
  if (state === 'MISSING') return;
  if (state === 'ORDINARY') {
    const startedMs = performance.now();
    // With rows it takes a while.
    const [filled] = await sql`select from ${sql(table.name)} limit 1`;
    const level = filled ? 'info' : 'debug';
    log[level]({ table: table.name, backing: kind }, 'a table is being put into chunks, with its rows');
    await (kind === 'PLAIN' ? partitionTable(sql, table, nowMs) : makeHypertable(sql, table));
    log[level]({ table: table.name, durationMs: Math.round(performance.now() - startedMs) }, 'a table has been put into chunks');
  }
  if (kind === 'TIMESCALE_COMMUNITY') await compressOldChunks(sql, table, log);
  if (kind === 'PLAIN' && state === 'CHUNKED') await addAhead(sql, table, nowMs, log);
}

async function stateOf(sql: Sql, kind: TimeSeriesBacking['kind'], { name }: TimeSeriesTable): Promise<'MISSING' | 'ORDINARY' | 'CHUNKED'> {
  const [row] = await sql<{ relkind: string; schema: string }[]>`
    select relkind, relnamespace::regnamespace::text as schema from pg_class where oid = to_regclass(${name})`;
  if (!row) return 'MISSING';
  if (kind === 'PLAIN') return row.relkind === 'p' ? 'CHUNKED' : 'ORDINARY';
  const [hypertable] = await sql`
    select from timescaledb_information.hypertables where hypertable_name = ${name} and hypertable_schema = ${row.schema}`;
  return hypertable ? 'CHUNKED' : 'ORDINARY';
}

async function addAhead(sql: Sql, table: TimeSeriesTable, nowMs: number, log: Logger): Promise<void> {
  const existing = new Set((await listChunks(sql, 'PLAIN', table)).map(({ fromMs }) => fromMs));
  try {
    for (const startMs of chunkStartsAhead(table, nowMs)) {
      if (!existing.has(startMs)) await addPartition(sql, table, startMs, LOCK_TIMEOUT_MS);
    }
  } catch (error) {
    if (!isTableInUse(error)) throw error;
    log.warn({ table: table.name }, 'chunks could not be added because the table was in use, they are added later');
  }
}
