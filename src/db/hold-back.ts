import type { Readable } from 'node:stream';

/** Whether there is time for reading in this turn of the event loop; there is again in a later one. */
export interface ReadingTime {
  hasTime(): boolean;
}

/** What is as short as this is read in any case: that takes no time, and whoever stores rows waits for several short answers one after the other. */
const SHORT_BYTES = 4_096;

/**
 * Keeps what is read in one turn of the event loop short: when its time is used up, the rest is put back unread, and read in a later turn.
 *
 * @returns to be called with every chunk that a stream gives, before it is looked at: whether it was put back, and will be given again
 */
export function createHoldBack({ hasTime }: ReadingTime): (stream: Readable, chunk: Buffer) => boolean {
  let held: Readable[] = [];
  /** Has waited longest: read whether there is time or not, so that all come to be read. */
  let next: Readable | null = null;

  function release(): void {
    const streams = held;
    held = [];
    next = streams[0]!;
    for (const stream of streams) stream.resume();
  }

  return (stream, chunk) => {
    if (chunk.length < SHORT_BYTES) return false;
    if (stream === next) {
      next = null;
      return false;
    }
    if (hasTime()) return false;
    stream.pause();
    stream.unshift(chunk);
    // A timer: an immediate comes right behind what has just been read, with nobody in between.
    if (held.length === 0) setTimeout(release, 0);
    held.push(stream);
    return true;
  };
}
