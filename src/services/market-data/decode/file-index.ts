import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import { decodeChain } from './decode-chain.ts';
import { type DetectedFormat, detectFormat } from './detect-format.ts';

/** One chain of a file, without its quotes. */
export interface ChainSummary {
  readonly underlying: UnderlyingProfile;
  /** Epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  readonly contracts: number;
  /** Contracts with a bid and an ask. */
  readonly quotedContracts: number;
  /** Records left out. */
  readonly dropped: number;
}

/** What is in a file; no chains when the format is none that is known, or a side file's. */
export interface FileIndex {
  readonly format: DetectedFormat;
  /** In the order of time and symbol. */
  readonly chains: readonly ChainSummary[];
}

/**
 * Reads a file (not compressed any more) as a whole to say what is in it, so that a malformed one is found here and not while it plays.
 * Throws FeedMalformedError.
 */
export function indexFile(bytes: Uint8Array, source: string): FileIndex {
  const format = detectFormat(bytes);
  if (format === null || format === 'SIDE_FILE') return { format, chains: [] };
  return { format, chains: decodeChain(format, bytes, source).map(summarise) };
}

function summarise({ underlying, quotedAtMs, size, quotes: { bid, ask }, drops }: ChainSnapshot): ChainSummary {
  let quotedContracts = 0;
  for (let row = 0; row < size; row++) if (bid[row]! > 0 && ask[row]! > 0) quotedContracts++;
  return { underlying, quotedAtMs, contracts: size, quotedContracts, dropped: drops.reduce((sum, drop) => sum + drop.count, 0) };
}
