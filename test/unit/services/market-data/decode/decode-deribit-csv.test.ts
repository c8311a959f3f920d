import { describe, expect, it } from 'vitest';
import { decodeDeribitCsv } from '../../../../../src/services/market-data/decode/decode-deribit-csv.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

const HEADER =
  'snapshot_utc,exchange,underlying,instrument,expiry,strike,type,mark_price,bid,ask,mark_iv,delta,gamma,vega,theta,open_interest,volume_24h,underlying_price';

function aLine({
  underlying = 'BTC',
  instrument = 'BTC-28AUG26-60000-C',
  mark = '0.05',
  bid = '0.04',
  ask = '0.06',
  iv = '49.63',
  forward = '62000',
} = {}) {
  return `2026-07-04 12:24:07,deribit,${underlying},${instrument},x,1,call,${mark},${bid},${ask},${iv},,,,,161.3,2.5,${forward}`;
}

function aFile(...lines: string[]): Uint8Array {
  return encode(`${[HEADER, ...lines].join('\r\n')}\r\n`);
}

describe('decodeDeribitCsv', () => {
  it('turns coin into dollars at the forward of the expiration and keeps the coin beside it', () => {
    const [chain] = decodeDeribitCsv(aFile(aLine()), '2026-07-04.csv');
    expect(chain).toMatchObject({
      quotedAtMs: Date.UTC(2026, 6, 4, 12, 24, 7),
      underlying: { symbol: 'BTC', kind: 'CRYPTO', contractMultiplier: 1 },
    });
    expect(quotesBySymbol(chain!)).toEqual({
      'BTC-28AUG26-60000-C': { bid: 2480, ask: 3720, vendorMark: 3100, vendorImpliedVolatility: 0.4963, openInterest: 161.3, volume: 2.5 },
    });
    expect(chain!.quotes.original).toEqual({
      currency: 'BTC',
      bid: Float64Array.of(0.04),
      ask: Float64Array.of(0.06),
      mark: Float64Array.of(0.05),
    });
    expect(chain!.expirations[0]).toMatchObject({ vendorForward: 62_000, expiresAtMs: Date.UTC(2026, 7, 28, 8) });
  });

  it('takes one forward for all lines of an expiration, the first', () => {
    const [chain] = decodeDeribitCsv(aFile(aLine(), aLine({ instrument: 'BTC-28AUG26-70000-C', forward: '62001' })), 'a.csv');
    expect(Array.from(chain!.quotes.bid)).toEqual([2480, 2480]);
    expect(chain!.expirations[0]!.vendorForward).toBe(62_000);
  });

  it('sorts the coins of a file into chains of their own, priced at their nearest forward', () => {
    const lines = [
      aLine({ instrument: 'BTC-25DEC26-60000-P', forward: '65000' }),
      aLine({ underlying: 'ETH', instrument: 'ETH-28AUG26-1800-P', forward: '1750.5' }),
      aLine(),
    ];
    const chains = decodeDeribitCsv(aFile(...lines), 'a.csv');
    expect(chains.map(({ underlying, underlyingPrice, size }) => [underlying.symbol, underlyingPrice, size])).toEqual([
      ['BTC', 62_000, 2],
      ['ETH', 1750.5, 1],
    ]);
    expect(chains[1]!.quotes.original!.currency).toBe('ETH');
    expect(decodeDeribitCsv(aFile(...lines), 'a.csv', { symbol: 'ETH', quotedAtMs: Date.UTC(2026, 6, 4, 12, 24, 7) })).toEqual([chains[1]]);
  });

  it('has no price for an empty bid, a volatility of 0 or a coin price of 0', () => {
    const [chain] = decodeDeribitCsv(aFile(aLine({ bid: '', iv: '0', mark: '0.0' })), 'a.csv');
    expect(quotesBySymbol(chain!)).toEqual({ 'BTC-28AUG26-60000-C': { ask: 3720, openInterest: 161.3, volume: 2.5 } });
    expect(chain!.quotes.original!.bid[0]).toBeNaN();
  });

  it('takes linear contracts as they are, in dollars', () => {
    const [chain] = decodeDeribitCsv(
      aFile(aLine({ underlying: 'SOL_USDC', instrument: 'SOL_USDC-28AUG26-152d5-C', bid: '3.1', ask: '3.3', forward: '150' })),
      'a.csv',
    );
    expect(chain!.underlying.symbol).toBe('SOL');
    expect(quotesBySymbol(chain!)['SOL_USDC-28AUG26-152d5-C']).toMatchObject({ bid: 3.1, ask: 3.3 });
    expect(chain!.quotes.original!.bid[0]).toBeNaN();
  });

  it('drops what cannot be converted, read or is over', () => {
    const lines = [
      aLine(),
      aLine({ instrument: 'BTC-28AUG26-61000-C' }),
      aLine({ instrument: 'BTC-28AUG26-62000-C' }),
      aLine({ instrument: 'BTC-25DEC26-60000-C', forward: '' }),
      aLine({ instrument: 'BTC-PERPETUAL' }),
      aLine({ instrument: 'ETH-28AUG26-60000-C' }),
      aLine({ instrument: 'BTC-4JUL26-60000-C' }),
    ];
    const [chain] = decodeDeribitCsv(aFile(...lines), 'a.csv');
    expect(chain!.size).toBe(3);
    expect(chain!.drops.map(({ reason, count }) => [reason, count])).toEqual([
      ['missing-field', 1],
      ['malformed-symbol', 1],
      ['foreign-underlying', 1],
      ['expired', 1],
    ]);
    expect(chain!.drops[0]!.firstAt).toBe('a.csv, line 5, field underlying_price: expected a forward to convert coin with, found ""');
  });

  it('refuses a header without underlying_price', () => {
    expect(() => decodeDeribitCsv(encode(`${HEADER.replace(',underlying_price', '')}\n`), 'a.csv')).toThrow(FeedMalformedError);
  });
});
