import { type CandidateBatch, MAX_LEGS } from '../candidates/candidate-batch.ts';
import { CALL } from '../chain/chain-snapshot.ts';
import { contractSymbol, expirationOfRow } from '../chain/contract-symbol.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { knownOrNull } from './known-or-null.ts';
import type { Leg } from './scan-result.ts';

/** The legs of a candidate: the underlying first where it is held, then the options in ascending strike. */
export function candidateLegs(chain: PricedChain, batch: CandidateBatch, row: number): Leg[] {
  const { snapshot, columns } = chain;
  const { quotes } = snapshot;
  const legs: Leg[] = [];
  const stock = batch.stockQuantity[row]!;
  if (stock !== 0) legs.push({ kind: 'STOCK', symbol: snapshot.underlying.symbol, quantity: stock });
  for (let leg = row * MAX_LEGS; leg < row * MAX_LEGS + batch.legCount[row]!; leg++) {
    const chainRow = batch.legRow[leg]!;
    legs.push({
      kind: 'OPTION',
      symbol: contractSymbol(snapshot, chainRow),
      right: quotes.right[chainRow] === CALL ? 'CALL' : 'PUT',
      strike: quotes.strike[chainRow]!,
      expiration: expirationOfRow(snapshot, chainRow).date,
      quantity: batch.legQuantity[leg]!,
      bid: knownOrNull(quotes.bid[chainRow]!),
      ask: knownOrNull(quotes.ask[chainRow]!),
      impliedVolatility: knownOrNull(columns.impliedVolatility[chainRow]!),
      delta: knownOrNull(columns.delta[chainRow]!),
    });
  }
  return legs;
}
