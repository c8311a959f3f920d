import type { Logger } from 'pino';
import type { Sql } from '../client.ts';
import type { TimeSeriesBacking } from './time-series-backing.ts';
import { TIME_SERIES_TABLES } from './time-series-tables.ts';

interface Found {
  readonly server: string;
  /** Of the extension in this database. */
  readonly extension: string | null;
  /** The server has loaded TimescaleDB and this database may have it. Without the former, creating the extension would end the connection. */
  readonly isOffered: boolean;
  /** A table has been partitioned before: hypertables cannot be made of those. */
  readonly isPartitioned: boolean;
}

/** Finds out what is to keep the chunks of this database; makes the extension where the server has it and nothing was partitioned without it. */
export async function detectBacking(sql: Sql, log: Logger): Promise<TimeSeriesBacking> {
  const found = await look(sql);
  if (found.isPartitioned) {
    if (found.extension !== null || found.isOffered) {
      log.warn('the tables of this database are partitioned by PostgreSQL already, so TimescaleDB is not used for them');
    }
    return { kind: 'PLAIN', product: `PostgreSQL ${found.server}` };
  }
  const extension = found.extension ?? (found.isOffered ? await createExtension(sql, log) : null);
  if (extension === null) return { kind: 'PLAIN', product: `PostgreSQL ${found.server}` };
  const [row] = await sql<{ license: string }[]>`select current_setting('timescaledb.license') as license`;
  return {
    kind: row?.license === 'timescale' ? 'TIMESCALE_COMMUNITY' : 'TIMESCALE_APACHE',
    product: `TimescaleDB ${extension} on PostgreSQL ${found.server}`,
  };
}

async function look(sql: Sql): Promise<Found> {
  const [found] = await sql<Found[]>`
    select split_part(current_setting('server_version'), ' ', 1) as server,
      (select extversion from pg_extension where extname = 'timescaledb') as extension,
      exists (select from pg_available_extensions where name = 'timescaledb')
        and exists (select from pg_settings where name like 'timescaledb%.%') as "isOffered",
      exists (select from pg_class where relkind = 'p' and oid = any(array(
        select to_regclass(name) from unnest(${TIME_SERIES_TABLES.map(({ name }) => name)}::text[]) as listed (name)))) as "isPartitioned"`;
  return found!;
}

/** Its version; null when this user may not create it. */
async function createExtension(sql: Sql, log: Logger): Promise<string | null> {
  try {
    await sql`create extension if not exists timescaledb`;
  } catch (error) {
    log.warn(
      { err: error },
      'the server has TimescaleDB, but this user may not use it for this database: to use it, create extension timescaledb and start again',
    );
    return null;
  }
  return (await look(sql)).extension;
}
