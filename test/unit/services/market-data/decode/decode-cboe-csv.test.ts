import { describe, expect, it } from 'vitest';
import { decodeCboeCsv } from '../../../../../src/services/market-data/decode/decode-cboe-csv.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

const SIDE = 'Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest';
const HEADER = `Expiration Date,Calls,${SIDE},Strike,Puts,${SIDE}`;
const DATE_LINE = '"Date: December 12, 2022 at 8:30 PM EST",Bid: 3962.01,Ask: 4016.6299,Size: 1*1,Volume: 0';
const LINE =
  'Tue Dec 13 2022,SPXW221213C03600000,383.52,39.87,382.1,391,12,0.5702,0.9979,0,5,3600.00,SPXW221213P03600000,0.1,-0.225,0,0.05,1168,0.6909,-0.0021,0,3251';

function aTable(lines: readonly string[] = [LINE], { header = HEADER, dateLine = DATE_LINE } = {}): Uint8Array {
  return encode(['', 'Some Index,Last: 3990.5601,Change:  56.1801', dateLine, header, ...lines, ''].join('\n'));
}

describe('decodeCboeCsv', () => {
  it('reads the call and the put of a line, the index behind the root, its price and New York time', () => {
    const chain = decodeCboeCsv(aTable(), 'spx.csv');
    expect(chain.underlying).toMatchObject({ symbol: 'SPX', kind: 'INDEX' });
    expect(chain.underlyingPrice).toBe(3990.5601);
    expect(chain.quotedAtMs).toBe(Date.UTC(2022, 11, 13, 1, 30));
    expect(quotesBySymbol(chain)).toEqual({
      SPXW221213C03600000: {
        last: 383.52,
        bid: 382.1,
        ask: 391,
        volume: 12,
        vendorImpliedVolatility: 0.5702,
        vendorDelta: 0.9979,
        openInterest: 5,
      },
      SPXW221213P03600000: {
        last: 0.1,
        ask: 0.05,
        volume: 1168,
        vendorImpliedVolatility: 0.6909,
        vendorDelta: -0.0021,
        openInterest: 3251,
      },
    });
  });

  it.each([
    ['July 5, 2023 at 12:05 AM EDT', Date.UTC(2023, 6, 5, 4, 5)],
    ['July 5, 2023 at 12:05 PM EDT', Date.UTC(2023, 6, 5, 16, 5)],
    ['January 5, 2023 at 9:30 AM', Date.UTC(2023, 0, 5, 14, 30)],
  ])('reads the time %s', (date, expected) => {
    const line = LINE.replaceAll('221213', '231215');
    expect(decodeCboeCsv(aTable([line], { dateLine: `"Date: ${date}",Bid: 1` }), 'spx.csv').quotedAtMs).toBe(expected);
  });

  it('reads CRLF, a header that ends with a comma, and a last line without its end', () => {
    const text = new TextDecoder().decode(aTable([LINE], { header: `${HEADER},` })).trimEnd();
    expect(decodeCboeCsv(encode(text.replaceAll('\n', '\r\n')), 'spx.csv').size).toBe(2);
  });

  it('drops one side of a line without the other', () => {
    const badPut = LINE.replace('SPXW221213P', 'SPXW229913P').replaceAll('036', '037').replace('3600.00', '3700.00');
    const badCall = LINE.replace('382.1', 'oops').replaceAll('036', '038').replace('3600.00', '3800.00');
    const chain = decodeCboeCsv(aTable([LINE, badPut, badCall]), 'spx.csv');
    expect(Object.keys(quotesBySymbol(chain))).toEqual([
      'SPXW221213C03600000',
      'SPXW221213C03700000',
      'SPXW221213P03600000',
      'SPXW221213P03800000',
    ]);
    expect(chain.drops).toEqual([
      { reason: 'malformed-symbol', count: 1, firstAt: 'spx.csv, line 6, field Puts: expected an OCC symbol, found "SPXW229913P03700000"' },
      { reason: 'malformed-number', count: 1, firstAt: 'spx.csv, line 7, field Bid: expected a number, found "oops"' },
    ]);
  });

  it('drops a contract whose symbol and line disagree about the strike, and lines that are cut off', () => {
    const another = LINE.replaceAll('036', '035').replace('3600.00', '3500.00');
    const chain = decodeCboeCsv(aTable([LINE, LINE.replace('3600.00', '3601.00'), 'Tue Dec 13 2022,SPXW221213C03', another]), 'spx.csv');
    expect(chain.size).toBe(4);
    expect(chain.drops).toEqual([
      {
        reason: 'malformed-symbol',
        count: 2,
        firstAt: 'spx.csv, line 6, field Calls: expected a contract at the strike 3601.00 of its line, found "SPXW221213C03600000"',
      },
      { reason: 'missing-field', count: 1, firstAt: 'spx.csv, line 7, expected 22 fields, found 2' },
    ]);
  });

  it.each([
    [
      'a header with another column',
      aTable([LINE], { header: HEADER.replace('Strike', 'Strikes') }),
      /spx\.csv, line 4, field 12: expected the column Strike, found "Strikes"/,
    ],
    [
      'a header that ends early',
      aTable([LINE], { header: HEADER.slice(0, -14) }),
      /line 4, field 22: expected the column Open Interest, found ""/,
    ],
    ['a missing header', encode(`${DATE_LINE}\n${LINE}\n`), /expected a header that begins with Expiration Date,Calls,Last Sale/],
    ['a missing date', aTable([LINE], { dateLine: 'nothing' }), /above line 4: expected a line "Date:/],
    [
      'a date of another shape',
      aTable([LINE], { dateLine: 'Date: 12/12/2022' }),
      /line 3, field Date: expected a time like .*, found "Date: 12\/12\/2022"/,
    ],
    ['a table without lines', aTable([]), /field Calls: expected an OCC symbol, found no line/],
    ['a table without contracts', aTable(['a,b,c']), /from line 5, field Calls: expected an OCC symbol, found none, but "b"/],
    ['an empty file', encode(''), /found an empty file/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeCboeCsv(bytes, 'spx.csv')).toThrow(FeedMalformedError);
    expect(() => decodeCboeCsv(bytes, 'spx.csv')).toThrow(message);
  });
});
