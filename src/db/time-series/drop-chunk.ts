import type { Sql, Transaction } from '../client.ts';
import type { Chunk } from './chunk.ts';
import type { TimeSeriesBackingKind } from './time-series-backing.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

export interface ChunkDrop {
  readonly table: TimeSeriesTable;
  readonly chunk: Pick<Chunk, 'relation' | 'fromMs' | 'beforeMs'>;
  /** How long others may have to wait behind this, if it has to wait for somebody. */
  readonly lockTimeoutMs: number;
  /** Asked when nobody can write to the chunk any more: false keeps it. */
  readonly confirm: (transaction: Transaction) => Promise<boolean>;
  /** Called when it is removed, before the commit. */
  readonly onDropped?: (transaction: Transaction) => Promise<void>;
}

/**
 * Removes a chunk with its rows, all at once or not at all.
 * @returns false when it was kept; true also when it is gone already
 * @throws PostgreSQL's 55P03 when the table is in use for longer than the lock timeout, 40P01 when who uses it comes to wait for this
 */
export async function dropChunk(
  sql: Sql,
  backing: TimeSeriesBackingKind,
  { table: { name }, chunk: { relation, fromMs, beforeMs }, lockTimeoutMs, confirm, onDropped }: ChunkDrop,
): Promise<boolean> {
  return sql.begin(async (transaction) => {
    await transaction.unsafe(`set local lock_timeout = ${Math.ceil(lockTimeoutMs)}`);
    const [existing] = await transaction<{ isThere: boolean }[]>`select to_regclass(${relation}) is not null as "isThere"`;
    if (!existing!.isThere) return true;
    // Readers go on until the moment it goes.
    await transaction.unsafe(`lock table ${relation} in share mode`);
    if (!(await confirm(transaction))) return false;
    if (backing === 'PLAIN') {
      await transaction.unsafe(`drop table ${relation}`);
    } else {
      await transaction`
        select drop_chunks(to_regclass(${name})::regclass, older_than => ${transaction.typed.timestamptz(beforeMs)}::timestamptz,
          newer_than => ${transaction.typed.timestamptz(fromMs)}::timestamptz)`;
    }
    await onDropped?.(transaction);
    return true;
  });
}
