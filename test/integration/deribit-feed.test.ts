import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeribitFeed, type DeribitFeedOptions } from '../../src/services/market-data/deribit/deribit-feed.ts';
import { FeedMalformedError, FeedUnavailableError, UnknownUnderlyingError } from '../../src/services/market-data/feed-errors.ts';
import type { MarketDataFeed } from '../../src/services/market-data/market-data-feed.ts';
import { aBookSummary, type DeribitServer, startDeribitServer } from '../support/vendors/start-deribit-server.ts';
import { answerHalf, answerJson } from '../support/vendors/start-vendor-server.ts';

const QUOTED_AT_MS = Date.UTC(2026, 6, 1, 12);
const signal = new AbortController().signal;
const log = pino({ enabled: false });

let deribit: DeribitServer;
let feeds: MarketDataFeed[] = [];
beforeEach(async () => {
  deribit = await startDeribitServer();
});
afterEach(async () => {
  await Promise.all(feeds.map((feed) => feed.stop()));
  feeds = [];
  await deribit.close();
});

function aFeed(overrides: Partial<DeribitFeedOptions> = {}): MarketDataFeed {
  const feed = createDeribitFeed({
    restUrl: `${deribit.url}/api/v2`,
    webSocketUrl: deribit.webSocketUrl,
    currencies: ['BTC'],
    clock: Date.now,
    log,
    random: () => 0,
    ...overrides,
    timings: { firstBackoffMs: 10, longestBackoffMs: 40, creditRefillMs: 20, ...overrides.timings },
  });
  feeds.push(feed);
  return feed;
}

function answer(...summaries: Record<string, unknown>[]): void {
  deribit.handle((_request, response) => answerJson(response, { jsonrpc: '2.0', result: summaries, usDiff: 1 }));
}

async function startedFeed(overrides: Partial<DeribitFeedOptions> = {}): Promise<MarketDataFeed> {
  const feed = aFeed(overrides);
  await feed.start(signal);
  await vi.waitFor(() => expect(deribit.called.some(({ method }) => method === 'public/subscribe')).toBe(true));
  return feed;
}

