import { type ChainSnapshot, type ExpirationSlice, PUT } from '../chain/chain-snapshot.ts';

/** Contracts, by right. NaN where the source tells it of no contract of that right. */
export interface ChainTotals {
  readonly callVolume: number;
  readonly putVolume: number;
  readonly callOpenInterest: number;
  readonly putOpenInterest: number;
}

/** Sums over a chain, or over one of its expirations; a contract whose number is unknown counts nothing. */
export function chainTotals(
  { size, quotes }: ChainSnapshot,
  slice: Pick<ExpirationSlice, 'start' | 'end'> = { start: 0, end: size },
): ChainTotals {
  const { right, volume, openInterest } = quotes;
  let callVolume = Number.NaN;
  let putVolume = Number.NaN;
  let callOpenInterest = Number.NaN;
  let putOpenInterest = Number.NaN;
  for (let row = slice.start; row < slice.end; row++) {
    if (right[row] === PUT) {
      putVolume = sumOfKnown(putVolume, volume[row]!);
      putOpenInterest = sumOfKnown(putOpenInterest, openInterest[row]!);
    } else {
      callVolume = sumOfKnown(callVolume, volume[row]!);
      callOpenInterest = sumOfKnown(callOpenInterest, openInterest[row]!);
    }
  }
  return { callVolume, putVolume, callOpenInterest, putOpenInterest };
}

/** @returns puts / calls (Cboe's definition); NaN when there are no calls or either is unknown */
export function putCallRatio(puts: number, calls: number): number {
  return calls > 0 ? puts / calls : Number.NaN;
}

/** NaN only when both are. */
export function sumOfKnown(a: number, b: number): number {
  if (Number.isNaN(b)) return a;
  return Number.isNaN(a) ? b : a + b;
}
