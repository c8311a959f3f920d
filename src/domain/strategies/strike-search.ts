import type { StrikeLadder } from '../candidates/strike-ladder.ts';

/** Position of the first strike ≥ `strike`; ladder.count when there is none. */
export function firstStrikeFrom(ladder: StrikeLadder, strike: number): number {
  let low = 0;
  let high = ladder.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ladder.strike[middle]! < strike) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Position of the strike nearest to `strike`; -1 in an empty ladder. */
export function nearestStrike(ladder: StrikeLadder, strike: number): number {
  const above = firstStrikeFrom(ladder, strike);
  if (above === 0) return ladder.count > 0 ? 0 : -1;
  if (above === ladder.count) return ladder.count - 1;
  return strike - ladder.strike[above - 1]! <= ladder.strike[above]! - strike ? above - 1 : above;
}
