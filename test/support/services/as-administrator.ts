import postgres from 'postgres';

/** Runs statements on a connection of their own. */
export async function asAdministrator<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'strikewire-test-administrator' } });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
