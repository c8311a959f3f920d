import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { sharedWithinTurn } from '../../../../src/services/results/shared-within-turn.ts';

it('asks once for all who ask within a turn, and again for those who ask later', async () => {
  let asked = 0;
  const ask = sharedWithinTurn(async () => ++asked);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  expect(await ask()).toBe(2);
});

it('gives nobody an answer to a question that was put before they asked', async () => {
  let now = 'before';
  const answers: ((answer: string) => void)[] = [];
  const ask = sharedWithinTurn(() => {
    const told = now;
    return new Promise<string>((resolve) => answers.push(() => resolve(told)));
  });
  const first = ask();
  await nextTurn();
  await nextTurn();
  expect(answers).toHaveLength(1);
  now = 'after';
  const second = ask();
  await nextTurn();
  await nextTurn();
  for (const answer of answers) answer(now);
  expect(await Promise.all([first, second])).toEqual(['before', 'after']);
});

it('asks for each of the others, in its own name, when the question of the first fails', async () => {
  const name = new AsyncLocalStorage<string>();
  const ask = sharedWithinTurn(async () => {
    if (name.getStore() === 'gone') throw new Error('gone');
    return name.getStore();
  });
  const first = name.run('gone', ask);
  const others = ['one', 'two'].map((other) => name.run(other, async () => ask()));
  await expect(first).rejects.toThrow('gone');
  expect(await Promise.all(others)).toEqual(['one', 'two']);
});
