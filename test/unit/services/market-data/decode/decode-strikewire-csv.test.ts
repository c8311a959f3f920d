import { describe, expect, it } from 'vitest';
import { decodeStrikewireCsv } from '../../../../../src/services/market-data/decode/decode-strikewire-csv.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

describe('decodeStrikewireCsv', () => {
  it('reads the required columns alone', () => {
    const bytes = encode('quoted_at,underlying,expiration,strike,right,bid,ask\n2026-07-15T11:30:00-04:00,GOOG,2026-07-17,180,C,2.5,2.6\n');
    const [chain] = decodeStrikewireCsv(bytes, 'mine.csv');
    expect(chain).toMatchObject({ quotedAtMs: Date.UTC(2026, 6, 15, 15, 30), underlying: { symbol: 'GOOG', kind: 'EQUITY' } });
    expect(quotesBySymbol(chain!)).toEqual({ GOOG260717C00180000: { bid: 2.5, ask: 2.6 } });
  });

  it('reads every optional column', () => {
    const bytes = encode(
      'quoted_at,underlying,root,underlying_price,expiration,strike,right,bid,ask,bid_size,ask_size,last,volume,open_interest,mark,implied_volatility,delta\n' +
        '2026-07-15T15:30:00Z,SPX,SPXW,6200.5,2026-07-17,6200,put,20.1,20.5,10,12,20.2,900,4000,20.3,0.15,-0.48\n',
    );
    const [chain] = decodeStrikewireCsv(bytes, 'mine.csv');
    expect(chain!.underlyingPrice).toBe(6200.5);
    expect(quotesBySymbol(chain!)).toEqual({
      SPXW260717P06200000: {
        bid: 20.1,
        ask: 20.5,
        bidSize: 10,
        askSize: 12,
        last: 20.2,
        volume: 900,
        openInterest: 4000,
        vendorMark: 20.3,
        vendorImpliedVolatility: 0.15,
        vendorDelta: -0.48,
      },
    });
  });

  it('refuses times without a zone', () => {
    const bytes = encode('quoted_at,underlying,expiration,strike,right,bid,ask\n2026-07-15T11:30:00,GOOG,2026-07-17,180,C,2.5,2.6\n');
    expect(() => decodeStrikewireCsv(bytes, 'mine.csv')).toThrow(FeedMalformedError);
    expect(() => decodeStrikewireCsv(bytes, 'mine.csv')).toThrow(/line 2, field quoted_at: expected a time with its zone/);
  });
});
