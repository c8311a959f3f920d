import type postgres from 'postgres';

/** Cancels what a process of PostgreSQL runs, and nothing that it runs later. */
export interface StatementCanceller {
  /** When the last step (parsing, binding, execution) of what the process with this id runs began, to the microsecond: no other one begins then. Null: it runs nothing. */
  runningSince(pid: number): Promise<string | null>;
  /** Asks PostgreSQL to cancel what this process of it runs, if its last step is the one that began then. */
  cancelBackend(pid: number, since: string): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the client parses
export function createStatementCanceller(sql: postgres.Sql<any>): StatementCanceller {
  return {
    async runningSince(pid) {
      const [row] = await sql<
        { since: string }[]
      >`select query_start::text as since from pg_stat_activity where pid = ${pid} and state = 'active'`;
      return row?.since ?? null;
    },
    async cancelBackend(pid, since) {
      await sql`
        select pg_cancel_backend(pid) from pg_stat_activity
        where pid = ${pid} and state = 'active' and query_start = ${since}::text::timestamptz`;
    },
  };
}
