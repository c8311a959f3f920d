import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { oneQuestionAtATime } from '../../../../src/services/results/one-question-at-a-time.ts';

it('asks once for all who ask within a turn, and again for those who ask later', async () => {
  let asked = 0;
  const ask = oneQuestionAtATime(async () => ++asked);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  expect(await ask()).toBe(2);
});

async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

/** Whoever asks is told what `now` was when the question was put, as soon as it is answered. */
function aSlowAnswer() {
  const state = { now: 'before', answers: [] as (() => void)[] };
  const ask = oneQuestionAtATime(() => {
    const told = state.now;
    return new Promise<string>((resolve) => state.answers.push(() => resolve(told)));
  });
  return { state, ask };
}

it('gives nobody an answer to a question that was put before they asked', async () => {
  const { state, ask } = aSlowAnswer();
  const first = ask();
  await nextTurns();
  expect(state.answers).toHaveLength(1);
  state.now = 'after';
  const second = ask();
  state.answers[0]!();
  await nextTurns();
  state.answers[1]!();
  expect(await Promise.all([first, second])).toEqual(['before', 'after']);
});

it('asks once more for all who ask while it is being answered, and in the turn behind it', async () => {
  const { state, ask } = aSlowAnswer();
  const first = ask();
  await nextTurn();
  const others = [ask(), ask()];
  await nextTurn();
  others.push(ask());
  expect(state.answers).toHaveLength(1);
  state.now = 'after';
  state.answers[0]!();
  await nextTurn();
  others.push(ask());
  await nextTurns();
  expect(state.answers).toHaveLength(2);
  const last = ask();
  state.answers[1]!();
  await nextTurns();
  state.answers[2]!();
  expect(await Promise.all([first, ...others, last])).toEqual(['before', 'after', 'after', 'after', 'after', 'after']);
  expect(state.answers).toHaveLength(3);
});

it('goes on when a question fails', async () => {
  let asked = 0;
  const ask = oneQuestionAtATime(async () => {
    if (++asked === 1) throw new Error('gone');
    return asked;
  });
  await expect(ask()).rejects.toThrow('gone');
  expect(await ask()).toBe(2);
});

it('asks for each of the others, in its own name, when the question of the first fails', async () => {
  const name = new AsyncLocalStorage<string>();
  const ask = oneQuestionAtATime(async () => {
    if (name.getStore() === 'gone') throw new Error('gone');
    return name.getStore();
  });
  const first = name.run('gone', ask);
  const others = ['one', 'two'].map((other) => name.run(other, async () => ask()));
  await expect(first).rejects.toThrow('gone');
  expect(await Promise.all(others)).toEqual(['one', 'two']);
});
