import type { Logger } from 'pino';
import type { Sql } from '../client.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/** What is older is hardly ever written to, and read in ranges. */
const COMPRESSED_AFTER = '7 days';
/** The first start has just put the rows of an earlier version into chunks. */
const FIRST_RUN = "now() + interval '1 hour'";

/**
 * Community edition: chunks that ended seven days ago are turned into columns, which takes about a tenth of the space; a job of TimescaleDB does it. Nothing but space
 * depends on it, so a version that knows neither form of the settings leaves the chunks as they are.
 */
export async function compressOldChunks(sql: Sql, { name, segmentBy, orderBy }: TimeSeriesTable, log: Logger): Promise<void> {
  const [known] = await sql<{ isColumnstore: boolean; isCompressed: boolean }[]>`
    select exists (select from pg_proc where proname = 'add_columnstore_policy') as "isColumnstore",
      exists (select from timescaledb_information.hypertables
        where hypertable_name = ${name} and compression_enabled
          and hypertable_schema = (select relnamespace::regnamespace::text from pg_class where oid = to_regclass(${name}))) as "isCompressed"`;
  // Set up before; or by somebody who wants it otherwise.
  if (known!.isCompressed) return;
  const statements = known!.isColumnstore
    ? [
        `alter table "${name}" set (timescaledb.enable_columnstore, timescaledb.segmentby = '${segmentBy}', timescaledb.orderby = '${orderBy}')`,
        `call add_columnstore_policy('"${name}"', after => interval '${COMPRESSED_AFTER}', if_not_exists => true, initial_start => ${FIRST_RUN})`,
      ]
    : [
        `alter table "${name}" set (timescaledb.compress, timescaledb.compress_segmentby = '${segmentBy}', timescaledb.compress_orderby = '${orderBy}')`,
        `select add_compression_policy('"${name}"', interval '${COMPRESSED_AFTER}', if_not_exists => true, initial_start => ${FIRST_RUN})`,
      ];
  try {
    await sql.begin(async (transaction) => {
      for (const statement of statements) await transaction.unsafe(statement);
    });
  } catch (error) {
    log.warn({ err: error, table: name }, 'old chunks cannot be compressed, they stay as they are');
  }
}
