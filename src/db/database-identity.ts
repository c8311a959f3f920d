import type { Sql } from './client.ts';

/** Tells this database from every other one, on this server and on others; the same for all processes that use it, and still so after a failover to a replica. */
export async function databaseIdentity(sql: Sql): Promise<string> {
  const [row] = await sql<{ identity: string }[]>`
    select concat_ws('-', system_identifier, oid) as identity from pg_control_system(), pg_database where datname = current_database()`;
  if (!row) throw new Error('expected the database to tell which one it is, got nothing');
  return row.identity;
}
