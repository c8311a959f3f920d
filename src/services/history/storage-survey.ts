import type { Sql } from '../../db/client.ts';
import { listChunks } from '../../db/time-series/list-chunks.ts';
import type { TimeSeriesBacking } from '../../db/time-series/time-series-backing.ts';
import { timeSeriesTable } from '../../db/time-series/time-series-tables.ts';
import type { RetentionDays, RetentionTier } from '../../domain/history/retention-days.ts';
import type { RetentionRunRecord } from '../../domain/history/retention-run-record.ts';
import { readRetentionRuns } from './read-retention-runs.ts';
import { RETAINED_ROWS, type RetainedRows } from './retained-rows.ts';
import { RETAINED_TABLES, type RetainedTable } from './retained-tables.ts';

export interface StoredTable {
  readonly table: string;
  readonly tier: RetentionTier;
  /** Null: it is in no chunks, and its old rows go one by one. */
  readonly chunks: number | null;
  /** Milliseconds; null: it is in no chunks. */
  readonly chunkMs: number | null;
  /** As PostgreSQL estimates. */
  readonly rows: number;
  /** On disk, indexes included. */
  readonly bytes: number;
  /** Of the oldest row, epoch milliseconds; of rollups in chunks, where the oldest chunk with rows begins; null: it has none. */
  readonly oldestMs: number | null;
  /** Of the newest row, epoch milliseconds; of rollups in chunks, where the newest chunk with rows ends; null: not known, or it has none. */
  readonly newestMs: number | null;
  readonly retentionDays: number;
}

export interface StoredData {
  readonly backing: TimeSeriesBacking;
  /** The whole database on disk. */
  readonly bytes: number;
  readonly tables: readonly StoredTable[];
}

/** What is stored, where, and for how long it is kept. */
export interface StorageSurvey {
  read(): Promise<StoredData>;
  /** The newest runs of the retention, newest first. */
  retentionRuns(limit: number): Promise<readonly RetentionRunRecord[]>;
}

export function createStorageSurvey({ sql, backing, days }: { sql: Sql; backing: TimeSeriesBacking; days: RetentionDays }): StorageSurvey {
  async function ofChunks({ table, tier, stream }: RetainedTable): Promise<StoredTable> {
    const series = timeSeriesTable(table);
    const chunks = await listChunks(sql, backing.kind, series);
    const filled = chunks.filter(({ rows }) => rows > 0);
    const [exact] =
      stream === null
        ? []
        : await sql<{ oldestMs: number | null; newestMs: number | null }[]>`
            select min(${sql(series.timeColumn)}) as "oldestMs", max(${sql(series.timeColumn)}) as "newestMs" from ${sql(table)}`;
    return {
      table,
      tier,
      chunks: chunks.length,
      chunkMs: series.chunkMs,
      rows: chunks.reduce((sum, { rows }) => sum + rows, 0),
      bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestMs: exact ? exact.oldestMs : (filled[0]?.fromMs ?? null),
      newestMs: exact ? exact.newestMs : (filled.at(-1)?.beforeMs ?? null),
      retentionDays: days[tier],
    };
  }

  async function ofRows({ table, tier, oldestMs }: RetainedRows): Promise<StoredTable> {
    const [size] = await sql<{ rows: number; bytes: number }[]>`
      select (case when reltuples >= 0 then reltuples else pg_stat_get_live_tuples(oid) end)::float8 as rows, pg_total_relation_size(oid)::float8 as bytes
      from pg_class where oid = to_regclass(${table})`;
    return { table, tier, chunks: null, chunkMs: null, ...size!, oldestMs: await oldestMs(sql), newestMs: null, retentionDays: days[tier] };
  }

  return {
    async read() {
      const [database, ...tables] = await Promise.all([
        sql<{ bytes: number }[]>`select pg_database_size(current_database())::float8 as bytes`,
        ...RETAINED_TABLES.map(ofChunks),
        ...RETAINED_ROWS.map(ofRows),
      ]);
      return { backing, bytes: database[0]!.bytes, tables };
    },
    retentionRuns: (limit) => readRetentionRuns(sql, limit),
  };
}
