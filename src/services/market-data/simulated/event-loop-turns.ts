import { setImmediate as nextTurn } from 'node:timers/promises';

/** Contracts worked on in one turn of the event loop: one to three milliseconds. */
const CONTRACTS_PER_TURN = 1500;

/**
 * Returns a function to await after each piece of work, told how many contracts it was: now and then it lets the event loop turn. Rejects with the signal's
 * reason once that is aborted.
 *
 * @param turn resolves when there is room for the next pieces; left out: at the next turn of the event loop
 */
export function createEventLoopTurns(signal: AbortSignal, turn: () => Promise<void> = nextTurn): (contracts: number) => Promise<void> {
  // The first piece is followed by a turn: short chains asked for one after the other would add up otherwise.
  let worked = CONTRACTS_PER_TURN;
  return async (contracts) => {
    worked += contracts;
    if (worked < CONTRACTS_PER_TURN) return;
    worked = 0;
    await turn();
    signal.throwIfAborted();
  };
}
