import { describe, expect, it } from 'vitest';
import { decodeIntradayCsv } from '../../../../../src/services/market-data/decode/decode-intraday-csv.ts';
import { decodeLeanUniverseCsv } from '../../../../../src/services/market-data/decode/decode-lean-universe-csv.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

describe('decodeIntradayCsv', () => {
  const HEADER =
    'snapshot_et,expiry,right,strike,bid,bid_size,ask,ask_size,quote_bar_start,last,volume,open_interest,underlying_last,underlying_bid,underlying_ask';
  const NAME = 'sets/goog_20151224_chain_5min.csv.gz';

  function aLine({
    time = '2015-12-24T09:35:00',
    expiry = '20151231',
    right = 'C',
    strike = '750.0',
    quotes = '6.9,34.0,7.7,7.0',
    spot = '749.4,748.95,749.67',
  } = {}) {
    return `${time},${expiry},${right},${strike},${quotes},2015-12-24T09:34:00,1.95,10,295.0,${spot}`;
  }

  function aFile(...lines: string[]): Uint8Array {
    return encode(`${[HEADER, ...lines].join('\n')}\n`);
  }

  it('reads each moment of New York time as a chain of its own', () => {
    const lines = [aLine(), aLine({ right: 'P', quotes: ',0.0,0.5,16.0' }), aLine({ time: '2015-12-24T09:40:00' })];
    const chains = decodeIntradayCsv(aFile(...lines), NAME);
    expect(chains.map(({ quotedAtMs, size, underlying }) => [quotedAtMs, size, underlying.symbol])).toEqual([
      [Date.UTC(2015, 11, 24, 14, 35), 2, 'GOOG'],
      [Date.UTC(2015, 11, 24, 14, 40), 1, 'GOOG'],
    ]);
    expect(quotesBySymbol(chains[0]!)).toEqual({
      GOOG151231C00750000: { bid: 6.9, bidSize: 34, ask: 7.7, askSize: 7, last: 1.95, volume: 10, openInterest: 295 },
      GOOG151231P00750000: { bidSize: 0, ask: 0.5, askSize: 16, last: 1.95, volume: 10, openInterest: 295 },
    });
    expect(decodeIntradayCsv(aFile(...lines), NAME, { symbol: 'GOOG', quotedAtMs: Date.UTC(2015, 11, 24, 14, 40) })).toEqual([chains[1]]);
  });

  it.each([
    ['the last trade within the quote', '749.4,748.95,749.67', 749.4],
    ['the middle of a quote that has left the last trade behind', '747.49,747.85,748.45', 748.15],
    ['the last trade without a quote', '747.49,,', 747.49],
    ['the middle without a last trade', ',748,749', 748.5],
  ])('prices the underlying by %s', (_, spot, expected) => {
    expect(decodeIntradayCsv(aFile(aLine({ spot })), NAME)[0]!.underlyingPrice).toBeCloseTo(expected, 10);
  });

  it('drops contracts that expire with the moment: at 13:00 on a short day', () => {
    const lines = [aLine({ time: '2015-12-24T12:55:00', expiry: '20151224' }), aLine({ time: '2015-12-24T13:00:00', expiry: '20151224' })];
    const [before, at] = decodeIntradayCsv(aFile(...lines), NAME);
    expect([before!.size, at!.size]).toEqual([1, 0]);
    expect(at!.drops).toMatchObject([{ reason: 'expired', count: 1 }]);
  });

  it('counts times, dates, rights and numbers that are none', () => {
    const good = [1, 2, 3, 4, 5].map((strike) => aLine({ strike: `75${strike}` }));
    const bad = [aLine({ time: 'noon' }), aLine({ expiry: '2015-12-31' }), aLine({ right: 'X' }), aLine({ quotes: 'a,1,2,3' })];
    const [chain] = decodeIntradayCsv(aFile(...good, ...bad), NAME);
    expect(chain!.size).toBe(5);
    expect(chain!.drops).toEqual([
      {
        reason: 'malformed-number',
        count: 2,
        firstAt: `${NAME}, line 7, field snapshot_et: expected a New York time like 2015-12-24T09:35:00, found "noon"`,
      },
      { reason: 'malformed-symbol', count: 2, firstAt: `${NAME}, line 8, field expiry: expected a date like 20151224, found "2015-12-31"` },
    ]);
  });

  it('refuses a file whose name does not say the underlying', () => {
    expect(() => decodeIntradayCsv(aFile(aLine()), 'sets/chain.csv')).toThrow(FeedMalformedError);
    expect(() => decodeIntradayCsv(aFile(aLine()), 'sets/chain.csv')).toThrow(
      /^sets\/chain\.csv, file name: expected symbol and date .*, found "chain\.csv"$/,
    );
  });
});

describe('decodeLeanUniverseCsv', () => {
  const HEADER = '#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho';
  const SPOT = ',,,747.9300,748.7700,747.8600,748.4000,106129,,,,,,,';
  const NAME = 'goog_20151224.csv';

  function aFile(...lines: string[]): Uint8Array {
    return encode(`${[HEADER, ...lines].join('\n')}\n`);
  }

  it('reads the underlying off the first line and the close as mark', () => {
    const chain = decodeLeanUniverseCsv(
      aFile(SPOT, '20151231,450,C,300.05,301.15,296.75,298.3,4,12,1.7405772,0.9915959,0.0001368,0.02,-0.3,0.07'),
      NAME,
    );
    expect(chain).toMatchObject({
      underlyingPrice: 748.4,
      quotedAtMs: Date.UTC(2015, 11, 24, 18),
      underlying: { symbol: 'GOOG', kind: 'EQUITY' },
    });
    expect(quotesBySymbol(chain)).toEqual({
      GOOG151231C00450000: { vendorMark: 298.3, volume: 4, openInterest: 12, vendorImpliedVolatility: 1.7405772, vendorDelta: 0.9915959 },
    });
  });

  it('takes zeros of single contracts for unknown', () => {
    const chain = decodeLeanUniverseCsv(
      aFile(SPOT, '20151231,450,C,1,1,1,1,0,,0,0,0,0,0,0', '20151231,460,C,0,0,0,0,0,,0,0,0,0,0,0'),
      NAME,
    );
    expect(quotesBySymbol(chain)).toEqual({ GOOG151231C00450000: { vendorMark: 1, volume: 0 }, GOOG151231C00460000: { volume: 0 } });
  });

  it('refuses a file that is all zeros', () => {
    const bytes = aFile(
      ',,,92.69,92.95,92.50,92.72,2467914,,,,,,,',
      '20140613,70.71,C,0,0,0,0,0,,0,0,0,0,0',
      '20140613,71.43,C,0,0,0,0,0,,0,0,0,0,0',
    );
    expect(() => decodeLeanUniverseCsv(bytes, 'aapl_20140606.csv')).toThrow(FeedMalformedError);
    expect(() => decodeLeanUniverseCsv(bytes, 'aapl_20140606.csv')).toThrow(
      'aapl_20140606.csv, field close: expected a price in at least one record, found none in all 2',
    );
  });

  it('refuses a name without a date', () => {
    expect(() => decodeLeanUniverseCsv(aFile(SPOT), 'goog.csv')).toThrow(/file name: expected symbol and date/);
    expect(() => decodeLeanUniverseCsv(aFile(SPOT), 'goog_20151350.csv')).toThrow(/file name: expected symbol and date/);
  });
});
