/** How far a source has come. */
export interface SourceProgress {
  /** Newest market time seen of it, epoch milliseconds; null: nothing yet. */
  readonly newestMs: number | null;
  /** The clock, epoch milliseconds. */
  readonly nowMs: number;
  /** How late a row may come, milliseconds. */
  readonly latenessMs: number;
}

/**
 * Whether nothing is expected any more for a bucket: its source has passed its end by the lateness in market time, or the clock has and nothing has come for that long.
 *
 * @param updatedAtMs when something came last, by the clock; null: never
 */
export function isBucketFinal(endMs: number, updatedAtMs: number | null, { newestMs, nowMs, latenessMs }: SourceProgress): boolean {
  if (newestMs !== null && newestMs >= endMs + latenessMs) return true;
  return nowMs >= endMs + latenessMs && (updatedAtMs === null || nowMs >= updatedAtMs + latenessMs);
}
