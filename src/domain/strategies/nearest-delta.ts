import { DELTA_BUCKETS, type StrikeLadder } from '../candidates/strike-ladder.ts';

/** How far the deltas of the two sides may lie apart: 2 buckets, 0.04 to 0.06. Farther and the position leans to one side. */
const REACH_BUCKETS = 2;

/** Position in the ladder of the contract whose |delta| is nearest to that of a bucket; -1 when none is within two buckets. */
export function nearestDelta(ladder: StrikeLadder, bucket: number): number {
  for (let step = 0; step <= REACH_BUCKETS; step++) {
    const below = bucket - step;
    if (below >= 0 && ladder.byDelta[below]! >= 0) return ladder.byDelta[below]!;
    const above = bucket + step;
    if (above < DELTA_BUCKETS && ladder.byDelta[above]! >= 0) return ladder.byDelta[above]!;
  }
  return -1;
}
