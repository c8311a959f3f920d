import type { RateCurve } from '../../../domain/pricing/rate-curve.ts';
import { US_POLICY_RATE_CURVE } from '../../../domain/pricing/us-policy-rate-curve.ts';
import { UnknownUnderlyingError } from '../feed-errors.ts';
import type { MarketDataFeed } from '../market-data-feed.ts';
import { type ChainGenerator, createChainGenerator } from './chain-generator.ts';
import { underlyingList } from './underlying-list.ts';

export interface SimulatedFeedOptions {
  /** Whole number, 0 to 2³²-1. The same seed at the same time is the same market, in every process. */
  readonly seed: number;
  /** How many underlyings; default 40. */
  readonly underlyings?: number;
  /** Epoch milliseconds, UTC: what chains are dated, and which moment of the market is shown. */
  readonly clock: () => number;
  /** Market days per calendar day, ≥ 0: prices move as much in a day as they would in so many. Dates and expirations follow the clock. Default 1; 0 stands still. */
  readonly speed?: number;
  /** Share of quotes that are bad (crossed, negative, one-sided, stale, absurd volatility), 0 to 1. Default 0.002. */
  readonly badQuoteRate?: number;
  /** Interest by which forwards and prices are made; default the curve that chains are priced with. */
  readonly rateCurve?: RateCurve;
  /** Resolves when there is room for some milliseconds of work; default: at the next turn of the event loop. */
  readonly turn?: () => Promise<void>;
}

const DEFAULT_UNDERLYINGS = 40;
const DEFAULT_BAD_QUOTE_RATE = 0.002;
/** Prices change every 659 ms. */
const MINIMUM_INTERVAL_MS = 1000;

/**
 * A market that never closes, made up from a seed. Every chain is a function of the seed, the symbol and the clock's reading alone: runs with the same readings
 * are the same to the byte, whatever was asked before and in which process, and a restarted server goes on where the market is by then.
 */
export function createSimulatedFeed(options: SimulatedFeedOptions): MarketDataFeed {
  const { seed, clock, speed = 1, badQuoteRate = DEFAULT_BAD_QUOTE_RATE, rateCurve = US_POLICY_RATE_CURVE, turn } = options;
  const underlyings = underlyingList(options.underlyings ?? DEFAULT_UNDERLYINGS);
  const generators = new Map<string, ChainGenerator>(
    underlyings.map((underlying) => [
      underlying.profile.symbol,
      createChainGenerator({ underlying, seed, speed, badQuoteRate, rateCurve, turn }),
    ]),
  );
  const profiles = underlyings.map(({ profile }) => profile);

  return {
    kind: 'simulated',
    description: `simulated market, ${profiles.length} underlyings, seed ${seed}: invented prices under familiar names, not quotes of any exchange`,
    pace: { minimumIntervalMs: MINIMUM_INTERVAL_MS, requestsPerSecond: Number.POSITIVE_INFINITY },
    async start(signal) {
      signal.throwIfAborted();
    },
    async stop() {},
    async listUnderlyings(signal) {
      signal.throwIfAborted();
      return profiles;
    },
    async fetchChain(symbol, signal) {
      signal.throwIfAborted();
      const generator = generators.get(symbol);
      if (!generator) throw new UnknownUnderlyingError(`expected one of the ${profiles.length} simulated underlyings, got ${symbol}`);
      return generator.generate(clock(), signal);
    },
  };
}
