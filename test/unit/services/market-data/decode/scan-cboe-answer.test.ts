import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChainBuilder } from '../../../../../src/domain/chain/chain-builder.ts';
import { usUnderlying } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import type { CboeAnswer } from '../../../../../src/services/market-data/decode/cboe-answer.ts';
import { parseCboeAnswer } from '../../../../../src/services/market-data/decode/parse-cboe-answer.ts';
import { scanCboeAnswer } from '../../../../../src/services/market-data/decode/scan-cboe-answer.ts';

const OPTION = {
  option: 'RUTW230922C01800000',
  bid: 12.5,
  bid_size: 7.0,
  ask: 13.1,
  ask_size: 9,
  iv: 0.1834,
  open_interest: 120,
  volume: 33,
  delta: 0.61,
  tick: 'no_change',
  theo: 12.7512,
  last_trade_price: 12.8,
  last_trade_time: '2023-09-20T16:14:59',
  prev_day_close: 833.399993896484,
};

function anAnswer(options: unknown, data: Record<string, unknown> = {}): string {
  return JSON.stringify({
    timestamp: '2023-09-21 03:17:42',
    data: { options, symbol: '^RUT', current_price: 1806.12, ...data },
    symbol: '_RUT',
  });
}

function scan(text: string): CboeAnswer | null {
  return scanCboeAnswer(Buffer.from(text));
}

/** All that an answer says, its list of options aside. */
function contentOf({ response, data, count, newestTradeTime, addTo }: CboeAnswer): unknown {
  const builder = createChainBuilder({
    underlying: usUnderlying('RUT'),
    quotedAtMs: Date.UTC(2023, 8, 20, 20),
    underlyingPrice: Number.NaN,
    source: 'rut.json',
    positionUnit: 'option',
  });
  addTo(builder);
  const { quotes, drops, expirations } = builder.build();
  return {
    timestamp: response.timestamp,
    symbol: response.symbol,
    data: { ...data, options: null },
    count,
    newestTradeTime,
    quotes,
    drops,
    expirations,
  };
}

const aNumber = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, -999, 1e-5, null));
const anOption = fc.record(
  {
    option: fc.oneof(
      fc
        .integer({ min: 1, max: 99_999_999 })
        .map((thousandths) => `RUTW230922${thousandths % 2 ? 'C' : 'P'}${String(thousandths).padStart(8, '0')}`),
      fc.constantFrom('RUTW', '', 'RUTW230920C01800000', 'SPXW230922C01800000', 'RUTW239922C01800000', 'RUT231020P0100000x'),
    ),
    bid: aNumber,
    ask: aNumber,
    bid_size: aNumber,
    ask_size: aNumber,
    last_trade_price: aNumber,
    volume: aNumber,
    open_interest: aNumber,
    theo: aNumber,
    iv: aNumber,
    delta: aNumber,
    tick: fc.constantFrom('up', '', null),
    last_trade_time: fc.constantFrom('2023-09-20T16:14:59', '2023-09-20T16:15', '2022-01-01T10:00:00', null),
  },
  { requiredKeys: ['option'] },
);

describe('scanCboeAnswer', () => {
  it('reads what JSON.parse reads, whatever the numbers and the order of the keys, spaced or not', () => {
    fc.assert(
      fc.property(fc.array(anOption, { maxLength: 6 }), fc.boolean(), fc.constantFrom(undefined, 1), (options, isReversed, indent) => {
        const ordered = options.map((option, i) =>
          isReversed && i % 2 === 1 ? Object.fromEntries(Object.entries(option).reverse()) : option,
        );
        // Long enough for as many options as there are bytes for.
        const text = JSON.stringify({ ...JSON.parse(anAnswer(ordered)), filler: 'x'.repeat(1_000) }, null, indent);
        const scanned = scan(text);
        expect(scanned).not.toBeNull();
        expect(contentOf(scanned!)).toEqual(contentOf(parseCboeAnswer(Buffer.from(text), 'rut.json')));
      }),
    );
  });

  it('lets the last of two equal keys count', () => {
    const text = anAnswer([OPTION]).replace('"volume":33', '"volume":33,"volume":null,"bid":1,"last_trade_time":null');
    expect(contentOf(scan(text)!)).toEqual(contentOf(parseCboeAnswer(Buffer.from(text), 'rut.json')));
  });

  it('reads past a byte order mark', () => {
    expect(scan(`\ufeff${anAnswer([OPTION])}`)?.count).toBe(1);
  });

  it.each([
    ['a number as a string', anAnswer([{ ...OPTION, bid: 'NaN' }])],
    ['a symbol that is none', anAnswer([{ ...OPTION, option: null }])],
    ['no symbol', anAnswer([{ bid: 1, tick: 'x'.repeat(200) }])],
    ['an escape', anAnswer([{ ...OPTION, tick: 'a"b' }])],
    ['letters beyond ASCII', anAnswer([{ ...OPTION, tick: 'é' }])],
    ['an object within an option', anAnswer([{ ...OPTION, more: {} }])],
    ['true', anAnswer([{ ...OPTION, more: true }])],
    ['an option that is none', anAnswer([OPTION, null])],
    ['more keys than anybody writes', anAnswer([{ ...OPTION, ...Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`k${i}`, i])) }])],
    ['no list', anAnswer('none')],
    ['other options before those of the data', anAnswer([OPTION]).replace('{"timestamp"', '{"other":{"options":[]},"timestamp"')],
    ['the options of the data twice', anAnswer([OPTION]).replace('"symbol":"^RUT"', '"options":[],"symbol":"^RUT"')],
    ['no JSON before the options', anAnswer([OPTION]).replace('{"timestamp"', '{timestamp')],
    ['no JSON after the options', `${anAnswer([OPTION])}}`],
    ['a second byte order mark', anAnswer([OPTION]).replace(',"symbol":"^RUT"', '\ufeff,"symbol":"^RUT"')],
    ['a comma too many', anAnswer([OPTION]).replace('}],', '},],')],
    ['a number that JSON does not know', anAnswer([OPTION]).replace('"volume":33', '"volume":033')],
  ])('leaves to JSON.parse %s', (_, text) => {
    expect(scan(text)).toBeNull();
  });

  it('takes no part of an answer for the whole', () => {
    const text = anAnswer([OPTION, { ...OPTION, option: 'RUT231020P01000000' }]);
    for (let length = 0; length < text.length; length++) expect(scan(text.slice(0, length))).toBeNull();
    expect(scan(text)?.count).toBe(2);
  });
});
