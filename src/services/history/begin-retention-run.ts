import type { Sql, Transaction } from '../../db/client.ts';
import type { RemovedByRetention, RetentionRunRecord } from '../../domain/history/retention-run-record.ts';

/** One run a day. */
const KEPT_DAYS = 400;

export interface NotedRetentionRun {
  /** To be called in the transaction that removes: what is noted is gone, and what is gone is noted. */
  removed(transaction: Transaction, removed: RemovedByRetention): Promise<void>;
  end(outcome: 'DONE' | 'FAILED', atMs: number): Promise<void>;
}

/** Notes that a run begins. Nobody else may be at one: those that have not ended by now never will, and are said to have been cut. */
export async function beginRetentionRun(
  sql: Sql,
  { id, startedAtMs }: Pick<RetentionRunRecord, 'id' | 'startedAtMs'>,
): Promise<NotedRetentionRun> {
  const startedAt = sql.typed.timestamptz(startedAtMs);
  await sql`update retention_runs set outcome = 'CUT' where outcome = 'RUNNING'`;
  await sql`delete from retention_runs where started_at < ${startedAt}::timestamptz - ${KEPT_DAYS} * interval '1 day'`;
  await sql`
    insert into retention_runs (id, started_at, outcome, removed_chunks, removed_rows, removed_bytes) values (${id}, ${startedAt}, 'RUNNING', 0, 0, 0)`;
  return {
    async removed(transaction, { chunks, rows, bytes }) {
      await transaction`
        update retention_runs
        set removed_chunks = removed_chunks + ${chunks}, removed_rows = removed_rows + ${rows}, removed_bytes = removed_bytes + ${bytes}
        where id = ${id}`;
    },
    async end(outcome, atMs) {
      await sql`update retention_runs set outcome = ${outcome}, ended_at = ${sql.typed.timestamptz(atMs)} where id = ${id} and outcome = 'RUNNING'`;
    },
  };
}
