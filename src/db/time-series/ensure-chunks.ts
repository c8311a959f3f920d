import type { Logger } from 'pino';
import type { Sql } from '../client.ts';
import { addPartition } from './add-partition.ts';
import { chunkStartsBetween } from './chunks-ahead.ts';
import { isTableInUse } from './is-table-in-use.ts';
import type { TimeSeriesBackingKind } from './time-series-backing.ts';
import { timeSeriesTable } from './time-series-tables.ts';

/** A writer is not to be held up by what can be done later. */
const LOCK_TIMEOUT_MS = 200;

/**
 * Makes the chunks for a span of time, both ends included, epoch milliseconds, where they are not made by themselves. To be called by whoever is about to write
 * rows of other times than the present, outside of the transaction that writes: the rows fit without it, but then they lie in the default partition until upkeep moves them.
 * Never fails for that reason alone. Cheap when they are known to be there.
 */
export type EnsureChunks = (table: string, fromMs: number, toMs: number) => Promise<void>;

export function createEnsureChunks({ sql, backing, log }: { sql: Sql; backing: TimeSeriesBackingKind; log: Logger }): EnsureChunks {
  /** Those that have been there, by table. What is written to one that retention has dropped since lies in the default partition for a while. */
  const known = new Map<string, Set<number>>();

  return async (name, fromMs, toMs) => {
    if (backing !== 'PLAIN') return;
    const table = timeSeriesTable(name);
    const starts = known.get(name) ?? new Set();
    known.set(name, starts);
    for (const startMs of chunkStartsBetween(table, fromMs, toMs)) {
      if (starts.has(startMs)) continue;
      try {
        await addPartition(sql, table, startMs, LOCK_TIMEOUT_MS);
        starts.add(startMs);
      } catch (error) {
        if (!isTableInUse(error)) throw error;
        log.debug({ table: name, startMs }, 'a chunk could not be added because the table was in use, it is added later');
        return;
      }
    }
  };
}
