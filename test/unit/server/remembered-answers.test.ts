import { expect, it } from 'vitest';
import { rememberedAnswers } from '../../../src/server/remembered-answers.ts';

it('asks once for each text, and says the same however many there are', () => {
  const asked: string[] = [];
  const isEven = rememberedAnswers((text) => {
    asked.push(text);
    return Number(text) % 2 === 0;
  });
  expect([isEven('2'), isEven('3'), isEven('2'), isEven('3')]).toEqual([true, false, true, false]);
  expect(asked).toEqual(['2', '3']);
  for (let number = 0; number < 1_000; number++) expect(isEven(String(number))).toBe(number % 2 === 0);
});

it('does not keep long texts', () => {
  let asked = 0;
  const lengthOf = rememberedAnswers((text) => {
    asked++;
    return text.length;
  });
  expect([lengthOf('x'.repeat(5_000)), lengthOf('x'.repeat(5_000))]).toEqual([5_000, 5_000]);
  expect(asked).toBe(2);
});
