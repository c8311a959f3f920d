import { uuidTimeMs } from '../../db/uuid-time.ts';

/** A result is stored a moment after its id was made; an hour allows for clocks that differ, and for a database that was away for a while. */
const SLACK_MS = 3_600_000;

export interface DetectedRange {
  /** Epoch milliseconds, both inclusive. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** When results of these ids were stored, most probably; null when the ids do not tell. */
export function detectedNear(ids: readonly string[]): DetectedRange | null {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const id of ids) {
    const madeAtMs = uuidTimeMs(id);
    if (madeAtMs === null) return null;
    fromMs = Math.min(fromMs, madeAtMs - SLACK_MS);
    toMs = Math.max(toMs, madeAtMs + SLACK_MS);
  }
  return ids.length === 0 ? null : { fromMs, toMs };
}
