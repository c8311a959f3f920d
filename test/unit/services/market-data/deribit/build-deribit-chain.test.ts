import { describe, expect, it } from 'vitest';
import { contractSymbol } from '../../../../../src/domain/chain/contract-symbol.ts';
import { parseDeribitSymbol } from '../../../../../src/domain/chain/deribit-symbol.ts';
import { deribitUnderlying } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import { buildDeribitChain, type DeribitChainInput } from '../../../../../src/services/market-data/deribit/build-deribit-chain.ts';
import { deribitCoin } from '../../../../../src/services/market-data/deribit/deribit-coin.ts';
import { createLiveMarket } from '../../../../../src/services/market-data/deribit/live-market.ts';
import { aBookSummary } from '../../../../support/vendors/start-deribit-server.ts';

const QUOTED_AT_MS = Date.UTC(2026, 6, 1, 12);
const NAME = 'BTC-28AUG26-60000-C';

function aLiveMarket(...notifications: [channel: string, data: unknown][]) {
  const market = createLiveMarket([deribitCoin('BTC')]);
  for (const [channel, data] of notifications) market.accept(channel, data);
  return market.coin('BTC')!;
}

function aMark(overrides: Record<string, unknown> = {}): [string, unknown] {
  return [
    'markprice.options.btc_usd',
    [{ timestamp: QUOTED_AT_MS + 100, iv: 0.61, instrument_name: NAME, mark_price: 0.0612, ...overrides }],
  ];
}

function build(summaries: unknown[], overrides: Partial<DeribitChainInput> = {}) {
  return buildDeribitChain({
    coin: deribitCoin('BTC'),
    underlying: deribitUnderlying('BTC'),
    summaries,
    live: aLiveMarket(),
    maximumLiveAgeMs: 5_000,
    receivedAtMs: QUOTED_AT_MS + 60_000,
    readTerms: parseDeribitSymbol,
    source: 'deribit',
    ...overrides,
  });
}

