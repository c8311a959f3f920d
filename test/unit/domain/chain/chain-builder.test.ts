import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainBuilder, type ChainBuilderOptions, createChainBuilder } from '../../../../src/domain/chain/chain-builder.ts';
import { CALL, type ChainSnapshot, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { contractSymbol } from '../../../../src/domain/chain/contract-symbol.ts';
import { BLOCK_NUMBERS, createQuoteBlock } from '../../../../src/domain/chain/quote-block.ts';
import type { QuoteRecord } from '../../../../src/domain/chain/quote-record.ts';
import { createRowStore } from '../../../../src/domain/chain/row-store.ts';
import { deribitUnderlying, usUnderlying } from '../../../../src/domain/chain/underlying-catalogue.ts';

const QUOTED_AT_MS = Date.UTC(2023, 8, 20, 18);

function aBuilder(overrides: Partial<ChainBuilderOptions> = {}): ChainBuilder {
  return createChainBuilder({
    underlying: usUnderlying('RUT'),
    quotedAtMs: QUOTED_AT_MS,
    underlyingPrice: 1806.12,
    source: 'rut.csv',
    positionUnit: 'line',
    ...overrides,
  });
}

function add(builder: ChainBuilder, record: Partial<QuoteRecord>, { root = 'RUTW', date = '2023-10-20', right = CALL, line = 2 } = {}) {
  Object.assign(builder.record, { strike: 1800, bid: 1, ask: 2, ...record });
  return builder.add(builder.expiration(root, date), right, line);
}

function symbols(snapshot: ChainSnapshot): string[] {
  return Array.from({ length: snapshot.size }, (_, row) => contractSymbol(snapshot, row));
}

describe('a chain builder', () => {
  it('puts rows into order: expiration moment, root, calls before puts, ascending strikes', () => {
    const builder = aBuilder();
    add(builder, { strike: 1810 }, { root: 'RUTW', date: '2023-10-27' });
    add(builder, { strike: 1790 }, { root: 'RUTW', right: PUT });
    add(builder, { strike: 1810 }, { root: 'RUTW' });
    add(builder, { strike: 1790 }, { root: 'RUTW' });
    add(builder, { strike: 1800 }, { root: 'RUT' });
    const snapshot = builder.build();
    // The monthly settles on the opening of the day on whose close the weekly does.
    expect(symbols(snapshot)).toEqual([
      'RUT231020C01800000',
      'RUTW231020C01790000',
      'RUTW231020C01810000',
      'RUTW231020P01790000',
      'RUTW231027C01810000',
    ]);
    expect(snapshot.expirations.map(({ root, date, start, putStart, end }) => [root, date, start, putStart, end])).toEqual([
      ['RUT', '2023-10-20', 0, 1, 1],
      ['RUTW', '2023-10-20', 1, 3, 4],
      ['RUTW', '2023-10-27', 4, 5, 5],
    ]);
    expect(snapshot.expirations[0]!.expiresAtMs).toBe(Date.UTC(2023, 9, 20, 13, 30));
    expect(snapshot.expirations[1]!.expiresAtMs).toBe(Date.UTC(2023, 9, 20, 20));
  });

  it('gives the same chain whatever the order of arrival', () => {
    const contract = fc.record({
      strike: fc.integer({ min: 1, max: 40 }),
      right: fc.constantFrom(CALL, PUT),
      root: fc.constantFrom('RUT', 'RUTW'),
      date: fc.constantFrom('2023-10-20', '2023-10-27', '2024-01-19'),
    });
    const contracts = fc.uniqueArray(contract, { selector: (c) => JSON.stringify(c), maxLength: 120 });
    const shuffled = contracts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([inOrder, mixed]) => {
        const [one, other] = [inOrder, mixed].map((list) => {
          const builder = aBuilder();
          for (const { strike, ...terms } of list) add(builder, { strike, bid: strike / 100 }, terms);
          return builder.build();
        }) as [ChainSnapshot, ChainSnapshot];
        expect(one.size).toBe(inOrder.length);
        expect(symbols(one)).toEqual(symbols(other));
        expect(one.quotes).toEqual(other.quotes);
        for (const { start, putStart, end } of one.expirations) {
          const calls = one.quotes.strike.subarray(start, putStart);
          const puts = one.quotes.strike.subarray(putStart, end);
          expect(calls).toEqual(calls.toSorted());
          expect(puts).toEqual(puts.toSorted());
          expect(new Set(one.quotes.right.subarray(start, putStart))).not.toContain(PUT);
          expect(new Set(one.quotes.right.subarray(putStart, end))).not.toContain(CALL);
        }
      }),
    );
  });

  it('grows beyond the expected number of rows and keeps every column beside its strike', () => {
    const builder = aBuilder({ expectedRows: 16 });
    for (let strike = 1000; strike > 0; strike--) {
      add(builder, {
        strike,
        bid: strike / 10,
        ask: strike / 5,
        volume: strike * 3,
        openInterest: strike * 7,
        delta: strike / 1000,
        last: strike / 7,
      });
    }
    const { size, quotes } = builder.build();
    expect(size).toBe(1000);
    for (let row = 0; row < size; row++) {
      const strike = row + 1;
      expect([quotes.strike[row], quotes.bid[row], quotes.ask[row], quotes.volume[row], quotes.openInterest[row]]).toEqual([
        strike,
        strike / 10,
        strike / 5,
        strike * 3,
        strike * 7,
      ]);
      expect([quotes.vendorDelta[row], quotes.last[row]]).toEqual([strike / 1000, strike / 7]);
    }
  });

  it('does not carry a field over from one record to the next', () => {
    const builder = aBuilder();
    add(builder, { bidSize: 5, volume: 9, impliedVolatility: 0.2, delta: 0.5 });
    builder.record.strike = 1900;
    builder.add(builder.expiration('RUTW', '2023-10-20'), CALL, 3);
    builder.record.bid = 7;
    builder.drop('malformed-number', 4, 'field ask: expected a number, found "x"');
    builder.record.strike = 2000;
    builder.add(builder.expiration('RUTW', '2023-10-20'), CALL, 5);
    const { quotes } = builder.build();
    expect(Array.from(quotes.bid)).toEqual([1, Number.NaN, Number.NaN]);
    expect(Array.from(quotes.volume)).toEqual([9, Number.NaN, Number.NaN]);
    expect(Array.from(quotes.vendorDelta)).toEqual([0.5, Number.NaN, Number.NaN]);
  });
});

