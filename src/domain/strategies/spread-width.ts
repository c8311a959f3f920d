import type { StrikeLadder } from '../candidates/strike-ladder.ts';

/**
 * Widths of vertical spreads in standard deviations of the underlying until expiration. Relative to the deviation a spread of one width has about the same
 * chances on every underlying and every expiration: on an index at 4,000 with 20 % volatility and a month to go these are 23, 57 and 115 points.
 */
export const SPREAD_WIDTHS: readonly number[] = [0.1, 0.25, 0.5];

/**
 * The other leg of a spread: the strike nearest to `distance` away from the anchor, at least one strike away; of two equally near the nearer to the anchor.
 *
 * @param direction 1: above the anchor, -1: below
 * @returns position in the ladder; -1 when the anchor is the last strike on that side
 */
export function wingPosition({ count, strike }: StrikeLadder, anchor: number, direction: 1 | -1, distance: number): number {
  const next = anchor + direction;
  if (next < 0 || next >= count) return -1;
  const origin = strike[anchor]!;
  // Strikes are evenly spaced over long stretches: counting steps lands on the strike or near it.
  const steps = Math.max(1, Math.round(distance / Math.abs(strike[next]! - origin)));
  let wing = Math.max(0, Math.min(count - 1, anchor + direction * steps));
  while (wing !== next && Math.abs(strike[wing]! - origin) > distance) wing -= direction;
  for (let farther = wing + direction; farther >= 0 && farther < count; farther += direction) {
    const isNearer = Math.abs(Math.abs(strike[farther]! - origin) - distance) < Math.abs(Math.abs(strike[wing]! - origin) - distance);
    if (!isNearer) break;
    wing = farther;
  }
  return wing;
}
