import { describe, expect, it } from 'vitest';
import { decodeEndOfDayCsv } from '../../../../../src/services/market-data/decode/decode-end-of-day-csv.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

const HEADER =
  'underlying,underlying_last,exchange,optionroot,type,expiration,quotedate,strike,last,net,bid,ask,volume,openinterest,impliedvol,delta,gamma';

function aLine({
  underlying = 'SPX',
  symbol = 'SPXW190531C02900000',
  quotedate = '05/24/2019',
  strike = '2900.0',
  rest = '1.5,0.0,1.4,1.6,25,310,0.0912,0.12,0.004',
} = {}) {
  return `${underlying},2826.06,CBOE,${symbol},call,05/31/2019,${quotedate},${strike},${rest}`;
}

function aFile(...lines: string[]): Uint8Array {
  return encode(`${[HEADER, ...lines].join('\n')}\n`);
}

describe('decodeEndOfDayCsv', () => {
  it('reads a line as of the close of its date', () => {
    const [chain] = decodeEndOfDayCsv(aFile(aLine()), 'SPX.csv');
    expect(chain).toMatchObject({ quotedAtMs: Date.UTC(2019, 4, 24, 20), underlyingPrice: 2826.06, underlying: { symbol: 'SPX' } });
    expect(quotesBySymbol(chain!)).toEqual({
      SPXW190531C02900000: {
        last: 1.5,
        bid: 1.4,
        ask: 1.6,
        volume: 25,
        openInterest: 310,
        vendorImpliedVolatility: 0.0912,
        vendorDelta: 0.12,
      },
    });
  });

  it('takes the early close of a short day', () => {
    const [chain] = decodeEndOfDayCsv(aFile(aLine({ quotedate: '07/03/2018' })), 'SPX.csv');
    expect(chain!.quotedAtMs).toBe(Date.UTC(2018, 6, 3, 17));
  });

  it('drops what was settled by the close of the day: weeklies and the monthly of its opening', () => {
    const lines = ['SPXW190524C02900000', 'SPX190524C02900000', 'SPXW190531C02900000'].map((symbol) => aLine({ symbol }));
    const [chain] = decodeEndOfDayCsv(aFile(...lines), 'SPX.csv');
    expect(chain!.size).toBe(1);
    expect(chain!.drops).toMatchObject([{ reason: 'expired', count: 2 }]);
  });

  it('sorts several days and underlyings of one file, and gives the one that is asked for', () => {
    const rut = aLine({ underlying: '^RUT', symbol: 'RUTW190531C02900000' });
    const bytes = aFile(
      aLine({ quotedate: '05/24/2019' }),
      rut,
      aLine({ quotedate: '05/23/2019' }),
      aLine({ symbol: 'SPXW190531P02900000' }),
    );
    const chains = decodeEndOfDayCsv(bytes, 'all.csv');
    expect(chains.map(({ underlying, quotedAtMs, size }) => [underlying.symbol, new Date(quotedAtMs).getUTCDate(), size])).toEqual([
      ['SPX', 23, 1],
      ['RUT', 24, 1],
      ['SPX', 24, 2],
    ]);
    const selected = decodeEndOfDayCsv(bytes, 'all.csv', { symbol: 'SPX', quotedAtMs: Date.UTC(2019, 4, 24, 20) });
    expect(selected).toEqual([chains[2]]);
    expect(decodeEndOfDayCsv(bytes, 'all.csv', { symbol: 'NDX', quotedAtMs: 0 })).toEqual([]);
  });

  it('finds columns by their names, whatever their order', () => {
    const bytes = encode('ask,bid,strike,quotedate,optionroot,underlying,extra\r\n1.6,1.4,2900,05/24/2019,SPXW190531C02900000,SPX,x\r\n');
    const [chain] = decodeEndOfDayCsv(bytes, 'SPX.csv');
    expect(quotesBySymbol(chain!)).toEqual({ SPXW190531C02900000: { bid: 1.4, ask: 1.6 } });
    expect(chain!.underlyingPrice).toBeNaN();
  });

  it('counts lines that cannot be read, with the position of the first', () => {
    const good = Array.from({ length: 8 }, (_, i) => aLine({ symbol: `SPXW190531C0290${i}000`, strike: `290${i}.0` }));
    const bytes = aFile(
      aLine({ quotedate: '24.05.2019' }),
      ...good,
      aLine({ symbol: 'SPXW1905C02900000' }),
      aLine({ strike: '2905.0' }),
      aLine({ symbol: 'SPXW190531C02800000', strike: '2800', rest: '1.5,0.0,1.4,abc,25,310,0.0912,0.12,0.004' }),
      aLine({ symbol: 'SPXW190531C02700000', strike: '2700', rest: '1.5,0.0,1.7,1.6,25,310,0.0912,0.12,0.004' }),
      'SPX,2826.06,CBOE',
      '\u0000\u0001\u0002',
    );
    const [chain] = decodeEndOfDayCsv(bytes, 'SPX.csv');
    expect(chain!.size).toBe(8);
    expect(chain!.drops).toEqual([
      {
        reason: 'malformed-number',
        count: 2,
        firstAt: 'SPX.csv, line 2, field quotedate: expected a date like 04/25/2019, found "24.05.2019"',
      },
      {
        reason: 'malformed-symbol',
        count: 2,
        firstAt: 'SPX.csv, line 11, field optionroot: expected an OCC symbol, found "SPXW1905C02900000"',
      },
      { reason: 'crossed-quote', count: 1, firstAt: 'SPX.csv, line 14, field bid: expected at most the ask of 1.6, found 1.7' },
      { reason: 'missing-field', count: 2, firstAt: 'SPX.csv, line 15, expected 12 fields, found 3' },
    ]);
  });

  it.each([
    [
      'a header without a column',
      encode(`${HEADER.replace('optionroot', 'root')}\n${aLine()}\n`),
      /^SPX\.csv, line 1, field optionroot: expected a column of this name, found "underlying,/,
    ],
    ['a file without lines', aFile(), /expected at least one record, found none/],
    ['an empty file', encode(''), /line 1: expected a header with the columns underlying, .*, found an empty file/],
    ['dates that are none', aFile(aLine({ quotedate: '?' })), /line 2, field quotedate: expected a date like 04\/25\/2019, found "\?"/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeEndOfDayCsv(bytes, 'SPX.csv')).toThrow(FeedMalformedError);
    expect(() => decodeEndOfDayCsv(bytes, 'SPX.csv')).toThrow(message);
  });
});
