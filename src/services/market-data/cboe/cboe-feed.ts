import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { DecodeWorker } from '../decode/decode-worker.ts';
import { malformedFile } from '../decode/malformed-file.ts';
import { FeedRefusedError, FeedUnavailableError, UnknownUnderlyingError } from '../feed-errors.ts';
import { createFeedHttpClient } from '../http/feed-http-client.ts';
import type { MarketDataFeed } from '../market-data-feed.ts';

export interface CboeFeedOptions {
  /** Root of the delayed quotes. */
  readonly url: string;
  /** Whether the operator has read and accepts Cboe's terms of use. */
  readonly acceptTerms: boolean;
  /** Underlyings, in upper case and without marks: SPX, RUT, AAPL. */
  readonly symbols: readonly string[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Reads the answers: 10 MB of JSON would stop the event loop for a tenth of a second. Stays the caller's to stop. */
  readonly decodeWorker: DecodeWorker;
  /** Between two fetches of one symbol; never less than 60 s, which is the default. */
  readonly minimumIntervalMs?: number;
  /** Default 30 s: an answer has up to 10 MB. */
  readonly timeoutMs?: number;
}

/** The quotes are 15 minutes old and made anew about once a minute: asking more often brings nothing and burdens a server that is not meant for programs. */
const SHORTEST_INTERVAL_MS = 60_000;
const LONGEST_WAIT_MS = 10_000;
const REQUESTS_PER_SECOND = 1;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Delayed quotes of Cboe's website: one answer is a whole chain. Opt-in, since the terms of the website allow personal use and no automated extraction; without acceptTerms
 * everything that would read rejects with FeedRefusedError. The interval between two fetches of a symbol is kept here as well, whoever asks.
 */
export function createCboeFeed(options: CboeFeedOptions): MarketDataFeed {
  const { acceptTerms, symbols, clock, decodeWorker } = options;
  const minimumIntervalMs = Math.max(SHORTEST_INTERVAL_MS, options.minimumIntervalMs ?? SHORTEST_INTERVAL_MS);
  const http = createFeedHttpClient({
    baseUrl: options.url,
    requestsPerSecond: REQUESTS_PER_SECOND,
    burst: 1,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    headers: { accept: 'application/json' },
    clock,
  });
  const askedAtMs = new Map<string, number>();

  function requireTerms(): void {
    if (acceptTerms) return;
    throw new FeedRefusedError(
      'the feed cboe expects that you accept the terms of use of Cboe delayed quotes, got no consent: they allow personal use and no automated extraction; ' +
        'read them and set FEED_CBOE_ACCEPT_TERMS=true if your use is allowed',
    );
  }

  /** Waits out the little that a schedule which counts from somewhere else comes too early; rejects whoever comes much too early. */
  async function keepInterval(symbol: string, signal: AbortSignal): Promise<void> {
    const nowMs = clock();
    const elapsedMs = nowMs - (askedAtMs.get(symbol) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back by more than an interval must not block the symbol until it has caught up.
    const leftMs = elapsedMs < -minimumIntervalMs ? 0 : Math.max(0, minimumIntervalMs - elapsedMs);
    if (leftMs > LONGEST_WAIT_MS) {
      const message = `${symbol}: expected at least ${minimumIntervalMs} ms between two requests to Cboe, got ${elapsedMs}`;
      throw new FeedUnavailableError(message, { retryAfterMs: leftMs });
    }
    askedAtMs.set(symbol, nowMs + leftMs);
    if (leftMs > 0) await sleep(leftMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  async function fetchChain(symbol: string, signal: AbortSignal): Promise<ChainSnapshot> {
    signal.throwIfAborted();
    requireTerms();
    if (!symbols.includes(symbol)) throw new UnknownUnderlyingError(`expected one of ${symbols.join(', ')}, got ${symbol}`);
    await keepInterval(symbol, signal);
    const { body, source, status } = await http.getBytes({ path: `/${fileName(symbol)}`, signal, alsoRead: [403, 404] });
    // The storage behind the address says 403 for what it does not have, and for whom it shuts out.
    if (status === 403 || status === 404) {
      throw new UnknownUnderlyingError(`${source}: expected delayed quotes of ${symbol}, got HTTP status ${status}`);
    }
    const [chain] = await decodeWorker.decode('cboe-json', body, source, signal);
    if (chain?.underlying.symbol === symbol) return chain;
    throw malformedFile(source, 'field data.symbol', symbol, chain?.underlying.symbol ?? 'nothing');
  }

  return {
    kind: 'cboe',
    description: `Cboe delayed quotes (15 minutes) of ${symbols.join(', ')}, from ${new URL(options.url).host}`,
    pace: { minimumIntervalMs, requestsPerSecond: REQUESTS_PER_SECOND },
    async start(signal) {
      signal.throwIfAborted();
      requireTerms();
    },
    async stop() {},
    async listUnderlyings(signal) {
      signal.throwIfAborted();
      requireTerms();
      return symbols.map(usUnderlying);
    },
    fetchChain,
  };
}

/** Indexes have an underscore before their symbol. */
function fileName(symbol: string): string {
  return `${usUnderlying(symbol).kind === 'INDEX' ? '_' : ''}${encodeURIComponent(symbol)}.json`;
}
