import { setTimeout as pause } from 'node:timers/promises';
import type postgres from 'postgres';
import { OperationCancelledError } from '../domain/errors/operation-cancelled-error.ts';
import { StatementTimeoutError } from '../domain/errors/statement-timeout-error.ts';
import type { StatementCanceller } from './statement-canceller.ts';
import type { RunningStatement, StatementScope } from './statement-scope.ts';

/** SQLSTATE query_canceled: a timeout, or somebody's wish. */
const QUERY_CANCELED = '57014';
/**
 * A statement cancelled in place of the one that its connection carried just before, or by somebody else, is run again: none of them changes anything. More often than this it
 * is no accident.
 */
const MOST_RUNS = 3;
/** What has been sent may not have arrived when it is looked for, or have come to its next step when it is to be cancelled. */
const CANCEL_AGAIN_MS = 200;

// biome-ignore lint/suspicious/noExplicitAny: whatever its pools parse
type AnySql = postgres.Sql<any>;
/** As it is called here: what comes in is handed on as it is. */
interface PlainSql {
  (first: unknown, ...rest: readonly unknown[]): DriverQuery;
  unsafe(...statement: readonly unknown[]): DriverQuery;
}

/** What is used of the driver's queries beyond its declarations. One that is not waited for is not run: it is a part of another. */
interface DriverQuery extends PromiseLike<unknown> {
  readonly state: { readonly pid: number } | null;
  readonly active: boolean;
  executed: boolean;
  isRaw: boolean | 'values' | undefined;
  /** Takes some rows at a time; undefined: all come in one answer. */
  readonly cursorFn?: (rows: unknown) => unknown;
  readonly cursorRows?: number;
  cursor(rows: number, take: (rows: unknown) => unknown): unknown;
  handle(): void;
  readonly resolve: (rows: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Takes a query that has not been sent yet out of its pool's queue; it rejects. */
  readonly canceller: (query: DriverQuery) => Promise<void>;
}

export interface ScopedSqlDeps<Client> extends StatementCanceller {
  /** For what belongs to no operation. */
  readonly unscoped: Client;
  /** A pool whose statements are timed out after as many milliseconds; each connection is sent one at a time. */
  readonly poolOf: (timeoutMs: number) => Client;
  /** Of the running code; undefined outside of operations. */
  readonly currentScope: () => StatementScope | undefined;
}

/**
 * The client for statements that belong to operations that only read: they are given to a pool with the timeout of their operation, and cancelled with it. Transactions,
 * and all that belongs to no operation, go to the other pool.
 *
 * Statements of operations reject with StatementTimeoutError and OperationCancelledError.
 */
export function createScopedSql<Client extends AnySql>({
  unscoped,
  poolOf,
  currentScope,
  runningSince,
  cancelBackend,
}: ScopedSqlDeps<Client>): Client {
  /** Never rejects: without a database there is nothing to cancel. */
  async function cancel(query: DriverQuery): Promise<void> {
    if (!query.state) return query.canceller(query);
    const { pid } = query.state;
    while (query.active) {
      const since = await runningSince(pid).catch(() => null);
      // As it is still under way, it was this statement that ran: a connection carries one at a time. By now it may be the next one, which began later.
      if (since !== null && query.active) await cancelBackend(pid, since).catch(() => {});
      if (query.active) await pause(CANCEL_AGAIN_MS);
    }
  }

  async function run(scope: StatementScope, container: DriverQuery, startOn: (pool: PlainSql) => DriverQuery): Promise<void> {
    for (let runs = 1; ; runs++) {
      if (scope.isCancelled) return container.reject(new OperationCancelledError());
      const query = startOn(poolOf(scope.timeoutMs) as unknown as PlainSql);
      query.isRaw = container.isRaw;
      let isTaken = false;
      const { cursorFn, cursorRows } = container;
      if (cursorFn && cursorRows) {
        query.cursor(cursorRows, (rows) => {
          isTaken = true;
          // Each piece is a statement of its own to PostgreSQL, and mostly over before it can be cancelled.
          if (scope.isCancelled) throw new OperationCancelledError();
          return cursorFn(rows);
        });
      }
      const statement: RunningStatement = { cancel: () => void cancel(query) };
      scope.enter(statement);
      try {
        return container.resolve(await query);
      } catch (error) {
        if ((error as { code?: string }).code !== QUERY_CANCELED) return container.reject(error);
        if (scope.isCancelled) return container.reject(new OperationCancelledError({ cause: error }));
        // The message may be in the language of the server; a wish that was not ours was meant for the statement before.
        // Rows that somebody has taken must not come again.
        if (!/user request/.test((error as Error).message) || runs === MOST_RUNS || isTaken)
          return container.reject(new StatementTimeoutError(scope.timeoutMs, { cause: error }));
      } finally {
        scope.leave(statement);
      }
    }
  }

  /** The query is run in its scope, when it is run at all. */
  function within(scope: StatementScope, container: DriverQuery, startOn: (pool: PlainSql) => DriverQuery): void {
    container.handle = () => {
      if (container.executed) return;
      container.executed = true;
      void run(scope, container, startOn);
    };
  }

  const plain = unscoped as unknown as PlainSql;
  const tagged = (first: TemplateStringsArray | object | string, ...rest: readonly unknown[]) => {
    const query = plain(first, ...rest);
    const scope = currentScope();
    // Names and lists of values are parts of statements.
    if (scope && typeof first === 'object' && 'raw' in first) within(scope, query, (pool) => pool(first, ...rest));
    return query;
  };
  const unsafe = (...statement: readonly unknown[]) => {
    const query = plain.unsafe(...statement);
    const scope = currentScope();
    if (scope) within(scope, query, (pool) => pool.unsafe(...statement));
    return query;
  };
  return Object.assign(tagged, unscoped, { unsafe }) as unknown as Client;
}
