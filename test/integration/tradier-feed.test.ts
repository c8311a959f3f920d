import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FeedMalformedError,
  FeedRefusedError,
  FeedUnavailableError,
  UnknownUnderlyingError,
} from '../../src/services/market-data/feed-errors.ts';
import { createTradierFeed, type TradierFeedOptions } from '../../src/services/market-data/tradier/tradier-feed.ts';
import { aTradierOption, aTradierQuote, startTradierServer, type TradierServer } from '../support/vendors/start-tradier-server.ts';
import { answerHalf, answerJson } from '../support/vendors/start-vendor-server.ts';

const TOKEN = 'tok-3n-s3cret';
const signal = new AbortController().signal;
let tradier: TradierServer;
beforeEach(async () => {
  tradier = await startTradierServer();
});
afterEach(() => tradier.close());

function aFeed(overrides: Partial<TradierFeedOptions> = {}) {
  return createTradierFeed({
    url: `${tradier.url}/v1`,
    token: TOKEN,
    symbols: ['AAPL', 'BRK/B'],
    clock: () => Date.UTC(2026, 6, 1, 15, 1),
    timeoutMs: 60_000,
    ...overrides,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail('expected a rejection'),
    (error: Error) => error,
  );
}

describe('Tradier', () => {
  it('asks for quote, expirations of all roots and each chain, with its token', async () => {
    const feed = aFeed();
    await feed.start(signal);
    const chain = await feed.fetchChain('AAPL', signal);
    expect(tradier.requests).toEqual([
      '/v1/markets/options/expirations?symbol=AAPL&includeAllRoots=true',
      '/v1/markets/quotes?symbols=AAPL&greeks=false',
      '/v1/markets/options/chains?symbol=AAPL&expiration=2026-08-21&greeks=true',
      '/v1/markets/options/chains?symbol=AAPL&expiration=2026-09-18&greeks=true',
    ]);
    expect(tradier.headers.map(({ authorization, accept }) => [authorization, accept])).toEqual(
      Array.from({ length: 4 }, () => [`Bearer ${TOKEN}`, 'application/json']),
    );
    expect(chain.expirations.map(({ date }) => date)).toEqual(['2026-08-21', '2026-09-18']);
    expect(chain.underlyingPrice).toBe(231.4);
    expect(chain.quotedAtMs).toBe(Date.UTC(2026, 6, 1, 15, 0, 2));
    await feed.stop();
  });

  it('asks for expirations once an hour', async () => {
    let nowMs = Date.UTC(2026, 6, 1, 15, 1);
    const feed = aFeed({ clock: () => nowMs });
    await feed.fetchChain('AAPL', signal);
    await feed.fetchChain('AAPL', signal);
    const asked = () => tradier.requests.filter((path) => path.includes('expirations')).length;
    expect(asked()).toBe(1);
    nowMs += 3_600_000;
    await feed.fetchChain('AAPL', signal);
    expect(asked()).toBe(2);
  });

  it('reads one element that stands for a list, and null for an empty one', async () => {
    tradier.answer('expirations', (_request, response) => answerJson(response, { expirations: { date: '2026-08-21' } }));
    tradier.answer('chains', (_request, response) => answerJson(response, { options: { option: aTradierOption() } }));
    tradier.answer('quotes', (_request, response) => answerJson(response, { quotes: { quote: [aTradierQuote({ last: null })] } }));
    const chain = await aFeed().fetchChain('AAPL', signal);
    expect(chain.size).toBe(1);
    expect(chain.underlyingPrice).toBeCloseTo(231.4, 12);
    tradier.answer('expirations', (_request, response) => answerJson(response, { expirations: { date: ['2026-08-21', '2026-09-18'] } }));
    tradier.answer('chains', (_request, response, url) => {
      const isFirst = url.searchParams.get('expiration') === '2026-08-21';
      answerJson(response, { options: isFirst ? { option: [aTradierOption()] } : null });
    });
    expect((await aFeed().fetchChain('AAPL', signal)).size).toBe(1);
    tradier.answer('chains', (_request, response) => answerJson(response, { options: null }));
    expect(await failureOf(aFeed().fetchChain('AAPL', signal))).toBeInstanceOf(FeedUnavailableError);
  });

  it('says which underlyings it does not know', async () => {
    await expect(aFeed().fetchChain('GOOG', signal)).rejects.toThrow(new UnknownUnderlyingError('expected one of AAPL, BRK/B, got GOOG'));
    tradier.answer('quotes', (_request, response) => answerJson(response, { quotes: { unmatched_symbols: { symbol: 'AAPL' } } }));
    expect(await failureOf(aFeed().fetchChain('AAPL', signal))).toBeInstanceOf(UnknownUnderlyingError);
    tradier.answer('expirations', (_request, response) => answerJson(response, { expirations: null }));
    expect(await failureOf(aFeed().fetchChain('BRK/B', signal))).toBeInstanceOf(UnknownUnderlyingError);
    expect(tradier.requests.at(-1)).toBe('/v1/markets/options/expirations?symbol=BRK%2FB&includeAllRoots=true');
  });

  it('fails as a whole when one expiration fails', async () => {
    tradier.answer('chains', (_request, response, url) => {
      if (url.searchParams.get('expiration') === '2026-09-18') answerHalf(response);
      else answerJson(response, { options: { option: [aTradierOption()] } });
    });
    expect(await failureOf(aFeed().fetchChain('AAPL', signal))).toBeInstanceOf(FeedUnavailableError);
  });

  it.each([
    ['quotes', {}, 'field quotes: expected an object, found nothing'],
    ['quotes', { quotes: {} }, 'field quotes.quote: expected the quote of AAPL, found nothing'],
    ['expirations', { expirations: { date: ['soon'] } }, 'field expirations.date[0]: expected a date like 2026-08-21, found "soon"'],
    ['chains', { options: 'none' }, 'field options: expected an object, found "none"'],
    ['chains', { options: { option: ['x', 7] } }, 'expected at least one usable record, found none among 4'],
  ])('refuses %s of another shape', async (part, document, message) => {
    tradier.answer(part, (_request, response) => answerJson(response, document));
    const error = await failureOf(aFeed().fetchChain('AAPL', signal));
    expect(error).toBeInstanceOf(FeedMalformedError);
    expect(error.message).toContain(message);
  });

  it('refuses to start without a token that can be one, or without symbols', async () => {
    for (const token of [undefined, '', `${TOKEN}\n`, `${TOKEN}é`]) {
      const feed = aFeed({ token });
      for (const attempt of [feed.start(signal), feed.listUnderlyings(signal), feed.fetchChain('AAPL', signal)]) {
        const error = await failureOf(attempt);
        expect(error).toBeInstanceOf(FeedRefusedError);
        expect(error.message).toContain('set FEED_TRADIER_TOKEN');
        expect(error.message).not.toContain(TOKEN);
      }
    }
    await expect(aFeed({ symbols: [] }).start(signal)).rejects.toThrow('set FEED_SYMBOLS');
    expect(tradier.requests).toEqual([]);
  });

  it('never tells its token', async () => {
    const feed = aFeed();
    expect(feed.description).not.toContain(TOKEN);
    for (const status of [401, 403, 429, 400, 500]) {
      tradier.answer('quotes', (request, response) => answerJson(response, { fault: request.headers.authorization }, status));
      const error = await failureOf(feed.fetchChain('AAPL', signal));
      expect(JSON.stringify([error.message, error.stack, error, String(error.cause)])).not.toContain(TOKEN);
    }
    tradier.answer('quotes', (_request, response) => answerJson(response, {}, 401));
    expect(await failureOf(aFeed().fetchChain('AAPL', signal))).toBeInstanceOf(FeedRefusedError);
  });

  it('asks nothing more for as long as a 429 says, in its own header as well', async () => {
    let nowMs = Date.UTC(2026, 6, 1, 15, 1);
    const feed = aFeed({ clock: () => nowMs });
    tradier.answer('expirations', (_request, response) => {
      answerJson(response, {}, 429, { 'x-ratelimit-available': '0', 'x-ratelimit-expiry': String(nowMs + 40_000) });
    });
    await expect(feed.fetchChain('AAPL', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 40_000 });
    nowMs += 10_000;
    await expect(feed.fetchChain('BRK/B', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 30_000 });
    expect(tradier.requests).toHaveLength(1);
    nowMs += 30_000;
    tradier.answer('expirations', (_request, response) => answerJson(response, {}, 429, { 'retry-after': '20' }));
    await expect(feed.fetchChain('AAPL', signal)).rejects.toMatchObject({ retryAfterMs: 20_000 });
  });

  it('lets other symbols go on after a failure that says nothing about its limit', async () => {
    const nowMs = Date.UTC(2026, 6, 1, 15, 1);
    const feed = aFeed({ clock: () => nowMs });
    // These headers come with every answer.
    const limit = { 'x-ratelimit-available': '90', 'x-ratelimit-expiry': String(nowMs + 50_000) };
    tradier.answer('quotes', (_request, response) => answerJson(response, {}, 502, limit));
    await expect(feed.fetchChain('AAPL', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: undefined });
    tradier.answer('quotes', (_request, response) => answerJson(response, { quotes: { quote: aTradierQuote() } }, 200, limit));
    expect((await feed.fetchChain('AAPL', signal)).size).toBe(2);
  });

  it('reads one chain after the other, also when the one before fails or is given up', async () => {
    const feed = aFeed();
    const given = new AbortController();
    const reason = new Error('too slow');
    const held: (() => void)[] = [];
    tradier.answer('quotes', (_request, response) => {
      held.push(() => answerJson(response, {}, 500));
    });
    const first = failureOf(feed.fetchChain('AAPL', signal));
    const second = failureOf(feed.fetchChain('AAPL', given.signal));
    const third = feed.fetchChain('AAPL', signal);
    given.abort(reason);
    expect(await second).toBe(reason);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect(tradier.requests.filter((path) => path.includes('/quotes'))).toHaveLength(1);
    tradier.answer('quotes', (_request, response) => answerJson(response, { quotes: { quote: aTradierQuote() } }));
    held[0]!();
    expect(await first).toBeInstanceOf(FeedUnavailableError);
    expect((await third).size).toBe(2);
  });

  it('stops before the limit does when an answer says that nothing is left', async () => {
    const nowMs = Date.UTC(2026, 6, 1, 15, 1);
    tradier.answer('expirations', (_request, response) => {
      const limit = { 'x-ratelimit-available': '0', 'x-ratelimit-expiry': String(nowMs + 30_000) };
      answerJson(response, { expirations: { date: '2026-08-21' } }, 200, limit);
    });
    await expect(aFeed().fetchChain('AAPL', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 30_000 });
    expect(tradier.requests).toHaveLength(1);
  });

  it('gives up on an answer that hangs, and on an abort in flight with its reason', async () => {
    tradier.answer('chains', () => {});
    await expect(aFeed({ timeoutMs: 40 }).fetchChain('AAPL', signal)).rejects.toThrow('within 40 ms');
    const controller = new AbortController();
    const reason = new Error('shutting down');
    tradier.answer('chains', () => controller.abort(reason));
    await expect(aFeed().fetchChain('AAPL', controller.signal)).rejects.toBe(reason);
  });

  it('keeps to half the pace in the sandbox', () => {
    const perMinute = (url: string) => aFeed({ url }).pace.requestsPerSecond * 60 * 40;
    expect(perMinute('https://sandbox.tradier.com/v1')).toBeCloseTo(51, 9);
    expect(perMinute('https://api.tradier.com/v1')).toBeCloseTo(108, 9);
  });
});
