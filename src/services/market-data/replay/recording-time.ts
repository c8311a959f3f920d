import type { RecordedMoment } from './recording.ts';

/** Where a recording stands. All times of the recording are epoch milliseconds of its own clock. */
export interface RecordingSpan {
  readonly firstMs: number;
  readonly lastMs: number;
  /** How long the last moment is shown: as long as the one before it was; 0 when there is only one. */
  readonly tailMs: number;
}

/** Span of all underlyings together: they share one clock. */
export function spanOf(moments: Iterable<readonly RecordedMoment[]>): RecordingSpan {
  const times = [...new Set([...moments].flatMap((ofSymbol) => ofSymbol.map(({ quotedAtMs }) => quotedAtMs)))].sort((a, b) => a - b);
  const lastMs = times.at(-1)!;
  return { firstMs: times[0]!, lastMs, tailMs: lastMs - (times.at(-2) ?? lastMs) };
}

/**
 * Recorded time after so much played time (both milliseconds): past the end it begins anew when looping, else it is Infinity from there
 * on. A recording of one moment stands still when looping.
 */
export function recordedTimeAt({ firstMs, lastMs, tailMs }: RecordingSpan, playedMs: number, loop: boolean): number {
  const lengthMs = lastMs - firstMs + tailMs;
  if (playedMs < lengthMs) return firstMs + playedMs;
  if (!loop) return Number.POSITIVE_INFINITY;
  return lengthMs === 0 ? firstMs : firstMs + (playedMs % lengthMs);
}

/** Index of the newest moment at or before a time; the first one when all are later. */
export function newestMoment(moments: readonly RecordedMoment[], recordedMs: number): number {
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (moments[middle]!.quotedAtMs <= recordedMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