describe('Deribit over REST', () => {
  it('asks for the options of the currency and names what it reads', async () => {
    answer(aBookSummary());
    const feed = aFeed();
    const chain = await feed.fetchChain('BTC', signal);
    expect(deribit.requests).toEqual(['/api/v2/public/get_book_summary_by_currency?currency=BTC&kind=option']);
    expect(chain.underlying).toMatchObject({ symbol: 'BTC', symbology: 'DERIBIT', contractMultiplier: 1 });
    expect(feed.description).toBe(`Deribit, live options on BTC, from ${new URL(deribit.url).host}`);
    expect((await feed.listUnderlyings(signal)).map(({ symbol }) => symbol)).toEqual(['BTC']);
  });

  it('asks for linear options by USDC, takes those of the coin and counts in contracts of their size', async () => {
    const summary = aBookSummary({
      instrument_name: 'SOL_USDC-28AUG26-150-P',
      bid_price: 9.5,
      ask_price: 10,
      volume: 120,
      open_interest: 5_000,
    });
    deribit.handle((_request, response, url) =>
      answerJson(response, {
        result: url.pathname.endsWith('get_instruments')
          ? [
              { instrument_name: 'XRP_USDC-28AUG26-2d1-C', contract_size: 1_000 },
              { instrument_name: 'SOL_USDC-28AUG26-150-P', contract_size: 10 },
            ]
          : [aBookSummary({ instrument_name: 'XRP_USDC-28AUG26-2d1-C' }), summary],
      }),
    );
    const feed = aFeed({ currencies: ['SOL', 'DOGE'] });
    expect(await feed.listUnderlyings(signal)).toMatchObject([{ symbol: 'SOL', contractMultiplier: 10 }]);
    const chain = await feed.fetchChain('SOL', signal);
    expect(deribit.requests).toEqual([
      '/api/v2/public/get_instruments?currency=USDC&kind=option&expired=false',
      '/api/v2/public/get_book_summary_by_currency?currency=USDC&kind=option',
    ]);
    expect(chain.size).toBe(1);
    expect(chain.drops).toEqual([]);
    expect([chain.quotes.bid[0], chain.quotes.ask[0], chain.quotes.volume[0], chain.quotes.openInterest[0]]).toEqual([9.5, 10, 12, 500]);
    await expect(feed.fetchChain('DOGE', signal)).rejects.toThrow('those settled in USDC are on XRP_USDC, SOL_USDC');
  });

  it('says which underlyings it knows', async () => {
    await expect(aFeed().fetchChain('GOOG', signal)).rejects.toThrow(new UnknownUnderlyingError('expected one of BTC, got GOOG'));
  });

  it('asks to wait as long as credits take to fill up after too_many_requests', async () => {
    deribit.handle((_request, response) => answerJson(response, { error: { code: 10028, message: 'too_many_requests' } }, 400));
    await expect(aFeed().fetchChain('BTC', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 5_000 });
  });

  it('keeps to Retry-After of a 429, which otherwise means the credits as well', async () => {
    deribit.handle((_request, response) => answerJson(response, {}, 429, { 'retry-after': '3' }));
    await expect(aFeed().fetchChain('BTC', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 3_000 });
    deribit.handle((_request, response) => answerJson(response, {}, 429));
    await expect(aFeed().fetchChain('BTC', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 5_000 });
  });

  it('asks for a currency once within its pace, whichever of its coins is wanted', async () => {
    let nowMs = QUOTED_AT_MS;
    const isSummary = (path: string) => path.includes('get_book_summary_by_currency');
    deribit.handle((_request, response, url) =>
      answerJson(response, {
        result: isSummary(url.pathname)
          ? ['SOL', 'XRP'].map((coin) => aBookSummary({ instrument_name: `${coin}_USDC-28AUG26-2-C`, bid_price: 0.1, ask_price: 0.2 }))
          : ['SOL', 'XRP'].map((coin) => ({ instrument_name: `${coin}_USDC-28AUG26-2-C`, contract_size: 10 })),
      }),
    );
    const feed = aFeed({ currencies: ['SOL', 'XRP'], clock: () => nowMs });
    const chains = await Promise.all(['SOL', 'XRP', 'SOL'].map((symbol) => feed.fetchChain(symbol, signal)));
    expect(chains.map(({ underlying, size }) => [underlying.symbol, size])).toEqual([
      ['SOL', 1],
      ['XRP', 1],
      ['SOL', 1],
    ]);
    expect(chains[0]!.quotes.bid).not.toBe(chains[2]!.quotes.bid);
    expect(deribit.requests).toHaveLength(2);
    nowMs += 1_999;
    await feed.fetchChain('XRP', signal);
    expect(deribit.requests.filter(isSummary)).toHaveLength(1);
    nowMs += 1;
    await feed.fetchChain('XRP', signal);
    expect(deribit.requests.filter(isSummary)).toHaveLength(2);
    expect(deribit.requests).toHaveLength(3);
  });

  it.each([
    [{ error: { code: 11051, message: 'system_maintenance' } }, FeedUnavailableError, 'system_maintenance'],
    [{ result: [] }, FeedUnavailableError, 'expected the options of BTC, got none'],
    [
      { error: { code: -32602, message: 'Invalid params' } },
      FeedMalformedError,
      'expected a result, found error "-32602" "Invalid params"',
    ],
    [{ result: { a: 1 } }, FeedMalformedError, 'field result: expected an array, found "{\\"a\\":1}"'],
    [{}, FeedMalformedError, 'expected a result or an error'],
    [[], FeedMalformedError, 'expected an object'],
    [{ result: [7, null, 'x'] }, FeedMalformedError, 'expected at least one usable record, found none among 3'],
  ])('takes %j for a %o', async (document, expected, message) => {
    deribit.handle((_request, response) => answerJson(response, document));
    const error: Error = await aFeed()
      .fetchChain('BTC', signal)
      .then(
        () => expect.fail('expected a rejection'),
        (reason) => reason,
      );
    expect(error).toBeInstanceOf(expected);
    expect(error.message).toContain(message);
  });

  it('calls an answer that is cut short unavailable, and reads the next one', async () => {
    const feed = aFeed();
    deribit.handle((_request, response) => answerHalf(response));
    await expect(feed.fetchChain('BTC', signal)).rejects.toBeInstanceOf(FeedUnavailableError);
    answer(aBookSummary());
    expect((await feed.fetchChain('BTC', signal)).size).toBe(1);
  });

  it('rejects with the reason of an abort in flight', async () => {
    const controller = new AbortController();
    const reason = new Error('shutting down');
    deribit.handle(() => controller.abort(reason));
    await expect(aFeed().fetchChain('BTC', controller.signal)).rejects.toBe(reason);
  });
});

