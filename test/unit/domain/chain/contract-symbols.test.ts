import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDate, parseDate } from '../../../../src/domain/calendar/day-number.ts';
import { createChainBuilder } from '../../../../src/domain/chain/chain-builder.ts';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { contractSymbol, expirationOfRow } from '../../../../src/domain/chain/contract-symbol.ts';
import { composeDeribitSymbol, parseDeribitSymbol } from '../../../../src/domain/chain/deribit-symbol.ts';
import { composeOccSymbol, parseOccSymbol } from '../../../../src/domain/chain/occ-symbol.ts';
import { deribitUnderlying, usUnderlying } from '../../../../src/domain/chain/underlying-catalogue.ts';

const dates = fc.integer({ min: parseDate('2000-01-01')!, max: parseDate('2099-12-31')! }).map(formatDate);
const rights = fc.constantFrom(CALL, PUT);

describe('OCC symbols', () => {
  it('are written as the exchanges write them', () => {
    expect(composeOccSymbol('RUT', '2023-10-20', CALL, 1000)).toBe('RUT231020C01000000');
    expect(composeOccSymbol('GOOG', '2015-12-31', PUT, 747.5)).toBe('GOOG151231P00747500');
  });

  it('are read with and without padding', () => {
    const terms = { root: 'SPX', date: '2027-12-17', right: PUT, strike: 12_000 };
    expect(parseOccSymbol('SPX271217P12000000')).toEqual(terms);
    expect(parseOccSymbol('SPX   271217P12000000')).toEqual(terms);
  });

  it('survive a round trip', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z][A-Z0-9]{0,5}$/),
        dates,
        rights,
        fc.integer({ min: 1, max: 99_999_999 }),
        (root, date, right, thousandths) => {
          const strike = thousandths / 1000;
          expect(parseOccSymbol(composeOccSymbol(root, date, right, strike))).toEqual({ root, date, right, strike });
        },
      ),
    );
  });

  it('are refused when they are something else', () => {
    for (const symbol of [
      '',
      'RUT',
      'RUT231320C01000000',
      'RUT230230C01000000',
      'RUT231020X01000000',
      'RUT231020C0100000',
      'rut231020C01000000',
      'TOOLONG231020C01000000',
    ]) {
      expect(parseOccSymbol(symbol)).toBeNull();
    }
  });
});

describe('Deribit symbols', () => {
  it('are written as the venue writes them', () => {
    expect(composeDeribitSymbol('BTC', '2026-08-08', CALL, 64_000)).toBe('BTC-8AUG26-64000-C');
    expect(composeDeribitSymbol('XRP_USDC', '2026-12-25', PUT, 2.1)).toBe('XRP_USDC-25DEC26-2d1-P');
  });

  it('survive a round trip', () => {
    const roots = fc.constantFrom('BTC', 'ETH', 'SOL_USDC', 'XRP_USDC');
    fc.assert(
      fc.property(roots, dates, rights, fc.integer({ min: 1, max: 10_000_000 }), (root, date, right, hundredths) => {
        const strike = hundredths / 100;
        expect(parseDeribitSymbol(composeDeribitSymbol(root, date, right, strike))).toEqual({ root, date, right, strike });
      }),
    );
  });

  it('are refused when they are something else', () => {
    for (const symbol of [
      'BTC-PERPETUAL',
      'BTC-27DEC24',
      'BTC-32DEC24-1-C',
      'BTC-1FOO24-1-C',
      'BTC-8AUG26-64000-X',
      'BTC-8AUG26-6d-C',
      'BTC-8AUG26--C',
    ]) {
      expect(parseDeribitSymbol(symbol)).toBeNull();
    }
  });
});

describe('contractSymbol', () => {
  function snapshotOf(underlying = usUnderlying('RUT'), root = 'RUTW') {
    const builder = createChainBuilder({ underlying, quotedAtMs: 0, underlyingPrice: 1800, source: 'test' });
    for (const [date, strike] of [
      ['2023-10-20', 1800],
      ['2023-10-27', 1810.5],
    ] as const) {
      builder.record.strike = strike;
      builder.add(builder.expiration(root, date), PUT, 1);
    }
    return builder.build();
  }

  it('names the contract of a row in the symbology of its underlying', () => {
    expect(contractSymbol(snapshotOf(), 1)).toBe('RUTW231027P01810500');
    expect(contractSymbol(snapshotOf(deribitUnderlying('SOL'), 'SOL_USDC'), 1)).toBe('SOL_USDC-27OCT23-1810d5-P');
  });

  it('refuses a row that is not there', () => {
    expect(() => expirationOfRow(snapshotOf(), 2)).toThrow('row must be 0 to 1, got 2');
  });
});
