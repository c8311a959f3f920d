import { chunkStartMs, type TimeSeriesTable } from './time-series-tables.ts';

/** Beside the chunk of the present: upkeep may fail for as long as two of the narrowest take. */
const CHUNKS_AHEAD = 2;
/** More at once would hold too many locks (max_locks_per_transaction), and is no history anybody has. */
const MOST_CHUNKS = 1_000;

/** Where the chunks that are to be there begin: that of now, and some ahead. */
export function chunkStartsAhead(table: TimeSeriesTable, nowMs: number): number[] {
  return chunkStartsBetween(table, nowMs, nowMs + CHUNKS_AHEAD * table.chunkMs);
}

/** Where the chunks of a span of time begin, both ends included; of a span that is too long, the newest. */
export function chunkStartsBetween(table: TimeSeriesTable, fromMs: number, toMs: number): number[] {
  const last = chunkStartMs(table, toMs);
  const count = Math.min(MOST_CHUNKS, (last - chunkStartMs(table, fromMs)) / table.chunkMs + 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => last - (count - 1 - index) * table.chunkMs);
}
