import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckOutcome } from '../../../src/server/health.ts';
import { rememberedCheck } from '../../../src/server/remembered-check.ts';

const FINE: CheckOutcome = { ok: true, detail: 'fine' };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A check whose looks are ended by the test, oldest first. */
function aCheck() {
  const looks: { answer(outcome: CheckOutcome): void; fail(error: Error): void }[] = [];
  const check = () => new Promise<CheckOutcome>((answer, fail) => looks.push({ answer, fail }));
  return { looks, ask: rememberedCheck(check, 500) };
}

describe('a check that answers', () => {
  it('is looked at anew each time', async () => {
    const { looks, ask } = aCheck();
    const first = ask();
    looks[0]!.answer(FINE);
    expect(await first).toEqual(FINE);
    const second = ask();
    looks[1]!.fail(new Error('gone'));
    expect(await second).toEqual({ ok: false, detail: 'gone' });
    const third = ask();
    looks[2]!.answer(FINE);
    expect(await third).toEqual(FINE);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a check that hangs', () => {
  it('is looked at once, whoever asks', async () => {
    const { looks, ask } = aCheck();
    const answers = [ask(), ask(), ask()];
    await vi.advanceTimersByTimeAsync(400);
    answers.push(ask());
    expect(looks).toHaveLength(1);
    looks[0]!.answer(FINE);
    expect(await Promise.all(answers)).toEqual([FINE, FINE, FINE, FINE]);
  });

  it('has failed as long as nothing is known, after half a second', async () => {
    const { ask } = aCheck();
    const answer = ask();
    await vi.advanceTimersByTimeAsync(500);
    expect(await answer).toEqual({ ok: false, detail: 'not known yet, no answer for 500 ms' });
  });

  it('is what it was last, until it is known to be otherwise', async () => {
    const { looks, ask } = aCheck();
    const known = ask();
    looks[0]!.answer(FINE);
    await known;
    const late = ask();
    await vi.advanceTimersByTimeAsync(500);
    expect(await late).toEqual({ ok: true, detail: 'fine, no answer for 500 ms' });
    looks[1]!.fail(new Error('gave up'));
    await vi.advanceTimersByTimeAsync(0);
    const later = ask();
    await vi.advanceTimersByTimeAsync(500);
    expect(await later).toEqual({ ok: false, detail: 'gave up, no answer for 500 ms' });
    expect(looks).toHaveLength(3);
  });

  it('does not stay as it is when it throws at once', async () => {
    let throws = true;
    const ask = rememberedCheck(() => {
      if (throws) throw new Error('broken');
      return Promise.resolve(FINE);
    }, 500);
    expect(await ask()).toEqual({ ok: false, detail: 'broken' });
    throws = false;
    expect(await ask()).toEqual(FINE);
  });
});