describe('what a chain builder takes for unknown', () => {
  it.each([
    ['bid', 'bid', [0, -999]],
    ['ask', 'ask', [0, -999]],
    ['last', 'last', [0, -999]],
    ['mark', 'vendorMark', [0, -999]],
    ['impliedVolatility', 'vendorImpliedVolatility', [0, 1e-5, -999, -0.2, 101, Number.POSITIVE_INFINITY]],
    ['delta', 'vendorDelta', [0, -999, 1.01, -1.01, Number.NEGATIVE_INFINITY]],
    ['volume', 'volume', [-999]],
    ['openInterest', 'openInterest', [-999]],
    ['bidSize', 'bidSize', [-999]],
    ['askSize', 'askSize', [-999]],
  ] as const)('clears the stand-ins for an unknown %s', (field, column, standIns) => {
    for (const standIn of standIns) {
      const builder = aBuilder();
      expect(add(builder, { [field]: standIn })).toBeNull();
      expect(builder.build().quotes[column][0]).toBeNaN();
    }
  });

  it('keeps counts of zero, the smallest prices and the bounds of delta', () => {
    const builder = aBuilder();
    add(builder, { bid: 1e-5, volume: 0, openInterest: 0, bidSize: 0, askSize: 0, delta: -1, impliedVolatility: 1.1e-5 });
    const { quotes } = builder.build();
    expect([quotes.bid[0], quotes.volume[0], quotes.openInterest[0], quotes.bidSize[0], quotes.askSize[0]]).toEqual([1e-5, 0, 0, 0, 0]);
    expect([quotes.vendorDelta[0], quotes.vendorImpliedVolatility[0]]).toEqual([-1, 1.1e-5]);
  });

  it('has no price for an underlying without one', () => {
    for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(aBuilder({ underlyingPrice: price }).build().underlyingPrice).toBeNaN();
    const builder = aBuilder({ underlyingPrice: Number.NaN });
    builder.setUnderlyingPrice(1806.12);
    expect(builder.build().underlyingPrice).toBe(1806.12);
  });
});

