/**
 * EXPIRED: goes. NOT_EXPIRED: not old enough. WRITTEN_LATELY: old by the time of the market, but written within the retention: replayed history. NOT_ROLLED_UP: rows
 * in it have not been rolled up, so nothing would be left of them.
 */
export const CHUNK_VERDICTS = ['EXPIRED', 'NOT_EXPIRED', 'WRITTEN_LATELY', 'NOT_ROLLED_UP'] as const;
export type ChunkVerdict = (typeof CHUNK_VERDICTS)[number];

const MS_PER_DAY = 86_400_000;

/** What has ended before this moment has been kept long enough. Epoch milliseconds. */
export function retentionCutoffMs(days: number, nowMs: number): number {
  return nowMs - days * MS_PER_DAY;
}

/** What is known of a chunk whose end is older than the retention. */
export interface ExpiredChunk {
  /** Of rows of a stream: the number of the newest row in it (null: it is empty), and up to which number the stream has been rolled up. */
  readonly stream?: { readonly newestSequence: number | null; readonly rolledUpTo: number };
  /** Of rollups: when something in it was written last, epoch milliseconds; null: it is empty. */
  readonly lastWrittenMs?: number | null;
}

/** @param endMs where the chunk ends, exclusive, epoch milliseconds @param read asked only for chunks that have ended before the cutoff */
export async function judgeChunk(endMs: number, cutoffMs: number, read: () => Promise<ExpiredChunk>): Promise<ChunkVerdict> {
  if (endMs > cutoffMs) return 'NOT_EXPIRED';
  const { stream, lastWrittenMs = null } = await read();
  if (stream && (stream.newestSequence ?? 0) > stream.rolledUpTo) return 'NOT_ROLLED_UP';
  return lastWrittenMs !== null && lastWrittenMs >= cutoffMs ? 'WRITTEN_LATELY' : 'EXPIRED';
}
