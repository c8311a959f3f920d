import { expect, it } from 'vitest';
import { createWorthPreparing } from '../../../../src/services/results/worth-preparing.ts';

it('a statement is worth preparing from its second time on', () => {
  const isWorthPreparing = createWorthPreparing();
  expect(['a', 'b', 'a', 'b', 'a'].map(isWorthPreparing)).toEqual([false, false, true, true, true]);
});

it('no more than 64 statements are, whatever clients ask for', () => {
  const isWorthPreparing = createWorthPreparing();
  const texts = Array.from({ length: 200 }, (_, index) => `statement ${index}`);
  for (let round = 0; round < 3; round++) for (const text of texts) isWorthPreparing(text);
  expect(texts.filter(isWorthPreparing)).toHaveLength(64);
});

it('statements that come once do not keep others from being prepared', () => {
  const isWorthPreparing = createWorthPreparing();
  for (let index = 0; index < 10_000; index++) expect(isWorthPreparing(`once ${index}`)).toBe(false);
  expect(['again', 'again'].map(isWorthPreparing)).toEqual([false, true]);
});
