import { type ChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';

/**
 * Number of the expiration that a date like 20151224 names, for ChainBuilder.add. The contracts' root is the symbol of the underlying, as
 * OCC writes it.
 */
export function readCompactExpiration(builder: ChainBuilder, text: string, symbol: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  return match ? builder.expiration(symbol.replace(/[^A-Z0-9]/g, ''), `${match[1]}-${match[2]}-${match[3]}`) : MALFORMED_DATE;
}
