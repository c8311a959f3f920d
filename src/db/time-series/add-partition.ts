import type { Sql } from '../client.ts';
import { partitionBounds } from './partition-bounds.ts';
import { defaultPartitionName, partitionName } from './partition-names.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/** Any number that nothing else of the product uses: two processes that add to the same table do it one after the other. */
const ADDING_LOCK = 5_349_003;

/**
 * Adds the chunk that begins at a moment, if it is not there, and moves what the default partition holds of its time into it. Readers and writers of other chunks do
 * not notice; those of the default partition wait for a moment.
 * @param lockTimeoutMs how long others may have to wait behind this, if it has to wait for somebody
 * @returns whether it was added
 * @throws PostgreSQL's 55P03 when what has to be locked is in use for longer than that
 */
export async function addPartition(sql: Sql, table: TimeSeriesTable, startMs: number, lockTimeoutMs: number): Promise<boolean> {
  const { name, timeColumn, chunkMs } = table;
  const chunk = partitionName(name, startMs);
  return sql.begin(async (transaction) => {
    await transaction.unsafe(`set local lock_timeout = ${Math.ceil(lockTimeoutMs)}`);
    await transaction`select pg_advisory_xact_lock(${ADDING_LOCK}, hashtext(${name}))`;
    const [existing] = await transaction<{ isThere: boolean }[]>`select to_regclass(${chunk}) is not null as "isThere"`;
    if (existing!.isThere) return false;
    // In the order in which everybody else takes them.
    await transaction`lock table only ${transaction(name)} in share update exclusive mode`;
    await transaction`lock table ${transaction(defaultPartitionName(name))} in access exclusive mode`;
    await transaction`create table ${transaction(chunk)} (like ${transaction(name)} including all)`;
    const column = transaction(timeColumn);
    await transaction`
      with moved as (
        delete from ${transaction(defaultPartitionName(name))}
        where ${column} >= ${transaction.typed.timestamptz(startMs)} and ${column} < ${transaction.typed.timestamptz(startMs + chunkMs)} returning *
      ) insert into ${transaction(chunk)} select * from moved`;
    await transaction.unsafe(`alter table "${name}" attach partition "${chunk}" ${partitionBounds(startMs, startMs + chunkMs)}`);
    return true;
  });
}
