import { describe, expect, it } from 'vitest';
import { decodeCboeJson } from '../../../../../src/services/market-data/decode/decode-cboe-json.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode, quotesBySymbol } from './quotes-by-symbol.ts';

const CALL = {
  option: 'RUTW230922C01800000',
  bid: 12.5,
  bid_size: 7,
  ask: 13.1,
  ask_size: 9,
  iv: 0.1834,
  open_interest: 120,
  volume: 33,
  delta: 0.61,
};
const PUT = { option: 'RUT231020P01000000', bid: 0, bid_size: 0, ask: 0.15, ask_size: 86, iv: 0, open_interest: 22, volume: 0, delta: 0 };

function aResponse(options: unknown = [CALL, PUT], overrides: Record<string, unknown> = {}): Uint8Array {
  return encode(
    JSON.stringify({
      timestamp: '2023-09-21 03:17:42',
      data: { options, symbol: '^RUT', current_price: 1806.12 },
      symbol: '_RUT',
      ...overrides,
    }),
  );
}

describe('decodeCboeJson', () => {
  it('reads contracts of all roots, the underlying and the time in UTC', () => {
    const chain = decodeCboeJson(aResponse(), 'rut.json');
    expect(chain.underlying).toMatchObject({ symbol: 'RUT', kind: 'INDEX', exerciseStyle: 'EUROPEAN' });
    expect(chain.underlyingPrice).toBe(1806.12);
    expect(chain.quotedAtMs).toBe(Date.UTC(2023, 8, 21, 3, 17, 42));
    expect(quotesBySymbol(chain)).toEqual({
      RUTW230922C01800000: {
        bid: 12.5,
        bidSize: 7,
        ask: 13.1,
        askSize: 9,
        vendorImpliedVolatility: 0.1834,
        openInterest: 120,
        volume: 33,
        vendorDelta: 0.61,
      },
      RUT231020P01000000: { bidSize: 0, ask: 0.15, askSize: 86, openInterest: 22, volume: 0 },
    });
    expect(chain.expirations.map(({ root, expiresAtMs }) => [root, expiresAtMs])).toEqual([
      ['RUTW', Date.UTC(2023, 8, 22, 20)],
      ['RUT', Date.UTC(2023, 9, 20, 13, 30)],
    ]);
  });

  it('dates quotes of an answer made outside the session by the newest trade in it', () => {
    const data = {
      options: [CALL, { ...PUT, last_trade_time: '2023-09-20T16:14:59' }],
      symbol: '^RUT',
      last_trade_time: '2023-09-20T16:15:04',
    };
    const quotedAt = (overrides: Record<string, unknown>) =>
      new Date(decodeCboeJson(aResponse([], overrides), 'rut.json').quotedAtMs).toISOString();
    expect(quotedAt({ data })).toBe('2023-09-20T20:15:04.000Z');
    expect(quotedAt({ data, timestamp: '2023-09-20 19:00:00' })).toBe('2023-09-20T19:00:00.000Z');
    const overnight = { ...data, options: [{ ...CALL, last_trade_time: '2023-09-20T22:30:00' }, PUT] };
    expect(quotedAt({ data: overnight })).toBe('2023-09-21T02:30:00.000Z');
    const ahead = { ...data, last_trade_time: '2023-09-21T09:30:00' };
    expect(quotedAt({ data: ahead })).toBe('2023-09-21T03:17:42.000Z');
  });

  it('reads last trade and theoretical price', () => {
    const chain = decodeCboeJson(aResponse([{ ...CALL, last_trade_price: 12.8, theo: 12.7512 }]), 'rut.json');
    expect(quotesBySymbol(chain).RUTW230922C01800000).toMatchObject({ last: 12.8, vendorMark: 12.7512 });
  });

  it('drops single options, and says which and why', () => {
    const options = [
      CALL,
      { ...CALL, option: 'RUTW' },
      null,
      { ...PUT, ask: 'x' },
      { ...PUT, bid: 1, ask: 0.5 },
      { ...CALL, option: 'SPXW230922C01800000' },
    ];
    const chain = decodeCboeJson(aResponse([...options, PUT, CALL, { ...CALL, option: 'RUTW230920C01800000' }]), 'rut.json');
    expect(Object.keys(quotesBySymbol(chain))).toEqual(['RUTW230922C01800000', 'RUT231020P01000000']);
    expect(chain.drops).toEqual([
      { reason: 'malformed-symbol', count: 2, firstAt: 'rut.json, option 2, field option: expected an OCC symbol, found "RUTW"' },
      { reason: 'malformed-number', count: 1, firstAt: 'rut.json, option 4, field ask: expected a number, found "x"' },
      { reason: 'crossed-quote', count: 1, firstAt: 'rut.json, option 5, field bid: expected at most the ask of 0.5, found 1' },
      { reason: 'foreign-underlying', count: 1, firstAt: 'rut.json, option 6, expected a contract on RUT, found the root SPXW' },
      {
        reason: 'expired',
        count: 1,
        firstAt:
          'rut.json, option 9, expected an expiration after the quote of 2023-09-21T03:17:42.000Z, found RUTW 2023-09-20 (2023-09-20T20:00:00.000Z)',
      },
      { reason: 'duplicate-contract', count: 1, firstAt: 'rut.json, option 8, expected each contract once, found one again' },
    ]);
  });

  it.each([
    ['what is not JSON', encode('{"timestamp":'), /expected a JSON document, found 13 bytes that are none/],
    ['an empty answer', encode(''), /expected a JSON document, found 0 bytes/],
    ['an array', encode('[]'), /expected an object, found "\[\]"/],
    ['no data', aResponse([], { data: undefined }), /field data: expected an object, found nothing/],
    ['no options', aResponse('none'), /field data\.options: expected an array, found "none"/],
    [
      'a time of another shape',
      aResponse([CALL], { timestamp: 1695266262 }),
      /field timestamp: expected a UTC time like .*, found "1695266262"/,
    ],
    ['no underlying', aResponse([CALL], { data: { options: [CALL] }, symbol: null }), /field data\.symbol: expected the symbol/],
    ['no record', aResponse([]), /expected at least one record, found none/],
    [
      'no price at all',
      aResponse([PUT, CALL].map((option) => ({ ...option, bid: 0, ask: 0 }))),
      /expected a price in at least one record, found none in all 2/,
    ],
    [
      'mostly unreadable records',
      aResponse([CALL, { option: 'a' }, { option: 'b' }]),
      /expected most records to be readable, found 2 of 3 that are not/,
    ],
    [
      'nothing but expired contracts',
      aResponse([{ ...CALL, option: 'RUTW200918C01800000' }]),
      /expected at least one usable record, found none among 1/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeCboeJson(bytes, 'rut.json')).toThrow(FeedMalformedError);
    expect(() => decodeCboeJson(bytes, 'rut.json')).toThrow(message);
  });

  it('reads past a byte order mark', () => {
    expect(decodeCboeJson(Buffer.concat([encode('\ufeff'), aResponse()]), 'rut.json').size).toBe(2);
  });
});
