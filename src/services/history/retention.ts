import type { Logger } from 'pino';
import type { Sql, Transaction } from '../../db/client.ts';
import { openMaintenanceConnection } from '../../db/maintenance-connection.ts';
import type { Chunk } from '../../db/time-series/chunk.ts';
import { dropChunk } from '../../db/time-series/drop-chunk.ts';
import { isTableInUse } from '../../db/time-series/is-table-in-use.ts';
import { keepChunks } from '../../db/time-series/keep-chunks.ts';
import { listChunks } from '../../db/time-series/list-chunks.ts';
import type { TimeSeriesBackingKind } from '../../db/time-series/time-series-backing.ts';
import { timeSeriesTable } from '../../db/time-series/time-series-tables.ts';
import { type Acting, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { type ChunkVerdict, judgeChunk, retentionCutoffMs } from '../../domain/history/judge-chunk.ts';
import type { RetentionDays } from '../../domain/history/retention-days.ts';
import type { ExpiredChunkReport, RetainedTableReport, RetentionReport } from '../../domain/history/retention-report.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { beginRetentionRun, type NotedRetentionRun } from './begin-retention-run.ts';
import { readExpiredChunk } from './read-expired-chunk.ts';
import { RETAINED_ROWS, type RetainedRows } from './retained-rows.ts';
import { RETAINED_TABLES, type RetainedTable } from './retained-tables.ts';
import type { RetentionMetrics } from './retention-metrics.ts';

/** Any number that nothing else of the product uses: one run at a time, whichever server does it. */
const RUN_LOCK = 5_349_004;
/** After as many waits for a table in vain the rest of it is left to the next run. */
const MOST_WAITS = 3;
/** Readers of the table wait for as long behind a removal that waits for a reader. */
const LOCK_TIMEOUT_MS = 2_000;

export interface RetentionRun {
  /** Removes nothing, and says what it would. */
  readonly isDryRun: boolean;
  /** Null: the program itself. */
  readonly acting: Acting;
  /** Ends the run after what it is at. */
  readonly signal?: AbortSignal;
}

/**
 * Removes what has been kept for as long as the configuration says. Chunks go as a whole and one by one, each in a transaction of its own: a run that is killed has removed
 * some of them, and the next one goes on. What a run has removed is noted in the same transactions, so that it is known also of one that was killed. Rows that have not been
 * rolled up stay.
 */
export interface Retention {
  /** @throws ConflictError while another run is under way */
  run(run: RetentionRun): Promise<RetentionReport>;
}

interface UnderWay {
  readonly sql: Sql;
  /** Null: nothing is removed. */
  readonly noted: NotedRetentionRun | null;
  readonly signal: AbortSignal | undefined;
}

export interface RetentionDeps {
  readonly url: string;
  readonly backing: TimeSeriesBackingKind;
  readonly days: RetentionDays;
  readonly auditLog: Pick<AuditLog, 'record'>;
  readonly metrics: RetentionMetrics;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
}

export function createRetention({ url, backing, days, auditLog, metrics, log, clock, newId }: RetentionDeps): Retention {
  const judge = (sql: Sql | Transaction, retained: RetainedTable, chunk: Chunk, nowMs: number) =>
    judgeChunk(chunk.beforeMs, retentionCutoffMs(days[retained.tier], nowMs), () => readExpiredChunk(sql, retained, chunk));

  /** Judged again when nobody writes to it any more: a recording of its time may have begun to be replayed. */
  async function removeChunk(
    { sql, noted }: UnderWay,
    retained: RetainedTable,
    chunk: Chunk,
    nowMs: number,
  ): Promise<ChunkVerdict | 'IN_USE'> {
    const { table } = retained;
    const { fromMs, beforeMs, rows, bytes } = chunk;
    let verdict: ChunkVerdict = 'EXPIRED';
    try {
      await dropChunk(sql, backing, {
        table: timeSeriesTable(table),
        chunk,
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        async confirm(transaction) {
          verdict = await judge(transaction, retained, chunk, nowMs);
          return verdict === 'EXPIRED';
        },
        onDropped: async (transaction) => noted?.removed(transaction, { chunks: 1, rows, bytes }),
      });
    } catch (error) {
      if (!isTableInUse(error)) throw error;
      log.warn({ table, fromMs }, 'an expired chunk could not be removed because its table was in use, it is tried again by the next run');
      return 'IN_USE';
    }
    if (verdict === 'EXPIRED') log.info({ table, fromMs, beforeMs, rows, bytes }, 'an expired chunk was removed');
    return verdict;
  }

  async function runTable(underWay: UnderWay, retained: RetainedTable, nowMs: number): Promise<RetainedTableReport> {
    const { sql, noted, signal } = underWay;
    const { table, tier } = retained;
    const cutoffMs = retentionCutoffMs(days[tier], nowMs);
    const chunks: ExpiredChunkReport[] = [];
    let waits = 0;
    for (const chunk of await listChunks(sql, backing, timeSeriesTable(table))) {
      signal?.throwIfAborted();
      let outcome: ChunkVerdict | 'IN_USE' = await judge(sql, retained, chunk, nowMs);
      if (outcome === 'EXPIRED' && noted) outcome = waits < MOST_WAITS ? await removeChunk(underWay, retained, chunk, nowMs) : 'IN_USE';
      if (outcome === 'NOT_EXPIRED') continue;
      const { fromMs, beforeMs, rows, bytes } = chunk;
      if (outcome === 'IN_USE') waits += 1;
      chunks.push({ fromMs, beforeMs, rows, bytes, outcome });
    }
    const removed = chunks.filter(({ outcome }) => outcome === 'EXPIRED');
    return {
      table,
      tier,
      retentionDays: days[tier],
      cutoffMs,
      chunks,
      removedRows: removed.reduce((sum, { rows }) => sum + rows, 0),
      removedBytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async function runRows(
    { sql, noted, signal }: UnderWay,
    { table, tier, count, remove }: RetainedRows,
    nowMs: number,
  ): Promise<RetainedTableReport> {
    const cutoffMs = retentionCutoffMs(days[tier], nowMs);
    let removedRows = noted ? 0 : await count(sql, cutoffMs);
    for (let removed = noted ? 1 : 0; removed > 0; removedRows += removed) {
      signal?.throwIfAborted();
      removed = await sql.begin(async (transaction) => {
        const rows = await remove(transaction, cutoffMs);
        if (rows > 0) await noted?.removed(transaction, { chunks: 0, rows, bytes: 0 });
        return rows;
      });
    }
    return { table, tier, retentionDays: days[tier], cutoffMs, chunks: [], removedRows, removedBytes: 0 };
  }

  async function runAll(sql: Sql, run: RetentionRun): Promise<RetentionReport> {
    const [turn] = await sql<{ isMine: boolean }[]>`select pg_try_advisory_lock(${RUN_LOCK}) as "isMine"`;
    if (!turn!.isMine) throw new ConflictError('expected no other run of the retention, but one is under way');
    const { isDryRun, acting, signal } = run;
    // Before it is done, so that nothing is done without a trace. The daily run is no news.
    if (!isDryRun && acting !== null) {
      await auditLog.record(draftAuditEntry(newId(), acting, { action: 'RETENTION_RUN', objectKind: 'STORAGE', objectId: 'storage' }));
    }
    const startedAtMs = clock();
    const noted = isDryRun ? null : await beginRetentionRun(sql, { id: newId(), startedAtMs });
    try {
      // What lies outside of chunks would never expire.
      if (noted) await keepChunks(sql, backing, startedAtMs, log);
      const tables: RetainedTableReport[] = [];
      const underWay = { sql, noted, signal };
      for (const retained of RETAINED_TABLES) tables.push(await runTable(underWay, retained, startedAtMs));
      for (const retained of RETAINED_ROWS) tables.push(await runRows(underWay, retained, startedAtMs));
      await noted?.end('DONE', clock());
      return { isDryRun, startedAtMs, durationMs: clock() - startedAtMs, tables };
    } catch (error) {
      // Where the database cannot be asked any more, the next run notices that this one did not end.
      if (!signal?.aborted) await noted?.end('FAILED', clock()).catch(() => {});
      throw error;
    }
  }

  return {
    async run(run) {
      const { isDryRun, signal } = run;
      const { sql, close, cut } = openMaintenanceConnection(url, 'retention');
      signal?.addEventListener('abort', cut, { once: true });
      try {
        const report = await runAll(sql, run);
        if (!isDryRun) metrics.ran(report);
        return report;
      } catch (error) {
        signal?.throwIfAborted();
        if (!isDryRun && !(error instanceof ConflictError)) metrics.failed();
        throw error;
      } finally {
        signal?.removeEventListener('abort', cut);
        await close();
      }
    },
  };
}
