import type { StrikeLadder } from '../candidates/strike-ladder.ts';
import { nearestStrike } from './strike-search.ts';

/**
 * Widths of vertical spreads in standard deviations of the underlying until expiration. Relative to the deviation a spread of one width has about the same
 * chances on every underlying and every expiration: on an index at 4,000 with 20 % volatility and a month to go these are 23, 57 and 115 points.
 */
export const SPREAD_WIDTHS: readonly number[] = [0.1, 0.25, 0.5];

/**
 * The other leg of a spread: the strike nearest to `distance` away from the anchor, at least one strike away.
 *
 * @param direction 1: above the anchor, -1: below
 * @returns position in the ladder; -1 when the anchor is the last strike on that side
 */
export function wingPosition(ladder: StrikeLadder, anchor: number, direction: 1 | -1, distance: number): number {
  const next = anchor + direction;
  if (next < 0 || next >= ladder.count) return -1;
  const nearest = nearestStrike(ladder, ladder.strike[anchor]! + direction * distance);
  return (nearest - next) * direction > 0 ? nearest : next;
}
