/** Working room for one slice: row j here is row slice.start + j of the chain. Held by a pricer and reused for every slice. */
export interface SliceScratch {
  /** ln(F/K) */
  logMoneyness: Float64Array;
  /** Total deviation σ√T the greeks of the row are taken at; NaN: none. */
  deviation: Float64Array;
  /** European model price at that deviation, in the quote currency. */
  value: Float64Array;
}

export function createSliceScratch(): SliceScratch {
  return { logMoneyness: new Float64Array(0), deviation: new Float64Array(0), value: new Float64Array(0) };
}

export function growSliceScratch(scratch: SliceScratch, size: number): void {
  if (scratch.deviation.length >= size) return;
  const length = Math.max(512, 2 * size);
  scratch.logMoneyness = new Float64Array(length);
  scratch.deviation = new Float64Array(length);
  scratch.value = new Float64Array(length);
}
