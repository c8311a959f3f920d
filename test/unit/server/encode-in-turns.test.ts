import { expect, it } from 'vitest';
import { encodeInTurns } from '../../../src/server/encode-in-turns.ts';
import { aCountingSlicer } from '../../support/a-counting-slicer.ts';

it('makes the bytes of a text in pieces of about the same size, however it is cut', async () => {
  const texts = ['', '€', 'x'.repeat(100_000), ...Array.from({ length: 50_000 }, (_text, index) => `📈${index},`), ''];
  const { slicer, taken } = aCountingSlicer(4);
  const chunks = await encodeInTurns(texts, slicer);
  expect(Buffer.concat(chunks).equals(Buffer.from(texts.join('')))).toBe(true);
  // No text is cut itself; the others are put together.
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(101_000);
  expect(chunks.length).toBeLessThan(20);
  expect(Math.min(...chunks.slice(0, -1).map(({ length }) => length))).toBeGreaterThan(32_000);
  // Each piece has a look at the clock, and a turn four.
  expect(taken.turns).toBeGreaterThan(chunks.length / 5);
});

it('makes none of nothing', async () => {
  expect(await encodeInTurns([], aCountingSlicer(4).slicer)).toEqual([]);
  expect(await encodeInTurns([''], aCountingSlicer(4).slicer)).toEqual([]);
});
