import { expect, it } from 'vitest';
import { LimitExceededError } from '../../../../src/domain/errors/limit-exceeded-error.ts';
import { createQuota } from '../../../../src/services/limits/quota.ts';

function aQuota(limit: number) {
  let count = 0;
  const quota = createQuota({ name: 'things', what: 'things', limit, count: () => count });
  const add = () =>
    quota.add(async () => {
      await Promise.resolve();
      return ++count;
    });
  return { quota, add, forget: () => count-- };
}

it('adds up to the limit, refuses more with the limit and the count, and takes more when there is room again', async () => {
  const { add, forget } = aQuota(2);
  await add();
  await add();
  const refused = await add().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LimitExceededError);
  expect(refused).toMatchObject({ limit: 'things', allowed: 2, requested: 3, message: 'expected at most 2 things, got 3' });
  forget();
  await add();
});

it('counts what is being added at the same moment', async () => {
  const { add } = aQuota(2);
  const outcomes = await Promise.allSettled([add(), add(), add(), add()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
});

it('gives the room back when adding fails', async () => {
  const { quota, add } = aQuota(1);
  await expect(quota.add(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await add();
});
