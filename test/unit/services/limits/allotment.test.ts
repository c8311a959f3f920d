import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LimitExceededError } from '../../../../src/domain/errors/limit-exceeded-error.ts';
import { createAllotment } from '../../../../src/services/limits/allotment.ts';

it('lets each holder have as many as it is allowed, and names the limit when it wants more', () => {
  const allotment = createAllotment<string>('things', { limit: 'someThings', retryAfterMs: 5 });
  allotment.take('one', 2);
  const giveBack = allotment.take('one', 2);
  expect(() => allotment.take('one', 2)).toThrowError(
    expect.objectContaining({
      limit: 'someThings',
      allowed: 2,
      requested: 3,
      retryAfterMs: 5,
      message: 'expected at most 2 things, got 3',
    }),
  );
  allotment.take('another', 2);
  giveBack();
  allotment.take('one', 2);
});

it('takes a thing back once, however often it is given', () => {
  const allotment = createAllotment<string>('things', {});
  allotment.take('one', 9);
  const giveBack = allotment.take('one', 9);
  giveBack();
  giveBack();
  expect(allotment.held('one')).toBe(1);
});

it('counts right for any order of taking and giving back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean())), (allowed, steps) => {
      const allotment = createAllotment<string>('things', {});
      const held: Record<string, (() => void)[]> = { a: [], b: [] };
      for (const [holder, isTaking] of steps) {
        const theirs = held[holder]!;
        if (!isTaking) {
          theirs.shift()?.();
          continue;
        }
        const before = theirs.length;
        try {
          theirs.push(allotment.take(holder, allowed));
        } catch (error) {
          if (!(error instanceof LimitExceededError)) throw error;
        }
        expect(theirs.length).toBe(Math.min(before + 1, allowed));
        expect(allotment.held(holder)).toBe(theirs.length);
      }
    }),
  );
});
