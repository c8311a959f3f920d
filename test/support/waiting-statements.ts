import postgres from 'postgres';

/** The statements of other connections to this database that wait for a lock now: of all, or of the application of this name. */
export async function waitingStatements(url: string, application: string | null = null): Promise<readonly string[]> {
  const sql = postgres(url, { max: 1, connection: { application_name: 'test-observer' } });
  try {
    const rows = await sql<{ query: string }[]>`
      select query from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and application_name = coalesce(${application}, application_name)`;
    return rows.map((row) => row.query);
  } finally {
    await sql.end();
  }
}
