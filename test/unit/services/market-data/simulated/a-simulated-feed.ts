import type { ChainSnapshot } from '../../../../../src/domain/chain/chain-snapshot.ts';
import type { MarketDataFeed } from '../../../../../src/services/market-data/market-data-feed.ts';
import { createSimulatedFeed, type SimulatedFeedOptions } from '../../../../../src/services/market-data/simulated/simulated-feed.ts';

/** A Friday in regular hours, 12:00 New York. */
export const FRIDAY_NOON = Date.UTC(2026, 10, 20, 17);

export interface FeedUnderTest {
  readonly feed: MarketDataFeed;
  /** The chain at a moment; default FRIDAY_NOON. */
  chain(symbol: string, atMs?: number): Promise<ChainSnapshot>;
  symbols(): Promise<string[]>;
}

export function aSimulatedFeed(overrides: Partial<SimulatedFeedOptions> = {}): FeedUnderTest {
  let now = FRIDAY_NOON;
  const feed = createSimulatedFeed({ seed: 1, clock: () => now, ...overrides });
  const { signal } = new AbortController();
  return {
    feed,
    chain(symbol, atMs = FRIDAY_NOON) {
      now = atMs;
      return feed.fetchChain(symbol, signal);
    },
    symbols: async () => (await feed.listUnderlyings(signal)).map((underlying) => underlying.symbol),
  };
}
