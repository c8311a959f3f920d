import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import { requireUsable } from '../decode/require-usable.ts';
import { FeedRefusedError, FeedUnavailableError, UnknownUnderlyingError } from '../feed-errors.ts';
import { createFeedHttpClient, type FeedHttpAnswer } from '../http/feed-http-client.ts';
import { createSharedReads } from '../http/shared-reads.ts';
import type { MarketDataFeed } from '../market-data-feed.ts';
import { buildTradierChain } from './build-tradier-chain.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { createRateLimit, rateLimitWaitMs } from './rate-limit.ts';
import { readExpirations } from './read-expirations.ts';
import { readOptions } from './read-options.ts';
import { readUnderlyingQuote } from './read-underlying-quote.ts';

export interface TradierFeedOptions {
  /** Root of the API. */
  readonly url: string;
  readonly token: string | undefined;
  /** Underlyings, in upper case, as Tradier calls them: AAPL, SPX, BRK/B. */
  readonly symbols: readonly string[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Of one request; default 10 s. */
  readonly timeoutMs?: number;
}

/** Market data requests allowed a minute, less what the burst adds; 120 with a brokerage account, 60 in the sandbox (docs.tradier.com, rate limiting). */
const PACE = { account: { perSecond: 1.8, burst: 10 }, sandbox: { perSecond: 0.85, burst: 8 } };
/** A chain takes a request per expiration: about 20 for most stocks, 35 for the large funds, 60 for SPX. */
const TYPICAL_REQUESTS_PER_CHAIN = 40;
const MINIMUM_INTERVAL_MS = 15_000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** New expirations are listed once a day. */
const EXPIRATIONS_MAXIMUM_AGE_MS = 3_600_000;
/** What may stand in a header; anything else makes fetch complain with the value in the message. */
const HEADER_TEXT = /^[\x21-\x7e]+$/;

/**
 * Chains of Tradier, with the token of an account. One chain is a quote, a list of expirations and a request for each; if one of them fails, the chain fails. Chains are read one after
 * the other: side by side they would share the requests of a minute, and take so long that none of them is finished in time.
 */
export function createTradierFeed(options: TradierFeedOptions): MarketDataFeed {
  const { url, token, symbols, clock } = options;
  const pace = /^https?:\/\/sandbox\./i.test(url) ? PACE.sandbox : PACE.account;
  const isUsable = token !== undefined && HEADER_TEXT.test(token);
  const http = createFeedHttpClient({
    baseUrl: url,
    requestsPerSecond: pace.perSecond,
    burst: pace.burst,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    headers: { accept: 'application/json', ...(isUsable && { authorization: `Bearer ${token}` }) },
    clock,
    readWaitMs: rateLimitWaitMs,
  });
  const limit = createRateLimit({ clock });
  const expirations = createSharedReads({ load: readDates, maximumAgeMs: EXPIRATIONS_MAXIMUM_AGE_MS, clock });
  const chains = createOneAtATime();

  function requireUse(): void {
    if (!isUsable) {
      const found = token === undefined ? 'none' : 'one with characters that no token has';
      throw new FeedRefusedError(`the feed tradier expects an access token, got ${found}: set FEED_TRADIER_TOKEN`);
    }
    if (symbols.length === 0) {
      throw new FeedRefusedError(
        'the feed tradier expects the symbols to read, got none: set FEED_SYMBOLS (--symbols), for example AAPL,SPY',
      );
    }
  }

  async function get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<FeedHttpAnswer<unknown>> {
    await limit.pass(signal);
    try {
      const answer = await http.getJson({ path, query, signal });
      limit.note(answer.headers);
      return answer;
    } catch (error) {
      // Whatever else is asked for in this time would be refused as well.
      if (error instanceof FeedUnavailableError && error.retryAfterMs !== undefined) limit.hold(error.retryAfterMs);
      throw error;
    }
  }

  async function readDates(symbol: string, signal: AbortSignal): Promise<readonly string[]> {
    const { body, source } = await get('/markets/options/expirations', { symbol, includeAllRoots: 'true' }, signal);
    const dates = readExpirations(body, source);
    if (dates.length === 0) throw new UnknownUnderlyingError(`${source}: expected an underlying with options, got ${symbol}`);
    return dates;
  }

  async function fetchChain(symbol: string, signal: AbortSignal): Promise<ChainSnapshot> {
    signal.throwIfAborted();
    requireUse();
    if (!symbols.includes(symbol)) throw new UnknownUnderlyingError(`expected one of ${symbols.join(', ')}, got ${symbol}`);
    return chains.run(() => readChain(symbol, signal), signal);
  }

  async function readChain(symbol: string, signal: AbortSignal): Promise<ChainSnapshot> {
    const dates = await expirations.read(symbol, signal);
    const quoteAnswer = await get('/markets/quotes', { symbols: symbol, greeks: 'false' }, signal);
    const quote = readUnderlyingQuote(quoteAnswer.body, symbol, quoteAnswer.source);
    const answers: (readonly unknown[])[] = [];
    let source = '';
    for (const expiration of dates) {
      const answer = await get('/markets/options/chains', { symbol, expiration, greeks: 'true' }, signal);
      source = answer.source;
      answers.push(readOptions(answer.body, source));
    }
    if (answers.every((options) => options.length === 0)) {
      throw new FeedUnavailableError(`${source}: expected options on ${symbol}, got none for ${dates.length} expirations`);
    }
    const chain = await buildTradierChain({ underlying: usUnderlying(symbol), quote, answers, receivedAtMs: clock(), source, signal });
    return requireUsable([chain], source, 'options.option[].bid, ask, last')[0]!;
  }

  return {
    kind: 'tradier',
    description: `Tradier, options on ${symbols.join(', ')}, from ${new URL(url).host}`,
    pace: { minimumIntervalMs: MINIMUM_INTERVAL_MS, requestsPerSecond: pace.perSecond / TYPICAL_REQUESTS_PER_CHAIN },
    async start(signal) {
      signal.throwIfAborted();
      requireUse();
    },
    async stop() {},
    async listUnderlyings(signal) {
      signal.throwIfAborted();
      requireUse();
      return symbols.map(usUnderlying);
    },
    fetchChain,
  };
}
