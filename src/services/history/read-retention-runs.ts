import type { Sql } from '../../db/client.ts';
import type { RemovedByRetention, RetentionRunRecord } from '../../domain/history/retention-run-record.ts';

type Row = Omit<RetentionRunRecord, 'removed'> & RemovedByRetention;

/** Newest first. */
export async function readRetentionRuns(sql: Sql, limit: number): Promise<RetentionRunRecord[]> {
  const rows = await sql<Row[]>`
    select id, started_at as "startedAtMs", ended_at as "endedAtMs", outcome, removed_chunks as chunks, removed_rows as rows, removed_bytes as bytes
    from retention_runs order by id desc limit ${limit}`;
  return rows.map(({ chunks, rows: removedRows, bytes, ...run }) => ({ ...run, removed: { chunks, rows: removedRows, bytes } }));
}
