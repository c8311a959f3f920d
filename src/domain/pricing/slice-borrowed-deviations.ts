import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { SliceScratch } from './slice-scratch.ts';
import type { SliceTerms } from './slice-terms.ts';

/**
 * Rows without a volatility of their own (one-sided quote, mark below intrinsic) take the deviation of the same strike's other right for their greeks, as
 * put-call parity says they have the same; their European value follows from parity too. Their implied volatility stays unknown.
 */
export function borrowDeviations(strike: Float64Array, slice: ExpirationSlice, terms: SliceTerms, scratch: SliceScratch): void {
  const { deviation, value } = scratch;
  const { discountFactor, forward } = terms;
  let put = slice.putStart;
  for (let call = slice.start; call < slice.putStart; call++) {
    const k = strike[call]!;
    while (put < slice.end && strike[put]! < k) put++;
    if (put === slice.end) return;
    if (strike[put]! !== k) continue;
    const c = call - slice.start;
    const p = put - slice.start;
    const callKnown = deviation[c]! > 0;
    if (callKnown === deviation[p]! > 0) continue;
    const difference = discountFactor * (forward - k);
    if (callKnown) {
      deviation[p] = deviation[c]!;
      value[p] = value[c]! - difference;
    } else {
      deviation[c] = deviation[p]!;
      value[c] = value[p]! + difference;
    }
  }
}
