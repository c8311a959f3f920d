import type { Sql } from '../client.ts';
import type { Chunk } from './chunk.ts';
import type { TimeSeriesBackingKind } from './time-series-backing.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/**
 * Removes a chunk with its rows; nothing when it is gone already.
 * @param lockTimeoutMs how long others may have to wait behind this, if it has to wait for somebody
 * @throws PostgreSQL's 55P03 when the table is in use for longer than that
 */
export async function dropChunk(
  sql: Sql,
  backing: TimeSeriesBackingKind,
  { name }: TimeSeriesTable,
  { relation, fromMs, beforeMs }: Pick<Chunk, 'relation' | 'fromMs' | 'beforeMs'>,
  lockTimeoutMs: number,
): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`set local lock_timeout = ${Math.ceil(lockTimeoutMs)}`);
    if (backing === 'PLAIN') {
      await transaction.unsafe(`drop table if exists ${relation}`);
    } else {
      await transaction`
        select drop_chunks(to_regclass(${name})::regclass, older_than => ${transaction.typed.timestamptz(beforeMs)}::timestamptz,
          newer_than => ${transaction.typed.timestamptz(fromMs)}::timestamptz)`;
    }
  });
}
