import { expect, it } from 'vitest';
import { COIN_TICKS, INDEX_TICKS, PENNY_TICKS, roundToTick, tickAt } from '../../../../../src/services/market-data/simulated/tick-rule.ts';

it.each([
  [INDEX_TICKS, 2.99, 0.05],
  [INDEX_TICKS, 3, 0.1],
  [PENNY_TICKS, 2.99, 0.01],
  [PENNY_TICKS, 3, 0.05],
  [COIN_TICKS, 0.0049, 0.0001],
  [COIN_TICKS, 0.005, 0.0005],
])('the tick changes at the threshold', (rule, price, tick) => {
  expect(tickAt(rule, price)).toBe(tick);
});

it.each([
  [8.274, 0.05, 8.25],
  [8.276, 0.05, 8.3],
  [0.289, 0.01, 0.29],
  [4.349, 0.1, 4.3],
  [0.01237, 0.0005, 0.0125],
  [0.004, 0.01, 0],
])('rounds %d to the tick of %d without noise digits', (price, tick, rounded) => {
  expect(roundToTick(price, tick)).toBe(rounded);
});
