import type { ChainSnapshot, ExpirationSlice } from './chain-snapshot.ts';
import { composeDeribitSymbol } from './deribit-symbol.ts';
import { composeOccSymbol } from './occ-symbol.ts';

/** The expiration a row belongs to. Throws RangeError when the snapshot has no such row. */
export function expirationOfRow(snapshot: ChainSnapshot, row: number): ExpirationSlice {
  const slices = snapshot.expirations;
  let low = 0;
  let high = slices.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const slice = slices[middle]!;
    if (row < slice.start) high = middle - 1;
    else if (row >= slice.end) low = middle + 1;
    else return slice;
  }
  throw new RangeError(`row must be 0 to ${snapshot.size - 1}, got ${row}`);
}

/** The name of the contract in a row, in the underlying's symbology: `RUT231020C01000000`, `BTC-28AUG26-105000-C`. */
export function contractSymbol(snapshot: ChainSnapshot, row: number): string {
  const { root, date } = expirationOfRow(snapshot, row);
  const compose = snapshot.underlying.symbology === 'OCC' ? composeOccSymbol : composeDeribitSymbol;
  return compose(root, date, snapshot.quotes.right[row]!, snapshot.quotes.strike[row]!);
}
