import { type CandidateBatch, MAX_LEGS } from '../candidates/candidate-batch.ts';
import { contractSymbol } from '../chain/contract-symbol.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';

/**
 * Identifies the position of a candidate: its contract symbols with their signed quantities, in ascending strike, the underlying first where it is held;
 * e.g. `+1 SPX231020P04000000,-1 SPX231020P04100000`. The same position always has the same key.
 */
export function legsKey(chain: PricedChain, batch: CandidateBatch, row: number): string {
  const { snapshot } = chain;
  const parts: string[] = [];
  const stock = batch.stockQuantity[row]!;
  if (stock !== 0) parts.push(`${signed(stock)} ${snapshot.underlying.symbol}`);
  for (let leg = row * MAX_LEGS; leg < row * MAX_LEGS + batch.legCount[row]!; leg++) {
    parts.push(`${signed(batch.legQuantity[leg]!)} ${contractSymbol(snapshot, batch.legRow[leg]!)}`);
  }
  return parts.join(',');
}

function signed(quantity: number): string {
  return quantity > 0 ? `+${quantity}` : String(quantity);
}
