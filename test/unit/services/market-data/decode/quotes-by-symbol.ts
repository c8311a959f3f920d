import type { ChainSnapshot } from '../../../../../src/domain/chain/chain-snapshot.ts';
import { contractSymbol } from '../../../../../src/domain/chain/contract-symbol.ts';

const COLUMNS = [
  'bid',
  'ask',
  'bidSize',
  'askSize',
  'last',
  'volume',
  'openInterest',
  'vendorMark',
  'vendorImpliedVolatility',
  'vendorDelta',
] as const;

/** The known numbers of each contract, so that a test can say what it expects in full. */
export function quotesBySymbol(chain: ChainSnapshot): Record<string, Partial<Record<(typeof COLUMNS)[number], number>>> {
  const rows = Array.from({ length: chain.size }, (_, row) => {
    const known = COLUMNS.map((name) => [name, chain.quotes[name][row]!] as const).filter(([, value]) => !Number.isNaN(value));
    return [contractSymbol(chain, row), Object.fromEntries(known)] as const;
  });
  return Object.fromEntries(rows);
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
