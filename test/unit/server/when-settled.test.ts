import { expect, it } from 'vitest';
import { whenSettled } from '../../../src/server/when-settled.ts';

it('works once when a promise is kept or broken, and says the same', async () => {
  const worked: string[] = [];
  await expect(whenSettled(Promise.resolve('kept'), () => worked.push('kept'))).resolves.toBe('kept');
  const error = new Error('broken');
  await expect(whenSettled(Promise.reject(error), () => worked.push('broken'))).rejects.toBe(error);
  expect(worked).toEqual(['kept', 'broken']);
});
