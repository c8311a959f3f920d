import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

export type Sql = postgres.Sql<{ bigint: number; timestamptz: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number; timestamptz: number }>;

export interface DatabaseOptions {
  /** postgres:// address; may hold a password, never log it. */
  readonly url: string;
  /** Connections of each of the two pools. */
  readonly poolSize: number;
  /** A statement that runs longer is cancelled by PostgreSQL; 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
}

export interface Database {
  /** Raw SQL and COPY: int8 comes as number, timestamptz as epoch milliseconds. */
  readonly sql: Sql;
  /** Ordinary queries. On a client of its own, because Drizzle changes how its client parses timestamps. */
  readonly orm: PostgresJsDatabase;
  /** Rejects when the server does not answer within the time. */
  ping(timeoutMs: number): Promise<void>;
  /** What runs there, e.g. `PostgreSQL 18.4`. */
  product(): Promise<string>;
  /** Waits up to five seconds for running queries, then cuts them. Idempotent. */
  close(): Promise<void>;
}

const LONGEST_RECONNECT_SECONDS = 1;

const OID_INT8 = 20;
const OID_TIMESTAMPTZ = 1184;

export function createDatabase(options: DatabaseOptions): Database {
  const common = {
    max: options.poolSize,
    connect_timeout: 10,
    idle_timeout: 60,
    // Seconds. The driver keeps a statement waiting while it tries to connect; by itself it would pause up to 20 s between two tries.
    backoff: (attempt: number) => Math.min(LONGEST_RECONNECT_SECONDS, 0.1 * 2 ** attempt),
    onnotice: () => {},
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs,
      // Times leave PostgreSQL as UTC, so that parsing needs no zone arithmetic.
      TimeZone: 'UTC',
    },
  } satisfies postgres.Options<Record<string, never>>;

  const sql = postgres(options.url, {
    ...common,
    types: {
      bigint: { to: OID_INT8, from: [OID_INT8], serialize: (value: number) => String(value), parse: (value: string) => Number(value) },
      timestamptz: {
        to: OID_TIMESTAMPTZ,
        from: [OID_TIMESTAMPTZ],
        serialize: (value: number) => new Date(value).toISOString(),
        parse: parseTimestamp,
      },
    },
  });
  const ormClient = postgres(options.url, common);

  return {
    sql,
    orm: drizzle(ormClient, { casing: 'snake_case' }),
    ping: (timeoutMs) => withTimeout(sql`select 1`, timeoutMs),
    product: async () => {
      const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
      return `PostgreSQL ${row?.version.split(' ')[0]}`;
    },
    close: async () => {
      await Promise.all([sql.end({ timeout: 5 }), ormClient.end({ timeout: 5 })]);
    },
  };
}

/** `2026-11-21 04:05:06.789+00` to epoch milliseconds. */
function parseTimestamp(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`);
}

async function withTimeout(query: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`PostgreSQL did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([query, expired]);
  } finally {
    clearTimeout(timer);
  }
}