describe('what a chain builder leaves out', () => {
  it.each([
    ['crossed-quote', { bid: 2.01, ask: 2 }, 'field bid: expected at most the ask of 2, found 2.01'],
    ['negative-price', { bid: -0.01 }, 'field bid: expected a number ≥ 0, found -0.01'],
    ['negative-price', { last: -3 }, 'field last: expected a number ≥ 0, found -3'],
    ['negative-size', { askSize: -1 }, 'field askSize: expected a number ≥ 0, found -1'],
    ['negative-size', { openInterest: -2 }, 'field openInterest: expected a number ≥ 0, found -2'],
    ['non-positive-strike', { strike: 0 }, 'field strike: expected a number > 0, found 0'],
    ['non-positive-strike', { strike: -5 }, 'field strike: expected a number > 0, found -5'],
    ['missing-field', { strike: Number.NaN }, 'field strike: expected a number > 0, found NaN'],
    ['malformed-number', { ask: 1e300 }, 'field ask: expected a number below 1e12, found 1e+300'],
    [
      'malformed-number',
      { bid: Number.POSITIVE_INFINITY, ask: Number.POSITIVE_INFINITY },
      'field bid: expected a number below 1e12, found Infinity',
    ],
    ['malformed-number', { strike: 1e13 }, 'field strike: expected a number below 1e12, found 10000000000000'],
  ] as const)('%s: %o', (reason, record, detail) => {
    const builder = aBuilder();
    expect(add(builder, record, { line: 17 })).toBe(reason);
    const snapshot = builder.build();
    expect(snapshot.size).toBe(0);
    expect(snapshot.expirations).toEqual([]);
    expect(snapshot.drops).toEqual([{ reason, count: 1, firstAt: `rut.csv, line 17, ${detail}` }]);
  });

  it('keeps a locked quote', () => {
    const builder = aBuilder();
    expect(add(builder, { bid: 2, ask: 2 })).toBeNull();
    expect(builder.build().size).toBe(1);
  });

  it('counts what expires at the moment of the quote, and keeps what does a millisecond later', () => {
    const close = Date.UTC(2023, 8, 20, 20);
    const atClose = aBuilder({ quotedAtMs: close });
    expect(add(atClose, {}, { date: '2023-09-20' })).toBe('expired');
    expect(atClose.build().drops[0]!.firstAt).toBe(
      'rut.csv, line 2, expected an expiration after the quote of 2023-09-20T20:00:00.000Z, found RUTW 2023-09-20 (2023-09-20T20:00:00.000Z)',
    );
    expect(add(aBuilder({ quotedAtMs: close - 1 }), {}, { date: '2023-09-20' })).toBeNull();
  });

  it('counts contracts of another underlying and names their root', () => {
    const builder = aBuilder();
    expect(add(builder, {}, { root: 'SPXW', line: 5 })).toBe('foreign-underlying');
    expect(add(builder, {}, { root: 'NDX', line: 6 })).toBe('foreign-underlying');
    expect(builder.build().drops).toEqual([
      { reason: 'foreign-underlying', count: 2, firstAt: 'rut.csv, line 5, expected a contract on RUT, found the root SPXW' },
    ]);
  });

  it('counts dates that are none and rights that are neither', () => {
    const builder = aBuilder();
    expect(add(builder, {}, { date: '2023-02-30' })).toBe('malformed-symbol');
    expect(add(builder, {}, { right: 2 })).toBe('malformed-symbol');
  });

  it('keeps the first of equal contracts, also when others stand between them', () => {
    const builder = aBuilder();
    add(builder, { bid: 1 }, { line: 2 });
    add(builder, { strike: 1700, bid: 0.5 }, { line: 3 });
    add(builder, { bid: 1.5 }, { line: 4 });
    add(builder, { bid: 1.75 }, { line: 5 });
    const { quotes, drops } = builder.build();
    expect(Array.from(quotes.bid)).toEqual([0.5, 1]);
    expect(drops).toEqual([
      { reason: 'duplicate-contract', count: 2, firstAt: 'rut.csv, line 4, expected each contract once, found one again' },
    ]);
  });
});

