import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { createHoldBack, type ReadingTime } from './hold-back.ts';
import { createLiveness } from './liveness.ts';
import { NUMBER_TYPES } from './number-types.ts';
import { createScopedSql } from './scoped-sql.ts';
import { createStatementCanceller } from './statement-canceller.ts';
import type { StatementScope } from './statement-scope.ts';
import { WRITE_CONNECTIONS } from './write-connections.ts';

export type Sql = postgres.Sql<{ bigint: number; timestamptz: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number; timestamptz: number }>;

export interface DatabaseOptions {
  /** postgres:// address; may hold a password, never log it. */
  readonly url: string;
  /** Connections of each of the two pools that answer queries, and of two more for each other timeout that operations have; `WRITE_CONNECTIONS`, one to cancel statements and one to look whether the server is there come on top. */
  readonly poolSize: number;
  /** A statement that belongs to no operation and runs longer is cancelled by PostgreSQL; 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
  /** The operation that the running code belongs to, if it only reads: its timeout and its end are those of its statements. Transactions belong to none. */
  readonly currentScope?: () => StatementScope | undefined;
  /** What the server says is read while there is time; left out: as it comes. */
  readonly readingTime?: ReadingTime;
}

export interface Database {
  /** Raw SQL and COPY: int8 comes as number, timestamptz as epoch milliseconds. */
  readonly sql: Sql;
  /** The same on a few connections of its own, for what must not wait behind the queries of clients: storing results and following streams. */
  readonly writeSql: Sql;
  /** Ordinary queries. On a client of its own, because Drizzle changes how its client parses timestamps. */
  readonly orm: PostgresJsDatabase;
  /** Rejects when the server does not answer within two seconds. At any time at most one question is under way, whoever asks. */
  ping(): Promise<void>;
  /** What runs there, e.g. `PostgreSQL 18.4`. */
  product(): Promise<string>;
  /** Waits up to five seconds for running queries, then cuts them. Idempotent. */
  close(): Promise<void>;
}

const LONGEST_RECONNECT_SECONDS = 1;
const PING_TIMEOUT_MS = 2_000;
const PING_GIVE_UP_MS = 30_000;

/** What clients ask for differs from time to time: a plan for any limit and any range, which PostgreSQL may keep with a prepared statement, is a bad one for most. */
const PLANNED_FOR_VALUES = { plan_cache_mode: 'force_custom_plan' };

export function createDatabase(options: DatabaseOptions): Database {
  /** An option of the patched driver. */
  const reading = options.readingTime ? { holdBack: createHoldBack(options.readingTime) } : {};
  /** `purpose` tells the pools apart in pg_stat_activity. */
  const pool = (purpose: string, max: number, settings: Record<string, string | number> = {}) => ({
    max,
    // One statement at a time on each connection: behind a slow one others would wait, and none could be cancelled without the risk of hitting its neighbour.
    max_pipeline: 0,
    connect_timeout: 10,
    idle_timeout: 60,
    // Seconds. The driver keeps a statement waiting while it tries to connect; by itself it would pause up to 20 s between two tries.
    backoff: (attempt: number) => Math.min(LONGEST_RECONNECT_SECONDS, 0.1 * 2 ** attempt),
    onnotice: () => {},
    connection: {
      application_name: `${options.applicationName} ${purpose}`,
      statement_timeout: options.statementTimeoutMs,
      // Times leave PostgreSQL as UTC, so that parsing needs no zone arithmetic.
      TimeZone: 'UTC',
      ...settings,
    },
  });
  const numbers = { types: NUMBER_TYPES };
  const writeSql = postgres(options.url, { ...pool('writing', WRITE_CONNECTIONS), ...numbers, ...reading });
  // Not behind what is written: that may wait for what is to be cancelled. Kept once it is there: who has no connection left for it cannot cancel what holds them. The types
  // that the driver asks for first are not needed, and nobody would hear that this question is cut when the database is closed. What it says is read at once.
  const cancelSql = postgres(options.url, { ...pool('cancelling', 1), idle_timeout: 0, fetch_types: false });
  const queryPools = perTimeout(options.statementTimeoutMs, (timeoutMs) =>
    postgres(options.url, {
      ...pool('queries', options.poolSize, { ...PLANNED_FOR_VALUES, statement_timeout: timeoutMs }),
      ...numbers,
      ...reading,
    }),
  );
  const tablePools = perTimeout(options.statementTimeoutMs, (timeoutMs) => {
    const client = postgres(options.url, { ...pool('tables', options.poolSize, { statement_timeout: timeoutMs }), ...reading });
    // Changes how the client parses.
    drizzle(client);
    return client;
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever its pools parse
  const scoped = <Client extends postgres.Sql<any>>({ of: poolOf, unscoped }: TimeoutPools<Client>): Client =>
    createScopedSql({
      unscoped,
      poolOf,
      currentScope: options.currentScope ?? (() => undefined),
      ...createStatementCanceller(cancelSql),
    });
  const sql = scoped(queryPools);
  const liveness = createLiveness({
    url: options.url,
    applicationName: `${options.applicationName} readiness`,
    timeoutMs: PING_TIMEOUT_MS,
    giveUpMs: PING_GIVE_UP_MS,
  });

  return {
    sql,
    writeSql,
    orm: drizzle(scoped(tablePools), { casing: 'snake_case' }),
    ping: liveness.ping,
    product: async () => {
      const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
      return `PostgreSQL ${row?.version.split(' ')[0]}`;
    },
    close: async () => {
      const clients = [writeSql, ...queryPools.opened(), ...tablePools.opened()];
      await Promise.all([liveness.close(), ...clients.map((client) => client.end({ timeout: 5 }))]);
      // What runs until then may still be cancelled.
      await cancelSql.end({ timeout: 0 });
    },
  };
}

interface TimeoutPools<Client> {
  readonly unscoped: Client;
  of(timeoutMs: number): Client;
  opened(): readonly Client[];
}

/** A pool for each timeout, made when it is first used. There are as many as roles with timeouts of their own, and one. */
function perTimeout<Client>(ownTimeoutMs: number, create: (timeoutMs: number) => Client): TimeoutPools<Client> {
  const unscoped = create(ownTimeoutMs);
  const pools = new Map([[ownTimeoutMs, unscoped]]);
  return {
    unscoped,
    of(timeoutMs) {
      let pool = pools.get(timeoutMs);
      if (!pool) {
        pool = create(timeoutMs);
        pools.set(timeoutMs, pool);
      }
      return pool;
    },
    opened: () => [...pools.values()],
  };
}
