import { describe, expect, it } from 'vitest';
import { settlementOf } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import { underlyingList } from '../../../../../src/services/market-data/simulated/underlying-list.ts';

const ALL = underlyingList(1000);

describe('the underlyings', () => {
  it('have different symbols that an OCC root can hold', () => {
    expect(new Set(ALL.map(({ profile }) => profile.symbol)).size).toBe(1000);
    expect(ALL.filter(({ profile }) => !/^[A-Z]{1,6}$/.test(profile.symbol))).toEqual([]);
  });

  it('begin the same however many are asked for', () => {
    expect(underlyingList(12)).toEqual(ALL.slice(0, 12));
    expect(underlyingList(3).map(({ profile }) => profile.symbol)).toEqual(['SPX', 'SPY', 'QQQ']);
  });

  it('list contracts under roots the catalogue knows', () => {
    const foreign = ALL.flatMap(({ profile, roots }) =>
      [roots.monthly, roots.weekly].filter((root) => settlementOf(profile, root) === null),
    );
    expect(foreign).toEqual([]);
  });

  it('are of every kind, with the exercise style of the kind', () => {
    const kinds = new Map(ALL.slice(0, 40).map(({ profile }) => [profile.kind, profile.exerciseStyle]));
    expect(Object.fromEntries(kinds)).toEqual({ INDEX: 'EUROPEAN', ETF: 'AMERICAN', EQUITY: 'AMERICAN', CRYPTO: 'EUROPEAN' });
  });

  it('have smiles free of arbitrage and plausible traits', () => {
    for (const { smile, path, referencePrice, spreadFactor, openInterest, strikeStep } of ALL) {
      expect(smile.curvature * (1 + Math.abs(smile.skew))).toBeLessThanOrEqual(2);
      expect(path.volatility).toBeGreaterThan(0.1);
      expect(path.volatility).toBeLessThan(1);
      expect(referencePrice).toBeGreaterThan(3);
      expect(strikeStep / referencePrice).toBeLessThan(0.1);
      expect(spreadFactor).toBeGreaterThan(0);
      expect(openInterest).toBeGreaterThan(50);
    }
  });

  it('move as their index does where they follow one', () => {
    const followers = ALL.filter(({ profile, pathName }) => pathName !== profile.symbol);
    expect(followers.map(({ profile }) => profile.symbol)).toEqual(['SPY', 'QQQ', 'IWM']);
    for (const { pathName, path } of followers) expect(path).toEqual(ALL.find(({ profile }) => profile.symbol === pathName)!.path);
  });
});
