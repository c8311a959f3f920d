import type { ChainSnapshot, ExpirationSlice } from './chain-snapshot.ts';
import { parseDeribitSymbol } from './deribit-symbol.ts';
import { parseOccSymbol } from './occ-symbol.ts';

export interface FoundContract {
  /** Of the snapshot. */
  readonly row: number;
  /** Index into snapshot.expirations. */
  readonly expirationIndex: number;
}

/** Where a contract is, by its symbol in the underlying's symbology (see contractSymbol); null when the chain has none of that name. */
export function findContract(snapshot: ChainSnapshot, symbol: string): FoundContract | null {
  const terms = (snapshot.underlying.symbology === 'OCC' ? parseOccSymbol : parseDeribitSymbol)(symbol);
  if (!terms) return null;
  const expirationIndex = snapshot.expirations.findIndex(({ root, date }) => root === terms.root && date === terms.date);
  const slice: ExpirationSlice | undefined = snapshot.expirations[expirationIndex];
  if (!slice) return null;
  const { right, strike } = snapshot.quotes;
  for (let row = slice.start; row < slice.end; row++) {
    if (right[row] === terms.right && strike[row] === terms.strike) return { row, expirationIndex };
  }
  return null;
}
