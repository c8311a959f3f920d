import type { StrikeLadder } from '../candidates/strike-ladder.ts';

/** Position of a strike in the ladder; -1 when it is not there. */
export function positionOfStrike(ladder: StrikeLadder, strike: number): number {
  let low = 0;
  let high = ladder.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ladder.strike[middle]! < strike) low = middle + 1;
    else high = middle;
  }
  return low < ladder.count && ladder.strike[low] === strike ? low : -1;
}
