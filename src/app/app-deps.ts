import type { Logger } from 'pino';
import type { Bus } from '../services/bus/bus.ts';
import type { MarketDataFeed } from '../services/market-data/market-data-feed.ts';

/** What differs between a real process and a test. */
export interface AppDeps {
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  /** Instead of the configured feed. */
  readonly feed?: MarketDataFeed;
  /** Instead of the configured bus. */
  readonly bus?: Bus;
}
