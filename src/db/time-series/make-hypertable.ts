import type { Sql } from '../client.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/** Makes an ordinary table a hypertable of TimescaleDB, with its rows. All at once or not at all; nobody reads or writes it meanwhile. */
export async function makeHypertable(sql: Sql, { name, timeColumn, chunkMs }: TimeSeriesTable): Promise<void> {
  await sql`
    select create_hypertable(to_regclass(${name})::regclass, ${timeColumn}::name, chunk_time_interval => ${chunkMs} * interval '1 ms',
      create_default_indexes => false, if_not_exists => true, migrate_data => true)`;
}
