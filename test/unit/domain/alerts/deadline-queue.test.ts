import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeadlineQueue } from '../../../../src/domain/alerts/deadline-queue.ts';

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const moments = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.constant(Number.POSITIVE_INFINITY));
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), key: keys, atMs: moments }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), nowMs: fc.integer({ min: 0, max: 12 }) }) },
  ),
  { maxLength: 300 },
);

it('a queue of deadlines gives what a list sorted anew each time gives, of equal ones the first that was put', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const queue = createDeadlineQueue<string>();
      let list: { readonly key: string; readonly atMs: number }[] = [];
      const earliest = () => list.toSorted((one, other) => one.atMs - other.atMs)[0];
      for (const step of all) {
        const first = earliest();
        const isDue = step.kind === 'take' && first !== undefined && first.atMs <= step.nowMs;
        const taken = step.kind === 'take' ? queue.take(step.nowMs) : undefined;
        expect(taken).toBe(isDue ? first.key : undefined);
        if (isDue) list = list.filter((one) => one !== first);
        if (step.kind === 'put') {
          const { key, atMs } = step;
          queue.put(key, atMs);
          const isThere = list.some((one) => one.key === key && one.atMs === atMs);
          if (!isThere) list = [...list.filter((one) => one.key !== key), ...(Number.isFinite(atMs) ? [{ key, atMs }] : [])];
        }
        expect(queue.next()).toBe(earliest()?.atMs ?? Number.POSITIVE_INFINITY);
      }
    }),
  );
});

it('a queue of deadlines that are put off again and again, and moved up, loses none', () => {
  const queue = createDeadlineQueue<number>();
  for (let round = 0; round < 20; round++)
    for (let key = 0; key < 50; key++) queue.put(key, 1_000 + key + (round % 2 === 0 ? round : -round));
  const taken: (number | undefined)[] = [];
  while (queue.next() < Number.POSITIVE_INFINITY) taken.push(queue.take(10_000));
  expect(taken).toEqual(Array.from({ length: 50 }, (_, key) => key));
});
