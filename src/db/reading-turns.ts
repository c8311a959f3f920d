import type { Readable } from 'node:stream';

/** Whether there is time for reading in this turn of the event loop; there is again in a later one. */
export interface ReadingTime {
  hasTime(): boolean;
}

/**
 * Lets others have their turn when much is read at once: what comes when the time is used up is put back unread, and read in a later turn of the event loop.
 *
 * @returns called with what has just come from a stream, by who listens for its data; whether it was put back
 */
export function createReadingTurns({ hasTime }: ReadingTime): (stream: Readable, chunk: Buffer) => boolean {
  let held: Readable[] = [];

  function release(): void {
    const streams = held;
    held = [];
    for (const stream of streams) stream.resume();
  }

  return (stream, chunk) => {
    if (hasTime()) return false;
    stream.pause();
    stream.unshift(chunk);
    // A timer: an immediate comes right behind what has just been read, with nobody in between.
    if (held.length === 0) setTimeout(release, 0);
    held.push(stream);
    return true;
  };
}
