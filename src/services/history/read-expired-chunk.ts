import type { Sql, Transaction } from '../../db/client.ts';
import type { Chunk } from '../../db/time-series/chunk.ts';
import { timeSeriesTable } from '../../db/time-series/time-series-tables.ts';
import type { ExpiredChunk } from '../../domain/history/judge-chunk.ts';
import { ROLLUP_CONSUMER } from '../rollups/rollup-streams.ts';
import type { RetainedTable } from './retained-tables.ts';

/** What decides whether a chunk may go. Rolled up is only what the rollups have stored together with their place in the stream; without a place, nothing. */
export async function readExpiredChunk(
  sql: Sql | Transaction,
  { table, stream }: RetainedTable,
  { relation }: Chunk,
): Promise<ExpiredChunk> {
  if (stream === null) {
    const [row] = await sql.unsafe<{ atMs: number | null }[]>(`select max(updated_at) as "atMs" from ${relation}`);
    return { lastWrittenMs: row!.atMs };
  }
  const { timeColumn } = timeSeriesTable(table);
  const [newest] = await sql.unsafe<{ sequence: number }[]>(
    `select sequence from ${relation} order by ${timeColumn} desc, sequence desc limit 1`,
  );
  const [position] = await sql<{ sequence: number }[]>`
    select sequence from stream_positions where consumer = ${ROLLUP_CONSUMER} and stream = ${stream}`;
  return { stream: { newestSequence: newest?.sequence ?? null, rolledUpTo: position?.sequence ?? 0 } };
}
