import type { ChainSnapshot } from '../../dist/domain/chain/chain-snapshot.js';
import type { MarketDataFeed } from '../../dist/services/market-data/market-data-feed.js';
import { syntheticChain } from '../synthetic-chain.ts';

const SYMBOLS = ['SPX', 'NDX', 'RUT', 'XSP'];
const CONTRACTS = 20_000;
/** So many different chains, one after the other: what does not change is not stored. */
const CHAINS = 6;
const DAY_MS = 86_400_000;

/** Chains as great as there are, made before anybody asks: what is seen of the event loop is what becomes of them. */
export function createFullChainFeed({ clock }: { readonly clock: () => number }): MarketDataFeed {
  const chains = Array.from({ length: CHAINS }, (_, index) => syntheticChain(index + 1, CONTRACTS).snapshot);
  let next = 0;
  return {
    kind: 'simulated',
    description: `chains of ${CONTRACTS} contracts`,
    pace: { minimumIntervalMs: 0, requestsPerSecond: Number.POSITIVE_INFINITY },
    async start() {},
    async stop() {},
    listUnderlyings: async () => SYMBOLS.map((symbol) => ({ ...chains[0]!.underlying, symbol })),
    fetchChain: async (symbol) => asOf(chains[next++ % CHAINS]!, symbol, clock()),
  };
}

/** The same prices, as many days before expiration. */
function asOf(chain: ChainSnapshot, symbol: string, quotedAtMs: number): ChainSnapshot {
  const movedMs = quotedAtMs - chain.quotedAtMs;
  return {
    ...chain,
    underlying: { ...chain.underlying, symbol },
    quotedAtMs,
    expirations: chain.expirations.map((slice) => {
      const expiresAtMs = slice.expiresAtMs + movedMs;
      return { ...slice, expiresAtMs, date: new Date(expiresAtMs + DAY_MS / 4).toISOString().slice(0, 10) };
    }),
  };
}
