import type { Logger } from 'pino';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { parseDeribitSymbol } from '../../../domain/chain/deribit-symbol.ts';
import type { ContractTerms } from '../../../domain/chain/occ-symbol.ts';
import { deribitUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import { requireUsable } from '../decode/require-usable.ts';
import { UnknownUnderlyingError } from '../feed-errors.ts';
import { createFeedHttpClient } from '../http/feed-http-client.ts';
import type { MarketDataFeed } from '../market-data-feed.ts';
import { createBookSummaries } from './book-summaries.ts';
import { buildDeribitChain } from './build-deribit-chain.ts';
import { createContractSizes } from './contract-sizes.ts';
import { type DeribitCoin, deribitCoin } from './deribit-coin.ts';
import { createDeribitSocket, type DeribitSocketTimings } from './deribit-socket.ts';
import { createLiveMarket } from './live-market.ts';
import { CREDIT_REFILL_MS } from './rpc-result.ts';

export interface DeribitFeedOptions {
  readonly restUrl: string;
  readonly webSocketUrl: string;
  /** Coins, in upper case: BTC, ETH, SOL. */
  readonly currencies: readonly string[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Default 10 s. */
  readonly timeoutMs?: number;
  /** Marks and index prices of the socket older than this against the quotes are not used. Default 5 s. */
  readonly maximumLiveAgeMs?: number;
  readonly timings?: Partial<DeribitSocketTimings>;
}

/** A summary of all options of a coin is half a megabyte; they are made anew about once a second. */
const MINIMUM_INTERVAL_MS = 2_000;
/** About 20 a second are allowed to an address, over all its programs (docs.deribit.com, rate limits). */
const REQUESTS_PER_SECOND = 10;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAXIMUM_LIVE_AGE_MS = 5_000;
/** Names of expired options are forgotten with all others when so many have been met; about 3,000 are listed at a time. */
const MAXIMUM_NAMES = 20_000;

/**
 * Options of Deribit, without a key. Chains are read over REST; a socket adds index prices and marks, and chains are complete without it. `start` begins to connect and does not wait: when there is no network,
 * the fetches say so.
 */
export function createDeribitFeed(options: DeribitFeedOptions): MarketDataFeed {
  const { clock, log, random, maximumLiveAgeMs = DEFAULT_MAXIMUM_LIVE_AGE_MS } = options;
  const coins = new Map(options.currencies.map((symbol) => [symbol, deribitCoin(symbol)]));
  const live = createLiveMarket([...coins.values()]);
  const http = createFeedHttpClient({
    baseUrl: options.restUrl,
    requestsPerSecond: REQUESTS_PER_SECOND,
    burst: REQUESTS_PER_SECOND,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    headers: { accept: 'application/json' },
    clock,
    readWaitMs: () => CREDIT_REFILL_MS,
  });
  const summariesOf = createBookSummaries({ http, clock, minimumIntervalMs: MINIMUM_INTERVAL_MS });
  const sizes = createContractSizes({ http, clock });
  const socket = createDeribitSocket({
    url: options.webSocketUrl,
    channels: live.channels,
    onNotification: live.accept,
    log,
    random,
    ...(options.timings && { timings: options.timings }),
  });
  const readTerms = createTermsReader();

  async function profileOf(coin: DeribitCoin, signal: AbortSignal): Promise<UnderlyingProfile> {
    return { ...deribitUnderlying(coin.symbol), contractMultiplier: await sizes.sizeOf(coin, signal) };
  }

  async function listUnderlyings(signal: AbortSignal): Promise<readonly UnderlyingProfile[]> {
    signal.throwIfAborted();
    const profiles: UnderlyingProfile[] = [];
    // One after the other, so that the coins of one list share it.
    for (const coin of coins.values()) {
      try {
        profiles.push(await profileOf(coin, signal));
      } catch (error) {
        if (!(error instanceof UnknownUnderlyingError)) throw error;
        log.warn({ symbol: coin.symbol, reason: error.message }, 'left out: Deribit has no options on this coin');
      }
    }
    return profiles;
  }

  async function fetchChain(symbol: string, signal: AbortSignal): Promise<ChainSnapshot> {
    signal.throwIfAborted();
    const coin = coins.get(symbol);
    const liveCoin = live.coin(symbol);
    if (!coin || !liveCoin) throw new UnknownUnderlyingError(`expected one of ${[...coins.keys()].join(', ')}, got ${symbol}`);
    const underlying = await profileOf(coin, signal);
    const { summaries, receivedAtMs, source } = await summariesOf.read(coin.currency, signal);
    const chain = buildDeribitChain({ coin, underlying, summaries, live: liveCoin, maximumLiveAgeMs, receivedAtMs, readTerms, source });
    liveCoin.marks.forgetBefore(chain.quotedAtMs - maximumLiveAgeMs);
    return requireUsable([chain], source, 'result[].bid_price, ask_price, mark_price')[0]!;
  }

  return {
    kind: 'deribit',
    description: `Deribit, live options on ${[...coins.keys()].join(', ')}, from ${new URL(options.restUrl).host}`,
    pace: { minimumIntervalMs: MINIMUM_INTERVAL_MS, requestsPerSecond: REQUESTS_PER_SECOND / 2 },
    async start(signal) {
      signal.throwIfAborted();
      socket.start();
    },
    stop: socket.stop,
    listUnderlyings,
    fetchChain,
  };
}

/** Reads names of options, each of them once: the same ones come with every answer. */
function createTermsReader(): (instrument: string) => ContractTerms | null {
  const known = new Map<string, ContractTerms | null>();
  return (instrument) => {
    const found = known.get(instrument);
    if (found !== undefined) return found;
    if (known.size >= MAXIMUM_NAMES) known.clear();
    const terms = parseDeribitSymbol(instrument);
    known.set(instrument, terms);
    return terms;
  };
}
