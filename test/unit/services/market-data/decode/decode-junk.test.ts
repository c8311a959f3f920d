import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChainSnapshot } from '../../../../../src/domain/chain/chain-snapshot.ts';
import { CHAIN_FORMATS, type ChainFormat } from '../../../../../src/services/market-data/decode/chain-format.ts';
import { decodeChain } from '../../../../../src/services/market-data/decode/decode-chain.ts';
import { detectFormat } from '../../../../../src/services/market-data/decode/detect-format.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode } from './quotes-by-symbol.ts';

const SIDE = 'Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest';

/** A sound file of each format, small enough to be damaged anywhere. */
const SOUND: Readonly<Record<ChainFormat, string>> = {
  'cboe-json': JSON.stringify({
    timestamp: '2023-09-21 03:17:42',
    data: {
      options: [
        { option: 'RUTW230922C01800000', bid: 12.5, ask: 13.1, iv: 0.18, delta: 0.6, volume: 1, open_interest: 2, theo: 12.7 },
        { option: 'RUT231020P01000000', bid: 0, ask: 0.15, iv: 0, delta: 0, volume: 0, open_interest: 22 },
      ],
      symbol: '^RUT',
      current_price: 1806.12,
    },
  }),
  'cboe-csv': `X,Last: 3990.5\n"Date: December 12, 2022 at 8:30 PM EST",Bid: 1\nExpiration Date,Calls,${SIDE},Strike,Puts,${SIDE}\nTue Dec 13 2022,SPXW221213C03600000,383.5,39,382.1,391,12,0.57,0.99,0,5,3600.00,SPXW221213P03600000,0.1,-0.2,0,0.05,1168,0.69,-0.002,0,3251\n`,
  'end-of-day-csv':
    'underlying,underlying_last,exchange,optionroot,quotedate,strike,last,bid,ask,volume,openinterest,impliedvol,delta\nSPX,2826.06,CBOE,SPXW190531C02900000,05/24/2019,2900.0,1.5,1.4,1.6,25,310,0.09,0.12\nSPX,2826.06,CBOE,SPXW190531P02900000,05/24/2019,2900.0,1.5,1.4,1.6,25,310,0.09,-0.88\n',
  'deribit-csv':
    'snapshot_utc,exchange,underlying,instrument,mark_price,bid,ask,mark_iv,delta,open_interest,volume_24h,underlying_price\r\n2026-07-04 12:24:07,deribit,BTC,BTC-28AUG26-60000-C,0.05,0.04,0.06,49.6,,161.3,2.5,62000\r\n2026-07-04 12:24:07,deribit,ETH,ETH-28AUG26-1800-P,0.05,,0.06,49.6,,161.3,2.5,1750.5\r\n',
  'intraday-csv':
    'snapshot_et,expiry,right,strike,bid,bid_size,ask,ask_size,last,volume,open_interest,underlying_last,underlying_bid,underlying_ask\n2015-12-24T09:35:00,20151231,C,750.0,6.9,34.0,7.7,7.0,1.95,10,295.0,749.4,748.95,749.67\n2015-12-24T09:40:00,20151231,P,750.0,,34.0,7.7,7.0,,10,295.0,749.4,748.95,749.67\n',
  'lean-universe-csv':
    '#expiry,strike,right,close,volume,open_interest,implied_volatility,delta\n,,,748.4,106129,,,\n20151231,450,C,298.3,4,12,1.74,0.99\n20151231,450,P,0.1,4,12,1.74,-0.01\n',
  'strikewire-csv':
    'quoted_at,underlying,expiration,strike,right,bid,ask,volume\n2026-07-15T11:30:00-04:00,GOOG,2026-07-17,180,C,2.5,2.6,7\n2026-07-15T11:30:00-04:00,GOOG,2026-07-17,180,P,2.5,2.6,7\n',
};

/** What no file, however damaged, may get past a decoder. */
function expectSound(chain: ChainSnapshot): void {
  const { quotes, expirations, size, quotedAtMs } = chain;
  const { right, original, ...columns } = quotes;
  const numbers = [...Object.values(columns), ...(original ? [original.bid, original.ask, original.mark] : [])];
  expect(numbers.every((column) => column.length === size && column.every((value) => Number.isNaN(value) || Math.abs(value) < 1e13))).toBe(
    true,
  );
  expect([quotes.bid, quotes.ask, quotes.last, quotes.vendorMark].every((prices) => prices.every((price) => !(price <= 0)))).toBe(true);
  expect(quotes.bid.every((bid, row) => !(bid > quotes.ask[row]!))).toBe(true);
  expect(quotes.strike.every((strike) => strike > 0)).toBe(true);
  expect(right.length).toBe(size);
  expect(expirations.every(({ expiresAtMs }) => expiresAtMs > quotedAtMs)).toBe(true);
  expect(expirations.map(({ end }) => end).at(-1) ?? 0).toBe(size);
}

/** The chains of a file; none when it is refused, as a malformed file is. Any other error fails the test. */
function decodeOrRefuse(format: ChainFormat, bytes: Uint8Array): ChainSnapshot[] {
  try {
    return decodeChain(format, bytes, 'goog_20151224.csv');
  } catch (error) {
    if (error instanceof FeedMalformedError && error.message.length < 2000) return [];
    throw error;
  }
}

describe.each(CHAIN_FORMATS)('a damaged %s file', (format) => {
  const sound = encode(SOUND[format]);

  it('is a sound one to begin with', () => {
    expect(detectFormat(sound)).toBe(format);
    expect(decodeChain('auto', sound, 'goog_20151224.csv').reduce((sum, { size }) => sum + size, 0)).toBe(2);
  });

  it('is refused or read without its bad records, wherever bytes are changed', () => {
    const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Uint8Array.from(sound);
        for (const [at, byte] of changes) bytes[at] = byte;
        decodeOrRefuse(format, bytes).forEach(expectSound);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused or read as far as it goes, wherever it is cut off', () => {
    for (let length = 0; length < sound.length; length++) decodeOrRefuse(format, sound.slice(0, length)).forEach(expectSound);
  });

  it('is refused or read when numbers are replaced by things that are none, or no good', () => {
    const words = fc.constantFrom(
      '-1',
      'NaN',
      'Infinity',
      '1e308',
      '1e999',
      '-0',
      '',
      'null',
      '99999999999999999999',
      '0x1F',
      '\u0000',
      '"',
      '1,5',
      '-999',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), words), { minLength: 1, maxLength: 4 }), (changes) => {
        let text = SOUND[format];
        for (const [nth, word] of changes) {
          let seen = 0;
          text = text.replaceAll(/(?<=[,:])-?\d+(\.\d+)?(?=[,}\r\n])/g, (number) => (seen++ === nth % 30 ? word : number));
        }
        decodeOrRefuse(format, encode(text)).forEach(expectSound);
      }),
      { numRuns: 200 },
    );
  });
});

describe('binary junk', () => {
  it('is refused as every format', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...CHAIN_FORMATS), (bytes, format) => {
        expect(() => decodeChain(format, bytes, 'goog_20151224.csv')).toThrow(FeedMalformedError);
      }),
    );
  });
});
