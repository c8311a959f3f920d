import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CboeFeedOptions, createCboeFeed } from '../../src/services/market-data/cboe/cboe-feed.ts';
import { createDecodeWorker } from '../../src/services/market-data/decode/decode-worker.ts';
import {
  FeedMalformedError,
  FeedRefusedError,
  FeedUnavailableError,
  UnknownUnderlyingError,
} from '../../src/services/market-data/feed-errors.ts';
import { aCboeAnswer, aCboeOption } from '../support/vendors/a-cboe-answer.ts';
import { answerHalf, answerJson, startVendorServer, type VendorServer } from '../support/vendors/start-vendor-server.ts';

const signal = new AbortController().signal;
let cboe: VendorServer;
let nowMs: number;
const decodeWorker = createDecodeWorker();
beforeAll(async () => {
  cboe = await startVendorServer();
});
afterAll(() => Promise.all([cboe.close(), decodeWorker.stop()]));
beforeEach(() => {
  nowMs = Date.UTC(2026, 6, 1, 14, 45);
  cboe.handle((_request, response) => answerJson(response, aCboeAnswer([aCboeOption()])));
});

function aFeed(overrides: Partial<CboeFeedOptions> = {}) {
  return createCboeFeed({
    url: cboe.url,
    acceptTerms: true,
    symbols: ['RUT', 'AAPL'],
    clock: () => nowMs,
    decodeWorker,
    timeoutMs: 60_000,
    ...overrides,
  });
}

describe('Cboe delayed quotes', () => {
  it('reads a chain, of an index by its name with an underscore', async () => {
    const feed = aFeed();
    await feed.start(signal);
    const chain = await feed.fetchChain('RUT', signal);
    expect(cboe.requests.at(-1)).toBe('/_RUT.json');
    expect(chain.underlying).toMatchObject({ symbol: 'RUT', kind: 'INDEX' });
    expect(chain.underlyingPrice).toBe(2_301.5);
    expect(chain.quotedAtMs).toBe(Date.UTC(2026, 6, 1, 14, 30, 12));
    const { quotes } = chain;
    expect([quotes.bid[0], quotes.ask[0], quotes.vendorMark[0], quotes.vendorImpliedVolatility[0]]).toEqual([41.2, 42, 41.6, 0.1932]);
    cboe.handle((_request, response) =>
      answerJson(response, aCboeAnswer([aCboeOption({ option: 'AAPL260828C00200000' })], { symbol: 'AAPL' })),
    );
    nowMs += 2_000;
    await feed.fetchChain('AAPL', signal);
    expect(cboe.requests.at(-1)).toBe('/AAPL.json');
    expect((await feed.listUnderlyings(signal)).map(({ symbol }) => symbol)).toEqual(['RUT', 'AAPL']);
  });

  it('reads nothing without consent to the terms, and says why', async () => {
    const feed = aFeed({ acceptTerms: false });
    const before = cboe.requests.length;
    for (const attempt of [feed.start(signal), feed.listUnderlyings(signal), feed.fetchChain('RUT', signal)]) {
      const error: Error = await attempt.then(
        () => expect.fail('expected a rejection'),
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(FeedRefusedError);
      expect(error.message).toContain('personal use and no automated extraction');
      expect(error.message).toContain('FEED_CBOE_ACCEPT_TERMS=true');
    }
    expect(cboe.requests).toHaveLength(before);
  });

  it('asks for one symbol once a minute, failed attempts included', async () => {
    const feed = aFeed({ minimumIntervalMs: 5 });
    expect(feed.pace.minimumIntervalMs).toBe(60_000);
    cboe.handle((_request, response) => answerJson(response, {}, 503));
    await expect(feed.fetchChain('RUT', signal)).rejects.toBeInstanceOf(FeedUnavailableError);
    cboe.handle((_request, response) => answerJson(response, aCboeAnswer([aCboeOption()])));
    const before = cboe.requests.length;
    nowMs += 49_999;
    await expect(feed.fetchChain('RUT', signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 10_001 });
    expect(cboe.requests).toHaveLength(before);
    nowMs += 10_001;
    expect((await feed.fetchChain('RUT', signal)).size).toBe(1);
    nowMs -= 3_600_000;
    expect((await feed.fetchChain('RUT', signal)).size).toBe(1);
    expect(aFeed({ minimumIntervalMs: 90_000 }).pace.minimumIntervalMs).toBe(90_000);
  });

  it('waits for the rest of the minute when little of it is left', async () => {
    const feed = aFeed();
    await feed.fetchChain('RUT', signal);
    nowMs += 59_980;
    const controller = new AbortController();
    const second = feed.fetchChain('RUT', controller.signal);
    // Its own turn is reserved: a third one comes after it.
    await expect(feed.fetchChain('RUT', signal)).rejects.toMatchObject({ retryAfterMs: 60_020 });
    expect((await second).size).toBe(1);
    nowMs += 55_000;
    const reason = new Error('shutting down');
    const aborted = feed.fetchChain('RUT', controller.signal);
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
  });

  it('knows the symbols it was given, and those that Cboe has', async () => {
    const feed = aFeed();
    await expect(feed.fetchChain('../SPX', signal)).rejects.toThrow(new UnknownUnderlyingError('expected one of RUT, AAPL, got ../SPX'));
    for (const status of [403, 404]) {
      cboe.handle((_request, response) => answerJson(response, {}, status));
      nowMs += 60_000;
      await expect(feed.fetchChain('AAPL', signal)).rejects.toThrow(`expected delayed quotes of AAPL, got HTTP status ${status}`);
    }
  });

  it.each([
    [
      'another symbol',
      aCboeAnswer([aCboeOption({ option: 'SPXW260828C06300000' })], { symbol: '^SPX' }),
      'field data.symbol: expected RUT, found SPX',
    ],
    ['no options', { timestamp: '2026-07-01 14:30:12', data: {} }, 'field data.options: expected an array, found nothing'],
    ['no object', [], 'expected an object, found "[]"'],
  ])('refuses an answer with %s', async (_what, document, message) => {
    cboe.handle((_request, response) => answerJson(response, document));
    const error: Error = await aFeed()
      .fetchChain('RUT', signal)
      .then(
        () => expect.fail('expected a rejection'),
        (reason) => reason,
      );
    expect(error).toBeInstanceOf(FeedMalformedError);
    expect(error.message).toContain(message);
  });

  it('leaves negative and crossed quotes out and counts them', async () => {
    const options = [
      aCboeOption(),
      aCboeOption({ option: 'RUTW260828C02310000', bid: -1 }),
      aCboeOption({ option: 'RUTW260828C02320000', bid: 43 }),
    ];
    cboe.handle((_request, response) => answerJson(response, aCboeAnswer(options)));
    const { size, drops } = await aFeed().fetchChain('RUT', signal);
    expect(size).toBe(1);
    expect(drops.map(({ reason, count }) => [reason, count])).toEqual([
      ['negative-price', 1],
      ['crossed-quote', 1],
    ]);
  });

  it('calls an answer that is cut short or hangs unavailable', async () => {
    cboe.handle((_request, response) => answerHalf(response));
    await expect(aFeed().fetchChain('RUT', signal)).rejects.toBeInstanceOf(FeedUnavailableError);
    cboe.handle(() => {});
    await expect(aFeed({ timeoutMs: 30 }).fetchChain('RUT', signal)).rejects.toThrow('within 30 ms');
  });
});
