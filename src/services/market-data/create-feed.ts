import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import { createCboeFeed } from './cboe/cboe-feed.ts';
import type { DecodeWorker } from './decode/decode-worker.ts';
import { createDeribitFeed } from './deribit/deribit-feed.ts';
import type { MarketDataFeed } from './market-data-feed.ts';
import { createReplayFeed } from './replay/replay-feed.ts';
import { createSimulatedFeed } from './simulated/simulated-feed.ts';
import { createTradierFeed } from './tradier/tradier-feed.ts';

export interface FeedFactoryDeps {
  readonly config: Config['feed'];
  /** Stays the caller's to stop. */
  readonly decodeWorker: DecodeWorker;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Resolves when there is room for some milliseconds of work. */
  readonly turn: () => Promise<void>;
}

/** The feed the configuration asks for. It opens nothing until it is started. */
export function createFeed({ config, decodeWorker, log, clock, random, turn }: FeedFactoryDeps): MarketDataFeed {
  const { symbols, deribit, cboe, tradier } = config;
  switch (config.kind) {
    case 'simulated':
      return createSimulatedFeed({
        seed: config.seed,
        underlyings: config.simulated.underlyings,
        clock,
        turn,
        ...(typeof config.speed === 'number' && { speed: config.speed }),
      });
    case 'replay':
      // The configuration refuses the replay feed without a path.
      return createReplayFeed({ path: config.path ?? '', speed: config.speed, loop: config.loop, clock, decodeWorker, log });
    case 'deribit':
      return createDeribitFeed({
        restUrl: deribit.restUrl,
        webSocketUrl: deribit.websocketUrl,
        currencies: deribit.currencies,
        clock,
        log,
        random,
      });
    case 'cboe':
      return createCboeFeed({ url: cboe.url, acceptTerms: cboe.acceptTerms, symbols, clock, decodeWorker });
    case 'tradier':
      return createTradierFeed({ url: tradier.url, token: tradier.token, symbols, clock });
  }
}
