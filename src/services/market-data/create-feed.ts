import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import type { MarketDataFeed } from './market-data-feed.ts';
import { createSimulatedFeed } from './simulated/simulated-feed.ts';

export interface FeedFactoryDeps {
  readonly config: Config['feed'];
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The feed the configuration asks for. */
export function createFeed({ config, clock }: FeedFactoryDeps): MarketDataFeed {
  return createSimulatedFeed({
    seed: config.seed,
    underlyings: config.simulated.underlyings,
    clock,
    ...(typeof config.speed === 'number' && { speed: config.speed }),
  });
}
