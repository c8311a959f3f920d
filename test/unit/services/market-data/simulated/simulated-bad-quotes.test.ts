import { describe, expect, it } from 'vitest';
import { BAD_QUOTE_KINDS } from '../../../../../src/services/market-data/simulated/bad-quote.ts';
import { aSimulatedFeed } from './a-simulated-feed.ts';

async function dropsAt(
  badQuoteRate: number | undefined,
): Promise<{ records: number; drops: Record<string, number>; oneSided: number; absurd: number }> {
  const { chain, symbols } = aSimulatedFeed({ underlyings: 10, ...(badQuoteRate !== undefined && { badQuoteRate }) });
  const drops: Record<string, number> = {};
  let [records, oneSided, absurd] = [0, 0, 0];
  for (const symbol of await symbols()) {
    const snapshot = await chain(symbol);
    records += snapshot.size;
    oneSided += snapshot.quotes.ask.filter(Number.isNaN).length;
    absurd += snapshot.quotes.vendorImpliedVolatility.filter((volatility) => volatility > 9).length;
    for (const { reason, count, firstAt } of snapshot.drops) {
      records += count;
      drops[reason] = (drops[reason] ?? 0) + count;
      expect(firstAt).toMatch(new RegExp(`^simulated ${symbol}, record \\d+, field `));
    }
  }
  return { records, drops, oneSided, absurd };
}

describe('bad quotes', () => {
  it('come at the configured rate; the builder leaves out and counts the worst of them', async () => {
    const { records, drops, oneSided, absurd } = await dropsAt(0.07);
    const expected = (0.07 * records) / BAD_QUOTE_KINDS.length;
    expect(Object.keys(drops).toSorted()).toEqual(['crossed-quote', 'negative-price', 'negative-size']);
    // About 165 of each, ± 13.
    for (const count of [...Object.values(drops), oneSided, absurd]) expect(Math.abs(count / expected - 1)).toBeLessThan(0.4);
  });

  it('are rare by default, and never come at rate 0', async () => {
    const usual = await dropsAt(undefined);
    const dropped = Object.values(usual.drops).reduce((a, b) => a + b);
    expect(dropped / usual.records).toBeGreaterThan(0.0002);
    expect(dropped / usual.records).toBeLessThan(0.002);
    expect((await dropsAt(0)).drops).toEqual({});
  });
});