describe('chain of a Deribit answer', () => {
  it('converts coin at the forward of the expiration, and keeps the coin beside it', () => {
    const chain = build([aBookSummary()]);
    const { quotes } = chain;
    // 0.05 · 60,500 = 3,025; 0.055 · 60,500 = 3,327.5; 0.0525 · 60,500 = 3,176.25; 0.051 · 60,500 = 3,085.5
    expect(quotes.bid[0]).toBeCloseTo(3_025, 9);
    expect(quotes.ask[0]).toBeCloseTo(3_327.5, 9);
    expect(quotes.vendorMark[0]).toBeCloseTo(3_176.25, 9);
    expect(quotes.last[0]).toBeCloseTo(3_085.5, 9);
    expect(quotes.original?.currency).toBe('BTC');
    expect([quotes.original?.bid[0], quotes.original?.ask[0], quotes.original?.mark[0]]).toEqual([0.05, 0.055, 0.0525]);
    expect(quotes.vendorImpliedVolatility[0]).toBeCloseTo(0.555, 12);
    expect([quotes.volume[0], quotes.openInterest[0], quotes.strike[0]]).toEqual([12.5, 340.2, 60_000]);
    expect(chain.quotedAtMs).toBe(QUOTED_AT_MS);
    expect(chain.expirations).toMatchObject([
      { root: 'BTC', date: '2026-08-28', expiresAtMs: Date.UTC(2026, 7, 28, 8), vendorForward: 60_500 },
    ]);
    expect(contractSymbol(chain, 0)).toBe(NAME);
  });

  it('takes null and 0 for no bid, no ask and no mark', () => {
    const { quotes, drops } = build([
      aBookSummary({ bid_price: null, ask_price: 0, mark_price: null, mark_iv: null, last: null }),
      aBookSummary({ instrument_name: 'BTC-28AUG26-60000-P', bid_price: 0, mark_iv: 0 }),
    ]);
    expect(drops).toEqual([]);
    for (const column of [quotes.bid, quotes.ask, quotes.vendorMark, quotes.last, quotes.vendorImpliedVolatility, quotes.original!.bid]) {
      expect(column[0]).toBeNaN();
    }
    expect(quotes.bid[1]).toBeNaN();
    expect(quotes.vendorImpliedVolatility[1]).toBeNaN();
  });

  it('leaves out what cannot be a quote, and counts it by reason', () => {
    const { size, drops } = build([
      aBookSummary(),
      aBookSummary(),
      aBookSummary({ instrument_name: 'BTC-28AUG26-61000-C', bid_price: 0.06, ask_price: 0.05 }),
      aBookSummary({ instrument_name: 'BTC-28AUG26-62000-C', bid_price: -0.01 }),
      aBookSummary({ instrument_name: 'BTC-28AUG26-63000-C', open_interest: -1 }),
      aBookSummary({ instrument_name: 'BTC-28AUG26-64000-C', ask_price: '0.06' }),
      aBookSummary({ instrument_name: 'BTC-1JUL26-60000-C', creation_timestamp: null }),
      aBookSummary({ instrument_name: 'BTC-25SEP26-60000-C', underlying_price: null }),
      aBookSummary({ instrument_name: 'ETH-28AUG26-4000-C' }),
      aBookSummary({ instrument_name: 'BTC-PERPETUAL' }),
      aBookSummary({ instrument_name: undefined }),
      null,
    ]);
    expect(size).toBe(1);
    expect(Object.fromEntries(drops.map(({ reason, count }) => [reason, count]))).toEqual({
      'crossed-quote': 1,
      'negative-price': 1,
      'negative-size': 1,
      'malformed-number': 1,
      expired: 1,
      'missing-field': 1,
      'foreign-underlying': 1,
      'malformed-symbol': 3,
      'duplicate-contract': 1,
    });
    expect(drops.find(({ reason }) => reason === 'malformed-number')?.firstAt).toBe(
      'deribit, result 6, field ask_price: expected a number, found "0.06"',
    );
  });

  it('reads linear options in dollars, without an original', () => {
    const { quotes, expirations, drops } = build(
      [
        aBookSummary({
          instrument_name: 'XRP_USDC-28AUG26-2d1-C',
          bid_price: 0.11,
          ask_price: 0.12,
          mark_price: 0.115,
          underlying_price: 2.05,
        }),
      ],
      { coin: deribitCoin('XRP'), underlying: { ...deribitUnderlying('XRP'), contractMultiplier: 1_000 } },
    );
    expect(drops).toEqual([]);
    expect([quotes.strike[0], quotes.bid[0], quotes.ask[0], quotes.vendorMark[0]]).toEqual([2.1, 0.11, 0.12, 0.115]);
    expect(quotes.original).toBeUndefined();
    expect(quotes.openInterest[0]).toBeCloseTo(0.3402, 12);
    expect(expirations).toMatchObject([{ root: 'XRP_USDC', vendorForward: 2.05 }]);
  });

  it('takes a mark of the socket when it is newer than the answer', () => {
    const { quotes } = build([aBookSummary()], { live: aLiveMarket(aMark()) });
    expect(quotes.original?.mark[0]).toBe(0.0612);
    // 0.0612 · 60,500 = 3,702.6
    expect(quotes.vendorMark[0]).toBeCloseTo(3_702.6, 9);
    expect(quotes.vendorImpliedVolatility[0]).toBe(0.61);
  });

  it('prefers the answer to an older mark, which fills what the answer leaves out', () => {
    const live = aLiveMarket(aMark({ timestamp: QUOTED_AT_MS - 5_000 }));
    expect(build([aBookSummary()], { live }).quotes.original?.mark[0]).toBe(0.0525);
    const { quotes } = build([aBookSummary({ mark_price: undefined, mark_iv: undefined })], { live });
    expect([quotes.original?.mark[0], quotes.vendorImpliedVolatility[0]]).toEqual([0.0612, 0.61]);
  });

  it('uses no mark and no index that is stale', () => {
    const staleMs = QUOTED_AT_MS - 5_001;
    const live = aLiveMarket(aMark({ timestamp: staleMs }), ['deribit_price_index.btc_usd', { price: 59_000, timestamp: staleMs }]);
    const { quotes, underlyingPrice } = build([aBookSummary({ mark_price: undefined, mark_iv: undefined })], { live });
    expect(quotes.vendorMark[0]).toBeNaN();
    expect(quotes.vendorImpliedVolatility[0]).toBeNaN();
    expect(underlyingPrice).toBe(60_000);
  });

  it('takes the index of the socket, otherwise that of the latest expiration, which is no average of its last half hour', () => {
    const summaries = [
      aBookSummary({ instrument_name: 'BTC-25SEP26-60000-C', estimated_delivery_price: 60_000 }),
      aBookSummary({ instrument_name: 'BTC-2JUL26-60000-C', estimated_delivery_price: 59_900 }),
    ];
    expect(build(summaries).underlyingPrice).toBe(60_000);
    const live = aLiveMarket(['deribit_price_index.btc_usd', { index_name: 'btc_usd', price: 60_050, timestamp: QUOTED_AT_MS - 5_000 }]);
    expect(build(summaries, { live }).underlyingPrice).toBe(60_050);
  });

  it('dates an answer that does not tell its time when it came', () => {
    expect(build([aBookSummary({ creation_timestamp: undefined })]).quotedAtMs).toBe(QUOTED_AT_MS + 60_000);
  });
});

describe('marks of the socket', () => {
  it('keeps the newest of each option and forgets old ones', () => {
    const live = aLiveMarket(
      aMark(),
      aMark({ timestamp: QUOTED_AT_MS - 1, mark_price: 0.01 }),
      aMark({ instrument_name: 'old', timestamp: 5 }),
    );
    expect(live.marks.get(NAME)).toEqual({ price: 0.0612, impliedVolatility: 0.61, timestampMs: QUOTED_AT_MS + 100 });
    expect(live.marks.size).toBe(2);
    live.marks.forgetBefore(QUOTED_AT_MS + 100);
    expect([live.marks.size, live.marks.get('old')]).toEqual([1, undefined]);
  });
});
