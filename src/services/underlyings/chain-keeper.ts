import { LRUCache } from 'lru-cache';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';

export interface ChainKeeperDeps {
  /** Of all chains that are kept. */
  readonly maximumContracts: number;
  /** Called with a chain that nobody reads any more: its columns may be used for another one. */
  readonly release: (chain: PricedChain) => void;
}

/**
 * Keeps the newest chain of each symbol. Columns of chains that came and went unread are used again: new ones for each chain would be memory outside of the heap that only
 * collecting garbage of all generations frees, every two seconds for chains of 20,000 contracts scanned without a pause, which holds up the event loop each time.
 */
export interface ChainKeeper {
  /** As the newest of its symbol. It stays as it is until whoever scans it lets it go. */
  keep(chain: PricedChain): void;
  /** Whoever scans it does not read it any more. */
  letGo(chain: PricedChain): void;
  /** Lends it: who asks may read it for as long as they like. Null: not scanned, or it made room for others. */
  newest(symbol: string): PricedChain | null;
  /** Lends those of these symbols, or of all, the last used first. */
  all(symbols?: readonly string[]): PricedChain[];
}

export function createChainKeeper({ maximumContracts, release }: ChainKeeperDeps): ChainKeeper {
  const inHand = new Set<PricedChain>();
  /** Never used again: how long they are read nobody tells. */
  const lent = new WeakSet<PricedChain>();
  const chains = new LRUCache<string, PricedChain>({
    maxSize: maximumContracts,
    sizeCalculation: (chain) => Math.max(1, chain.snapshot.size),
    dispose: giveBack,
  });

  function giveBack(chain: PricedChain): void {
    if (!inHand.has(chain) && !lent.has(chain)) release(chain);
  }

  function lend(chain: PricedChain): PricedChain {
    lent.add(chain);
    return chain;
  }

  return {
    keep(chain) {
      inHand.add(chain);
      chains.set(chain.snapshot.underlying.symbol, chain);
    },
    letGo(chain) {
      inHand.delete(chain);
      if (chains.peek(chain.snapshot.underlying.symbol) !== chain) giveBack(chain);
    },
    newest(symbol) {
      const chain = chains.get(symbol);
      return chain ? lend(chain) : null;
    },
    all: (symbols) => [...chains].flatMap(([symbol, chain]) => (symbols === undefined || symbols.includes(symbol) ? lend(chain) : [])),
  };
}
