import { expect, it } from 'vitest';
import { BAD_QUOTE_KINDS, badQuoteAt } from '../../../../../src/services/market-data/simulated/bad-quote.ts';

const NOW = Date.UTC(2026, 10, 20, 15);

it('spoils quotes at the given rate, each way as often', () => {
  const counts = new Map<string, number>();
  const contracts = 200_000;
  for (let key = 0; key < contracts; key++) {
    const kind = badQuoteAt(key * 7919, NOW, 0.01);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((a, b) => a + b);
  // 2,000 ± 45, 286 ± 17 each: five deviations.
  expect(Math.abs(total - 2000)).toBeLessThan(225);
  for (const kind of BAD_QUOTE_KINDS) expect(Math.abs(counts.get(kind)! - 286)).toBeLessThan(85);
});

it('spoils none at rate 0 and all at rate 1', () => {
  const keys = Array.from({ length: 1000 }, (_, i) => i * 104_729);
  expect(keys.filter((key) => badQuoteAt(key, NOW, 0) !== null)).toEqual([]);
  expect(keys.filter((key) => badQuoteAt(key, NOW, 1) === null)).toEqual([]);
});

it('leaves a quote bad for twenty seconds and then spoils another', () => {
  const key = Array.from({ length: 10_000 }, (_, i) => i).find((some) => badQuoteAt(some, NOW, 0.01) !== null)!;
  const bad = Array.from({ length: 60 }, (_, second) => badQuoteAt(key, NOW - 30_000 + second * 1000, 0.01) !== null);
  expect(bad.filter(Boolean)).toHaveLength(20);
  expect(bad.lastIndexOf(true) - bad.indexOf(true)).toBe(19);
});

it('does not change all bad quotes at once', () => {
  const isBad = (second: number): boolean[] =>
    Array.from({ length: 20_000 }, (_, i) => badQuoteAt(i * 7919, NOW + second * 1000, 0.05) !== null);
  const changes = Array.from({ length: 20 }, (_, second) => {
    const after = isBad(second + 1);
    return isBad(second).filter((bad, i) => bad !== after[i]).length;
  });
  // About 1,900 changes in twenty seconds.
  expect(Math.min(...changes)).toBeGreaterThan(40);
  expect(Math.max(...changes)).toBeLessThan(200);
});