describe('a chain builder of a venue that quotes in coin', () => {
  it('keeps the original numbers and one forward per expiration', () => {
    const builder = aBuilder({ underlying: deribitUnderlying('BTC'), originalCurrency: 'BTC', source: 'deribit' });
    const expiration = builder.expiration('BTC', '2023-10-27');
    expect(builder.setVendorForward(expiration, 0)).toBeNaN();
    expect(builder.setVendorForward(expiration, 27_000)).toBe(27_000);
    expect(builder.setVendorForward(expiration, 27_001)).toBe(27_000);
    Object.assign(builder.record, {
      strike: 27_000,
      bid: 27,
      ask: 54,
      mark: 40.5,
      originalBid: 0.001,
      originalAsk: 0.002,
      originalMark: 0,
    });
    builder.add(expiration, PUT, 1);
    const { quotes, expirations } = builder.build();
    expect(expirations[0]!.vendorForward).toBe(27_000);
    expect(quotes.original).toEqual({
      currency: 'BTC',
      bid: Float64Array.of(0.001),
      ask: Float64Array.of(0.002),
      mark: Float64Array.of(Number.NaN),
    });
  });

  it('has no original numbers otherwise', () => {
    const builder = aBuilder();
    add(builder, {});
    expect(builder.build().quotes).not.toHaveProperty('original');
  });

  it('takes a block as it takes its records one by one', () => {
    const amount = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 0, max: 5000, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -0, -999, -1, 1, 1e-5, 100, 1e12, 2e12, 0.25, -0.25) },
    );
    const contract = fc.record({
      numbers: fc.tuple(amount, amount, amount, amount, amount, amount, amount, amount),
      root: fc.constantFrom('RUTW', 'RUTW', 'RUT', 'SPX'),
      date: fc.constantFrom('2023-10-20', '2023-10-20', '2023-09-19', 'soon'),
      right: fc.constantFrom(CALL, PUT),
    });
    fc.assert(
      fc.property(fc.array(contract, { maxLength: 60 }), fc.constantFrom({}, { originalCurrency: 'BTC' }), (contracts, options) => {
        const [oneByOne, atOnce] = [aBuilder({ expectedRows: 1, ...options }), aBuilder({ expectedRows: 1, ...options })];
        const block = createQuoteBlock(60);
        for (const [line, { numbers, root, date, right }] of contracts.entries()) {
          for (const [place, field] of BLOCK_NUMBERS.entries()) oneByOne.record[field] = numbers[place]!;
          oneByOne.add(oneByOne.expiration(root, date), right, line);
          block.numbers.set(numbers, block.size * BLOCK_NUMBERS.length);
          block.expiration[block.size] = atOnce.expiration(root, date);
          block.right[block.size] = right;
          block.position[block.size++] = line;
        }
        atOnce.addBlock(block);
        expect(block.size).toBe(0);
        expect(atOnce.build()).toEqual(oneByOne.build());
      }),
    );
  });

  it('forgets what is in the memory that it is given, and leaves nothing of its chain there', () => {
    const rows = createRowStore(1, false);
    const first = aBuilder({ rows });
    for (const strike of [1790, 1800, 1810, 1820]) add(first, { strike, last: strike });
    const one = first.build();
    const second = aBuilder({ rows });
    add(second, { strike: 1700 });
    const other = second.build();
    expect([...one.quotes.last]).toEqual([1790, 1800, 1810, 1820]);
    expect([...other.quotes.strike]).toEqual([1700]);
    expect([...other.quotes.last]).toEqual([Number.NaN]);
  });
});
