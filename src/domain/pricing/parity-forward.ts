import { medianOf } from './median.ts';
import type { ParityPairs } from './parity-pairs.ts';

/** A pair whose forward is farther from the median than its own quotes allow and than this many median absolute deviations is dropped. */
const OUTLIER_DEVIATIONS = 3 * 1.4826;
/** Spreads below this share of the forward count as this much: locked quotes are not infinitely sure. */
const SMALLEST_RELATIVE_SPREAD = 1e-5;
/** An estimate less sure than this share of the forward is worth less than the cost of carry. */
const LARGEST_RELATIVE_ERROR = 0.01;

/**
 * Returns a function that gives the forward F = K + (C - P)/D of put-call parity (Hull, ch. 17.4), as the mean over near-the-money pairs weighted by the
 * inverse square of their spreads, outliers dropped. `premium[i]` is what the early-exercise right makes the call of pair i dearer than its put (0 for European options).
 * NaN when there is no pair or the quotes are too wide to tell the forward within 1 %.
 */
export function createParityForward(): (pairs: ParityPairs, discountFactor: number, premium: Float64Array) => number {
  let forwards = new Float64Array(16);
  let scratch = new Float64Array(16);

  return (pairs, discountFactor, premium) => {
    const count = pairs.size;
    if (forwards.length < count) {
      forwards = new Float64Array(count);
      scratch = new Float64Array(count);
    }
    for (let i = 0; i < count; i++) {
      forwards[i] = pairs.strike[i]! + (pairs.callMark[i]! - pairs.putMark[i]! - premium[i]!) / discountFactor;
      scratch[i] = forwards[i]!;
    }
    const median = medianOf(scratch, count);
    for (let i = 0; i < count; i++) scratch[i] = Math.abs(forwards[i]! - median);
    const tolerance = OUTLIER_DEVIATIONS * medianOf(scratch, count);
    let weights = 0;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const spread = Math.max(pairs.halfSpread[i]! / discountFactor, SMALLEST_RELATIVE_SPREAD * median);
      const away = forwards[i]! - median;
      if (Math.abs(away) > Math.max(tolerance, spread)) continue;
      const weight = 1 / (spread * spread);
      weights += weight;
      sum += weight * away;
    }
    const forward = median + sum / weights;
    return forward > 0 && 1 / Math.sqrt(weights) <= LARGEST_RELATIVE_ERROR * forward ? forward : Number.NaN;
  };
}
