import type { Readable } from 'node:stream';

/** Whether there is time for reading in this turn of the event loop; there is again in a later one. */
export interface ReadingTime {
  hasTime(): boolean;
}

/** What is shorter is put back once at most: reading it takes no time, and whoever stores rows waits for several short answers one after the other. */
const SHORT_BYTES = 4_096;

/**
 * Keeps what is read in one turn of the event loop short: when its time is used up, the rest is put back unread, and read in a later turn.
 *
 * @returns to be called with every chunk that a stream gives, before it is looked at: whether it was put back, and will be given again
 */
export function createHoldBack({ hasTime }: ReadingTime): (stream: Readable, chunk: Buffer) => boolean {
  let held: Readable[] = [];
  /** Given their chunk again, and not seen with it yet. */
  let released = new Set<Readable>();
  /** Of these the one that has waited longest: it is read whether there is time or not, so that all come to be read. */
  let oldest: Readable | undefined;

  function release(): void {
    const streams = held;
    held = [];
    [oldest] = streams;
    released = new Set(streams);
    for (const stream of streams) stream.resume();
  }

  return (stream, chunk) => {
    const isDue = released.delete(stream) && (stream === oldest || chunk.length < SHORT_BYTES);
    if (isDue || hasTime()) return false;
    stream.pause();
    stream.unshift(chunk);
    // A timer: an immediate comes right behind what has just been read, with nobody in between.
    if (held.length === 0) setTimeout(release, 0);
    held.push(stream);
    return true;
  };
}
