import { standardNormal } from './standard-normal.ts';

/** Halvings of the interval. */
const DEPTH = 17;

/** Steps of a bridge: a day falls into steps of 659 ms. */
export const BRIDGE_STEPS = 2 ** DEPTH;

/**
 * Brownian bridge over [0, 1] that is 0 at both ends (variance s·(1-s) at s), at step / BRIDGE_STEPS. By midpoints (P. Lévy; Glasserman, "Monte Carlo methods in
 * financial engineering", 3.1): each halving adds a normal variate of its own place in the stream, so any step costs 17 variates however far it is from the last one asked.
 *
 * @param step 0 to BRIDGE_STEPS
 */
export function brownianBridge(key: number, step: number): number {
  let left = 0;
  let right = 0;
  let low = 0;
  let length = BRIDGE_STEPS;
  let place = 1;
  // Variance of a midpoint, given the ends: a quarter of the length.
  let deviation = 0.5;
  while (length > 1 && step > low) {
    length /= 2;
    const middle = 0.5 * (left + right) + deviation * standardNormal(key, place);
    if (step >= low + length) {
      low += length;
      left = middle;
      place = 2 * place + 1;
    } else {
      right = middle;
      place = 2 * place;
    }
    deviation *= Math.SQRT1_2;
  }
  return step === low ? left : right;
}
