import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Transaction } from '../../db/client.ts';
import { scanRuns } from '../../db/tables/scan-runs.ts';
import type { ScanRun, ScanRunKind } from '../../domain/results/scan-run.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';

export interface ScanRunStore {
  /** False when a run with this idempotency key exists already. */
  insert(transaction: Transaction, run: ScanRun, idempotencyKey: string | null): Promise<boolean>;
  /** Inserts or overwrites. */
  save(run: ScanRun): Promise<void>;
  byIds(ids: readonly string[]): Promise<ScanRun[]>;
  byIdempotencyKey(key: string): Promise<ScanRun | null>;
  /** Newest first; the cursor is the id of a run. */
  page(request: PageRequest, kind: ScanRunKind | null): Promise<Page<ScanRun>>;
}

type ScanRunRow = typeof scanRuns.$inferSelect;

export interface ScanRunStoreDeps {
  readonly orm: PostgresJsDatabase;
  /** UUID of the process that works on the runs it inserts and saves. */
  readonly processId: string;
}

export function createScanRunStore({ orm, processId }: ScanRunStoreDeps): ScanRunStore {
  return {
    async insert(transaction, run, idempotencyKey) {
      const { timestamptz } = transaction.typed;
      const time = (epochMs: number | null) => (epochMs === null ? null : timestamptz(epochMs));
      const { count } = await transaction`
        insert into scan_runs (
          id, kind, state, symbols, filter_ids, requested_at, started_at, finished_at, symbols_done, contracts, candidates, results, duplicates, drops, failures,
          process_id, idempotency_key
        ) values (
          ${run.id}, ${run.kind}, ${run.state}, ${[...run.symbols]}::text[], ${run.filterIds && [...run.filterIds]}::uuid[], ${timestamptz(run.requestedAtMs)},
          ${time(run.startedAtMs)}, ${time(run.finishedAtMs)}, ${run.symbolsDone}, ${run.contracts}, ${run.candidates}, ${run.results}, ${run.duplicates},
          ${transaction.json(run.drops as never)}, ${transaction.json(run.failures as never)}, ${processId}, ${idempotencyKey}
        ) on conflict (idempotency_key) do nothing`;
      return count > 0;
    },
    async save(run) {
      const row = { ...toRow(run), processId };
      await orm.insert(scanRuns).values(row).onConflictDoUpdate({ target: scanRuns.id, set: row });
    },
    async byIds(ids) {
      // One parameter however many ids there are: a list of placeholders would be another prepared statement for each length.
      const rows = await orm
        .select()
        .from(scanRuns)
        .where(sql`${scanRuns.id} = any(${sql.param(ids)}::uuid[])`);
      return rows.map(fromRow);
    },
    async byIdempotencyKey(key) {
      const [row] = await orm.select().from(scanRuns).where(eq(scanRuns.idempotencyKey, key));
      return row ? fromRow(row) : null;
    },
    async page(request, kind) {
      const forward = request.direction === 'forward';
      const rows = await orm
        .select()
        .from(scanRuns)
        .where(
          and(
            kind ? eq(scanRuns.kind, kind) : undefined,
            request.cursor === null ? undefined : (forward ? lt : gt)(scanRuns.id, sql`${request.cursor}::uuid`),
          ),
        )
        .orderBy((forward ? desc : asc)(scanRuns.id))
        .limit(request.limit + 1);
      return pageOf(rows.map(fromRow), request);
    },
  };
}

function toRow(run: ScanRun): Omit<ScanRunRow, 'idempotencyKey' | 'processId'> {
  const { requestedAtMs, startedAtMs, finishedAtMs, symbols, filterIds, drops, failures, ...same } = run;
  return {
    ...same,
    symbols: [...symbols],
    filterIds: filterIds === null ? null : [...filterIds],
    drops,
    failures,
    requestedAt: new Date(requestedAtMs),
    startedAt: startedAtMs === null ? null : new Date(startedAtMs),
    finishedAt: finishedAtMs === null ? null : new Date(finishedAtMs),
  };
}

function fromRow(row: ScanRunRow): ScanRun {
  const { requestedAt, startedAt, finishedAt, idempotencyKey: _key, processId: _process, ...same } = row;
  return {
    ...same,
    requestedAtMs: requestedAt.getTime(),
    startedAtMs: startedAt?.getTime() ?? null,
    finishedAtMs: finishedAt?.getTime() ?? null,
  };
}
