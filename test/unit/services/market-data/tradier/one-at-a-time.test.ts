import { describe, expect, it } from 'vitest';
import { createOneAtATime } from '../../../../../src/services/market-data/tradier/one-at-a-time.ts';

const never = new AbortController().signal;

/** Work that notes when it begins and ends when it is told to. */
function aPiece(name: string, log: string[]) {
  let end!: (value: string) => void;
  let fail!: (reason: Error) => void;
  const ended = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const work = (): Promise<string> => {
    log.push(name);
    return ended;
  };
  return { work, end: () => end(name), fail };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('one at a time', () => {
  it('begins a piece when the one before has ended, also in failure', async () => {
    const chains = createOneAtATime();
    const log: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => aPiece(name, log));
    const results = [first, second, third].map((piece) => chains.run(piece!.work, never));
    await settled();
    expect(log).toEqual(['first']);
    const reason = new Error('broken');
    first!.fail(reason);
    await expect(results[0]).rejects.toBe(reason);
    await settled();
    expect(log).toEqual(['first', 'second']);
    second!.end();
    expect(await results[1]).toBe('second');
    third!.end();
    expect(await results[2]).toBe('third');
  });

  it('lets nobody pass those before when one gives up its turn', async () => {
    const chains = createOneAtATime();
    const log: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => aPiece(name, log));
    const controller = new AbortController();
    const running = chains.run(first!.work, never);
    const givenUp = chains.run(second!.work, controller.signal);
    const waiting = chains.run(third!.work, never);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(givenUp).rejects.toBe(reason);
    await settled();
    expect(log).toEqual(['first']);
    first!.end();
    await running;
    third!.end();
    expect(await waiting).toBe('third');
    expect(log).toEqual(['first', 'third']);
  });
});
