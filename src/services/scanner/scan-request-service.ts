import type { Sql } from '../../db/client.ts';
import { type AuditEntry, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import { canSeeFilter } from '../../domain/filters/can-see-filter.ts';
import type { ScanRun } from '../../domain/results/scan-run.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { FilterService } from '../filters/filter-service.ts';
import { createQuota } from '../limits/quota.ts';
import type { ScanRunStore } from '../scan-runs/scan-run-store.ts';
import type { Scanner } from './scanner.ts';

/** More symbols are a cycle, not a request. */
const MOST_SYMBOLS = 100;
const MOST_FILTERS = 50;

export interface ScanRequestInput {
  readonly symbols: readonly string[];
  /** Null: every enabled filter. */
  readonly filterIds: readonly string[] | null;
}

export interface ScanRequestService {
  /**
   * Stores a run and puts it in front of everything else. The same idempotency key again answers with the run it made.
   * @throws ValidationError for unknown symbols or filters, ConflictError when the key belongs to a run of other symbols, LimitExceededError when too many wait.
   */
  request(input: ScanRequestInput, idempotencyKey: string | null, caller: Caller): Promise<ScanRun>;
}

export interface ScanRequestServiceDeps {
  readonly scanner: Pick<Scanner, 'request' | 'openRequests'>;
  readonly knownSymbols: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
  readonly filters: Pick<FilterService, 'byIds'>;
  readonly sql: Sql;
  readonly store: Pick<ScanRunStore, 'insert' | 'byIdempotencyKey'>;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  readonly clock: () => number;
  readonly newId: () => string;
  /** Most requests that may wait or go on. */
  readonly maximumQueued: number;
}

/** The feed must tell its symbols within this time. */
const SYMBOLS_TIMEOUT_MS = 5_000;

export function createScanRequestService(deps: ScanRequestServiceDeps): ScanRequestService {
  const { scanner, knownSymbols, filters, sql, store, auditLog, clock, newId } = deps;
  const quota = createQuota({
    name: 'queuedScanRequests',
    what: 'scan requests waiting or going on',
    limit: deps.maximumQueued,
    count: scanner.openRequests,
  });

  async function validate(symbols: readonly string[], filterIds: readonly string[] | null, viewer: Viewer): Promise<void> {
    const issues: ValidationIssue[] = [];
    if (symbols.length === 0 || symbols.length > MOST_SYMBOLS) {
      issues.push({ path: 'symbols', message: `expected 1 to ${MOST_SYMBOLS} symbols, got ${symbols.length}` });
    } else {
      const known = await knownSymbols(AbortSignal.timeout(SYMBOLS_TIMEOUT_MS));
      for (const [index, symbol] of symbols.entries()) {
        if (!known.has(symbol))
          issues.push({
            path: `symbols.${index}`,
            message: `expected an underlying of the feed, got ${JSON.stringify(symbol.slice(0, 60))}`,
          });
      }
    }
    if (filterIds && (filterIds.length === 0 || filterIds.length > MOST_FILTERS)) {
      issues.push({ path: 'filterIds', message: `expected 1 to ${MOST_FILTERS} filters, got ${filterIds.length}` });
    } else if (filterIds) {
      const usable = new Map((await filters.byIds(filterIds)).map((filter) => [filter.id, filter]));
      for (const [index, id] of filterIds.entries()) {
        const filter = usable.get(id);
        if (!filter || filter.deletedAtMs !== null || !canSeeFilter(filter, viewer))
          issues.push({ path: `filterIds.${index}`, message: `expected the id of a filter, got ${id}` });
        else if (!filter.enabled)
          issues.push({ path: `filterIds.${index}`, message: `expected an enabled filter, got ${filter.name}, which is disabled` });
      }
    }
    if (issues.length > 0) throw new ValidationError(issues);
  }

  async function madeWith(key: string, symbols: readonly string[]): Promise<ScanRun | null> {
    const run = await store.byIdempotencyKey(key);
    if (run && run.symbols.join() !== symbols.join()) {
      throw new ConflictError(`expected an idempotency key that is new, got one that made a run of ${run.symbols.join(', ')}`);
    }
    return run;
  }

  /** False when there is a run of this idempotency key. */
  async function insert(run: ScanRun, idempotencyKey: string | null, caller: Caller): Promise<boolean> {
    const draft = draftAuditEntry(newId(), caller, {
      action: 'SCAN_REQUESTED',
      objectKind: 'SCAN_RUN',
      objectId: run.id,
      objectName: run.symbols.join(', '),
    });
    const entries = await sql.begin(
      async (transaction): Promise<readonly AuditEntry[]> =>
        (await store.insert(transaction, run, idempotencyKey)) ? auditLog.append(transaction, [draft]) : [],
    );
    auditLog.committed(entries);
    return entries.length > 0;
  }

  return {
    async request(input, idempotencyKey, caller) {
      const symbols = [...new Set(input.symbols.map((symbol) => symbol.trim().toUpperCase()))];
      const existing = idempotencyKey === null ? null : await madeWith(idempotencyKey, symbols);
      if (existing) return existing;
      await validate(symbols, input.filterIds, caller.viewer);
      const run: ScanRun = {
        id: newId(),
        kind: 'REQUEST',
        state: 'QUEUED',
        symbols,
        filterIds: input.filterIds,
        requestedAtMs: clock(),
        startedAtMs: null,
        finishedAtMs: null,
        symbolsDone: 0,
        contracts: 0,
        candidates: 0,
        results: 0,
        duplicates: 0,
        drops: [],
        failures: [],
      };
      const isStored = await quota.add(async () => {
        const inserted = await insert(run, idempotencyKey, caller);
        if (inserted) scanner.request(run);
        return inserted;
      });
      if (isStored) return run;
      const twin = idempotencyKey === null ? null : await madeWith(idempotencyKey, symbols);
      return twin ?? run;
    },
  };
}
