import type { ChainSnapshot } from '../../domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../domain/chain/underlying-profile.ts';

export const FEED_KINDS = ['simulated', 'replay', 'deribit', 'cboe', 'tradier'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** How fast a feed may be asked. The scanner keeps to it. */
export interface FeedPace {
  /** Shortest time between two fetches of one symbol. */
  readonly minimumIntervalMs: number;
  /** Fetches per second over all symbols; Infinity when the feed is local. */
  readonly requestsPerSecond: number;
}

/**
 * A source of option chains. `start` acquires what the feed needs (sockets, opened files) and rejects with a FeedError if it cannot; `stop` releases it and is
 * idempotent. All failures of `fetchChain` and `listUnderlyings` are FeedErrors (feed-errors.ts) or the signal's abort reason.
 */
export interface MarketDataFeed {
  readonly kind: FeedKind;
  /** One line for people: what is read, from where. Never a secret. */
  readonly description: string;
  readonly pace: FeedPace;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  listUnderlyings(signal: AbortSignal): Promise<readonly UnderlyingProfile[]>;
  /** The chain as the market is at this moment of the feed's time. Columns belong to the caller and never change afterwards. */
  fetchChain(symbol: string, signal: AbortSignal): Promise<ChainSnapshot>;
  /** Begins anew, for feeds that can end (FeedEndedError): the next fetch of every symbol is as the first one was. */
  rewind?(): void;
}
