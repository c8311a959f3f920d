import type { Logger } from 'pino';
import type { Sql } from '../client.ts';
import { addPartition } from './add-partition.ts';
import { chunkStartsOf } from './chunk-starts-of.ts';
import { chunkStartsAhead } from './chunks-ahead.ts';
import { isTableInUse } from './is-table-in-use.ts';
import { defaultPartitionName } from './partition-names.ts';
import type { TimeSeriesBackingKind } from './time-series-backing.ts';
import { TIME_SERIES_TABLES } from './time-series-tables.ts';

/** Nothing hurries: rows are taken without it. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * The upkeep of chunks that PostgreSQL needs and TimescaleDB does by itself: adds those of the time to come, moves what lies in default partitions into chunks, and
 * brings the statistics of whole tables up to date, of which autovacuum takes no care.
 */
export async function keepChunks(sql: Sql, backing: TimeSeriesBackingKind, nowMs: number, log: Logger): Promise<void> {
  if (backing !== 'PLAIN') return;
  for (const table of TIME_SERIES_TABLES) {
    const [partitioned] = await sql`select from pg_class where oid = to_regclass(${table.name}) and relkind = 'p'`;
    if (!partitioned) continue;
    try {
      const stray = await chunkStartsOf(sql, table, defaultPartitionName(table.name));
      for (const startMs of new Set([...chunkStartsAhead(table, nowMs), ...stray]))
        await addPartition(sql, table, startMs, LOCK_TIMEOUT_MS);
      await sql.begin(async (transaction) => {
        await transaction.unsafe(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await transaction`analyze ${transaction(table.name)}`;
      });
    } catch (error) {
      if (!isTableInUse(error)) throw error;
      log.info({ table: table.name }, 'the upkeep of a table is put off to the next time because the table was in use');
    }
  }
}
