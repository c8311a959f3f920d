import { startChild } from '../live/child.ts';
import type { HeldUp } from './clock-reader.ts';

/** One for the server, one for its database and its clients. */
const THREADS = 2;

/**
 * What threads that only look at the clock are held up by: on a virtual machine its host takes the processor away now and then, and part of that is counted as theirs.
 * A server that also reads and writes may be held up more.
 */
export async function machineHoldUps(seconds: number): Promise<HeldUp[]> {
  const threads = Array.from({ length: THREADS }, () =>
    startChild('../event-loop/clock-reader.ts', { scriptArguments: [String(seconds)] }),
  );
  const told = await Promise.all(threads.map((thread) => thread.next<{ readonly heldUp: readonly HeldUp[] }>('heldUp')));
  return told.flatMap(({ heldUp }) => heldUp);
}
