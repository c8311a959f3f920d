import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import type { DecodeWorker } from './decode/decode-worker.ts';
import type { MarketDataFeed } from './market-data-feed.ts';
import { createReplayFeed } from './replay/replay-feed.ts';
import { createSimulatedFeed } from './simulated/simulated-feed.ts';

export interface FeedFactoryDeps {
  readonly config: Config['feed'];
  /** Stays the caller's to stop. */
  readonly decodeWorker: DecodeWorker;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The feed the configuration asks for. */
export function createFeed({ config, decodeWorker, log, clock }: FeedFactoryDeps): MarketDataFeed {
  if (config.kind === 'replay') {
    // The configuration refuses the replay feed without a path.
    return createReplayFeed({ path: config.path ?? '', speed: config.speed, loop: config.loop, clock, decodeWorker, log });
  }
  return createSimulatedFeed({
    seed: config.seed,
    underlyings: config.simulated.underlyings,
    clock,
    ...(typeof config.speed === 'number' && { speed: config.speed }),
  });
}
