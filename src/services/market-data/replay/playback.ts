import type { RecordedMoment, Recording } from './recording.ts';
import { newestMoment, recordedTimeAt, spanOf } from './recording-time.ts';

/** The moment a symbol is at. */
export interface PlayPosition {
  readonly index: number;
  /** The one that comes after it; undefined when none does. */
  readonly nextIndex: number | undefined;
}

/** Decides which recorded moment comes next. */
export interface Playback {
  /** Null when the recording has ended. */
  at(symbol: string): PlayPosition | null;
  /** Tells that the moment was delivered. */
  served(symbol: string, index: number): void;
}

/**
 * Time follows the recording: its clock starts with the first question, runs `speed` times as fast as `clock`, and is shared by all
 * symbols. A symbol is at its newest moment by then, or at its first one as long as that is still to come. The last moment is shown as
 * long as the one before it; then the recording begins anew when looping. When not, it has ended for each symbol whose last moment was
 * delivered, however late that was asked for.
 * @param clock epoch milliseconds
 */
export function createTimedPlayback({ moments }: Recording, speed: number, loop: boolean, clock: () => number): Playback {
  const span = spanOf(moments.values());
  const finished = new Set<string>();
  let startedAtMs: number | undefined;
  return {
    at(symbol) {
      const ofSymbol = moments.get(symbol)!;
      startedAtMs ??= clock();
      const recordedMs = recordedTimeAt(span, Math.max(0, clock() - startedAtMs) * speed, loop);
      if (recordedMs === Number.POSITIVE_INFINITY && finished.has(symbol)) return null;
      return positionAt(ofSymbol, newestMoment(ofSymbol, recordedMs), loop);
    },
    served(symbol, index) {
      if (index === moments.get(symbol)!.length - 1) finished.add(symbol);
    },
  };
}

/** Each question about a symbol goes on to its next moment, so that every one is delivered exactly once per pass. */
export function createStepPlayback({ moments }: Recording, loop: boolean): Playback {
  const next = new Map<string, number>();
  return {
    at(symbol) {
      const ofSymbol = moments.get(symbol)!;
      const index = next.get(symbol) ?? 0;
      if (index < ofSymbol.length) return positionAt(ofSymbol, index, loop);
      return loop ? positionAt(ofSymbol, 0, loop) : null;
    },
    served(symbol, index) {
      next.set(symbol, index + 1);
    },
  };
}

function positionAt(moments: readonly RecordedMoment[], index: number, loop: boolean): PlayPosition {
  const isLast = index === moments.length - 1;
  if (!isLast) return { index, nextIndex: index + 1 };
  return { index, nextIndex: loop ? 0 : undefined };
}
