import { describe, expect, it } from 'vitest';
import { deribitUnderlying, settlementOf, underlyingOfRoot, usUnderlying } from '../../../../src/domain/chain/underlying-catalogue.ts';

describe('usUnderlying', () => {
  it('knows indexes, funds and stocks apart', () => {
    expect(usUnderlying('SPX')).toMatchObject({
      kind: 'INDEX',
      exerciseStyle: 'EUROPEAN',
      contractMultiplier: 100,
      currency: 'USD',
      symbology: 'OCC',
    });
    expect(usUnderlying('OEX')).toMatchObject({ kind: 'INDEX', exerciseStyle: 'AMERICAN' });
    expect(usUnderlying('SPY')).toMatchObject({ kind: 'ETF', exerciseStyle: 'AMERICAN' });
    expect(usUnderlying('GOOG')).toMatchObject({ kind: 'EQUITY', exerciseStyle: 'AMERICAN' });
  });

  it('takes a symbol nobody knows for a stock, also one that objects inherit', () => {
    expect(usUnderlying('ZZZZ')).toMatchObject({ symbol: 'ZZZZ', kind: 'EQUITY', exerciseStyle: 'AMERICAN' });
    expect(usUnderlying('constructor')).toMatchObject({ kind: 'EQUITY' });
  });
});

describe('settlementOf', () => {
  it('tells AM from PM roots of one index', () => {
    expect(settlementOf(usUnderlying('RUT'), 'RUT')).toBe('US_AM');
    expect(settlementOf(usUnderlying('RUT'), 'RUTW')).toBe('US_PM');
    expect(settlementOf(usUnderlying('SPX'), 'SPX')).toBe('US_AM');
    expect(settlementOf(usUnderlying('SPX'), 'SPXW')).toBe('US_PM');
    expect(settlementOf(usUnderlying('NDX'), 'NDXP')).toBe('US_PM');
    expect(settlementOf(usUnderlying('VIX'), 'VIXW')).toBe('US_AM');
  });

  it('knows no settlement for a root of another underlying or an adjusted one', () => {
    expect(settlementOf(usUnderlying('RUT'), 'SPX')).toBeNull();
    expect(settlementOf(usUnderlying('AAPL'), 'AAPL1')).toBeNull();
    expect(settlementOf(usUnderlying('RUT'), 'toString')).toBeNull();
  });

  it('reads share classes without their punctuation', () => {
    expect(settlementOf(usUnderlying('BRK.B'), 'BRKB')).toBe('US_PM');
  });

  it('counts linear contracts to their coin', () => {
    expect(settlementOf(deribitUnderlying('SOL'), 'SOL_USDC')).toBe('DERIBIT');
    expect(settlementOf(deribitUnderlying('BTC'), 'ETH')).toBeNull();
  });
});

describe('underlyingOfRoot', () => {
  it('finds the index behind a root', () => {
    expect(underlyingOfRoot('SPXW')).toBe('SPX');
    expect(underlyingOfRoot('GOOG')).toBe('GOOG');
  });
});
