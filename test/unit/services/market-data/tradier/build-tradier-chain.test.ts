import { describe, expect, it } from 'vitest';
import { contractSymbol } from '../../../../../src/domain/chain/contract-symbol.ts';
import { usUnderlying } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import { buildTradierChain, type TradierChainInput } from '../../../../../src/services/market-data/tradier/build-tradier-chain.ts';
import { aTradierOption } from '../../../../support/vendors/start-tradier-server.ts';

const RECEIVED_AT_MS = Date.UTC(2026, 6, 1, 15, 1);

function build(options: unknown[], overrides: Partial<TradierChainInput> = {}) {
  return buildTradierChain({
    underlying: usUnderlying('AAPL'),
    quote: { price: 231.4, quotedAtMs: Date.UTC(2026, 6, 1, 15) },
    answers: [options],
    receivedAtMs: RECEIVED_AT_MS,
    source: 'tradier',
    signal: new AbortController().signal,
    ...overrides,
  });
}

describe('chain of Tradier answers', () => {
  it('reads an option as it is stated', async () => {
    const chain = await build([aTradierOption()]);
    const { quotes } = chain;
    expect(contractSymbol(chain, 0)).toBe('AAPL260821C00230000');
    expect([quotes.bid[0], quotes.ask[0], quotes.bidSize[0], quotes.askSize[0], quotes.last[0]]).toEqual([8.1, 8.3, 20, 31, 8.2]);
    expect([quotes.volume[0], quotes.openInterest[0]]).toEqual([420, 3_100]);
    expect([quotes.vendorImpliedVolatility[0], quotes.vendorDelta[0]]).toEqual([0.25, 0.55]);
    expect(chain.underlyingPrice).toBe(231.4);
    // 21 August 2026, 16:00 New York in summer.
    expect(chain.expirations[0]?.expiresAtMs).toBe(Date.UTC(2026, 7, 21, 20));
  });

  it('takes a mid_iv of 0 for unknown and smv_vol instead, and no delta of the wrong sign', async () => {
    const { quotes, drops } = await build([
      aTradierOption({ option_type: 'put', strike: 1, greeks: { delta: 1, mid_iv: 0, smv_vol: 0.38 } }),
      aTradierOption({ option_type: 'put', strike: 2, greeks: { delta: -0.4, mid_iv: 0, smv_vol: 0 } }),
      aTradierOption({ option_type: 'put', strike: 3, greeks: null }),
      aTradierOption({ option_type: 'put', strike: 4, greeks: undefined }),
    ]);
    expect(drops).toEqual([]);
    expect([...quotes.vendorImpliedVolatility]).toEqual([0.38, Number.NaN, Number.NaN, Number.NaN]);
    expect([...quotes.vendorDelta]).toEqual([Number.NaN, -0.4, Number.NaN, Number.NaN]);
  });

  it('takes a bid of 0 for no bid and an absent last for unknown', async () => {
    const { quotes } = await build([aTradierOption({ bid: 0, last: null })]);
    expect(quotes.bid[0]).toBeNaN();
    expect(quotes.last[0]).toBeNaN();
    expect(quotes.ask[0]).toBe(8.3);
  });

  it('merges expirations and roots into one chain', async () => {
    const spx = (root: string, date: string) => aTradierOption({ root_symbol: root, expiration_date: date, strike: 6_300 });
    const chain = await build([], {
      underlying: usUnderlying('SPX'),
      answers: [[spx('SPXW', '2026-09-18'), spx('SPX', '2026-09-18')], [], [spx('SPXW', '2026-07-31')]],
    });
    expect(chain.drops).toEqual([]);
    expect(chain.expirations.map(({ root, date }) => `${root} ${date}`)).toEqual(['SPXW 2026-07-31', 'SPX 2026-09-18', 'SPXW 2026-09-18']);
  });

  it('leaves out what cannot be a quote, and counts it by reason', async () => {
    const { size, drops } = await build([
      aTradierOption(),
      aTradierOption({ strike: 231, bid: 9 }),
      aTradierOption({ strike: 232, ask: -1 }),
      aTradierOption({ strike: 233, bidsize: -2 }),
      aTradierOption({ strike: 234, volume: '420' }),
      aTradierOption({ strike: null }),
      aTradierOption({ strike: 235, contract_size: 150 }),
      aTradierOption({ strike: 236, root_symbol: 'AAPL1' }),
      aTradierOption({ strike: 237, expiration_date: '2026-06-19' }),
      aTradierOption({ strike: 238, option_type: 'warrant' }),
      aTradierOption({ strike: 239, root_symbol: undefined }),
      null,
      7,
    ]);
    expect(size).toBe(1);
    expect(Object.fromEntries(drops.map(({ reason, count }) => [reason, count]))).toEqual({
      'crossed-quote': 1,
      'negative-price': 1,
      'negative-size': 1,
      'malformed-number': 1,
      'missing-field': 1,
      'foreign-underlying': 2,
      expired: 1,
      'malformed-symbol': 4,
    });
  });

  it('is as old as its newest quote, and never from the future', async () => {
    expect((await build([aTradierOption()])).quotedAtMs).toBe(Date.UTC(2026, 6, 1, 15, 0, 2));
    expect((await build([aTradierOption({ bid_date: RECEIVED_AT_MS + 5_000 })])).quotedAtMs).toBe(RECEIVED_AT_MS);
    const undated = aTradierOption({ bid_date: 0, ask_date: 0, trade_date: null });
    expect((await build([undated])).quotedAtMs).toBe(Date.UTC(2026, 6, 1, 15));
    expect((await build([undated], { quote: { price: 231.4, quotedAtMs: 0 } })).quotedAtMs).toBe(RECEIVED_AT_MS);
  });

  it('lets the event loop turn between expirations, and stops when it is told to', async () => {
    const expirations = Array.from({ length: 4 }, (_, month) => `2026-1${month % 3}-${10 + month}`);
    const answers = expirations.map((date) =>
      Array.from({ length: 1_600 }, (_, i) => aTradierOption({ expiration_date: date, strike: 1 + i })),
    );
    let turns = 0;
    let isBuilding = true;
    const turn = (): void => {
      turns++;
      if (isBuilding) setImmediate(turn);
    };
    setImmediate(turn);
    const chain = await build([], { answers });
    isBuilding = false;
    expect(chain.size).toBe(6_400);
    expect(turns).toBeGreaterThanOrEqual(4);

    const controller = new AbortController();
    const reason = new Error('shutting down');
    const aborted = build([], { answers, signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
  });
});