describe('Deribit over its socket', () => {
  it('starts without a network, and the fetch says that there is none', async () => {
    const feed = aFeed({ restUrl: 'http://127.0.0.1:9', webSocketUrl: 'ws://127.0.0.1:9' });
    await feed.start(signal);
    await expect(feed.fetchChain('BTC', signal)).rejects.toBeInstanceOf(FeedUnavailableError);
  });

  it('sets a heartbeat and subscribes to marks and indexes of all coins in one request', async () => {
    await startedFeed({ currencies: ['BTC', 'SOL'] });
    expect(deribit.called).toMatchObject([
      { method: 'public/set_heartbeat', params: { interval: 10 } },
      {
        method: 'public/subscribe',
        params: {
          channels: [
            'markprice.options.btc_usd',
            'deribit_price_index.btc_usd',
            'markprice.options.sol_usdc',
            'deribit_price_index.sol_usdc',
          ],
        },
      },
    ]);
  });

  it('takes the index and newer marks from the socket as soon as they come', async () => {
    const feed = await startedFeed();
    answer(aBookSummary());
    expect((await feed.fetchChain('BTC', signal)).underlyingPrice).toBe(60_000);
    deribit.notify('markprice.options.btc_usd', [
      { timestamp: QUOTED_AT_MS + 500, iv: 0.6, instrument_name: 'BTC-28AUG26-60000-C', mark_price: 0.06 },
    ]);
    deribit.notify('deribit_price_index.btc_usd', { index_name: 'btc_usd', price: 60_123.5, timestamp: QUOTED_AT_MS + 400 });
    await vi.waitFor(async () => expect((await feed.fetchChain('BTC', signal)).underlyingPrice).toBe(60_123.5));
    const { quotes } = await feed.fetchChain('BTC', signal);
    expect([quotes.vendorImpliedVolatility[0], quotes.original?.mark[0]]).toEqual([0.6, 0.06]);
    expect(quotes.vendorMark[0]).toBeCloseTo(3_630, 9);
  });

  it('answers test requests, and so is not cut off', async () => {
    await startedFeed();
    deribit.testRequest(60_000);
    await vi.waitFor(() => expect(deribit.called.at(-1)?.method).toBe('public/test'));
    expect(deribit.connections()).toBe(1);
    expect(deribit.openSockets()).toHaveLength(1);
  });

  it('connects and subscribes anew when the socket is cut, and reads chains meanwhile', async () => {
    const feed = await startedFeed();
    answer(aBookSummary());
    for (const socket of deribit.openSockets()) socket.terminate();
    expect((await feed.fetchChain('BTC', signal)).size).toBe(1);
    await vi.waitFor(() => expect(deribit.called.filter(({ method }) => method === 'public/subscribe')).toHaveLength(2));
    expect(deribit.connections()).toBe(2);
  });

  it('gives a silent connection up, even one that answers', async () => {
    await startedFeed({ timings: { silenceMs: 60 } });
    deribit.testRequest(60_000);
    await vi.waitFor(() => expect(deribit.connections()).toBeGreaterThan(1));
    await vi.waitFor(() => expect(deribit.openSockets().length).toBeLessThanOrEqual(1));
  });

  it('waits for its credits after too_many_requests', async () => {
    deribit.refuse({ code: 10028, message: 'too_many_requests' });
    const lines: string[] = [];
    const feed = aFeed({
      log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
      timings: { creditRefillMs: 2_000 },
    });
    await feed.start(signal);
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0));
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 40, reason: 'error 10028: too_many_requests', waitMs: 2_000 });
    deribit.refuse(null);
    await vi.waitFor(() => expect(deribit.connections()).toBe(2));
  });

  it('connects anew after a message that makes no sense', async () => {
    await startedFeed();
    deribit.openSockets()[0]!.send('<html>');
    await vi.waitFor(() => expect(deribit.connections()).toBe(2));
  });

  it('passes over notifications of another shape', async () => {
    const feed = await startedFeed();
    answer(aBookSummary());
    for (const data of [null, 7, {}, [null, 7, {}, { instrument_name: 'BTC-28AUG26-60000-C' }]]) {
      deribit.notify('markprice.options.btc_usd', data);
      deribit.notify('deribit_price_index.btc_usd', data);
      deribit.notify('somebody.else', data);
    }
    deribit.notify('deribit_price_index.btc_usd', { price: 61_000, timestamp: QUOTED_AT_MS });
    await vi.waitFor(async () => expect((await feed.fetchChain('BTC', signal)).underlyingPrice).toBe(61_000));
    expect(deribit.connections()).toBe(1);
  });

  it('says which channels Deribit does not know', async () => {
    const lines: string[] = [];
    const feed = aFeed({ log: pino({}, { write: (line: string) => lines.push(line) }) });
    deribit.handle(() => {});
    await feed.start(signal);
    await vi.waitFor(() => expect(deribit.openSockets()).toHaveLength(1));
    deribit.openSockets()[0]!.send(JSON.stringify({ jsonrpc: '2.0', id: 2, result: ['deribit_price_index.btc_usd'] }));
    await vi.waitFor(() => expect(lines.join()).toContain('Deribit does not know these channels'));
    expect(JSON.parse(lines[0]!)).toMatchObject({ channels: ['markprice.options.btc_usd'] });
  });

  it('leaves neither socket nor timer when it stops, connected or not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const feed = aFeed();
      await feed.start(signal);
      await vi.waitFor(() => expect(deribit.openSockets()).toHaveLength(1));
      expect(vi.getTimerCount()).toBe(1);
      await feed.stop();
      expect(vi.getTimerCount()).toBe(0);
      await vi.waitFor(() => expect(deribit.openSockets()).toHaveLength(0));
      await feed.stop();

      const connecting = aFeed();
      await connecting.start(signal);
      await connecting.stop();
      expect(vi.getTimerCount()).toBe(0);

      const lines: string[] = [];
      const lonely = aFeed({
        webSocketUrl: 'ws://127.0.0.1:9',
        log: pino({}, { write: (line: string) => lines.push(line) }),
        timings: { firstBackoffMs: 3_600_000, longestBackoffMs: 3_600_000 },
      });
      await lonely.start(signal);
      await vi.waitFor(() => expect(lines.join()).toContain('trying again'));
      expect(vi.getTimerCount()).toBe(1);
      await lonely.stop();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
