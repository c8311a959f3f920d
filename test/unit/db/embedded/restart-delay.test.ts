import { expect, it } from 'vitest';
import { DEFAULT_RESTART_BACKOFF, restartDelay } from '../../../../src/db/embedded/restart-delay.ts';

it('doubles the pause before each restart up to the longest', () => {
  const pauses = [1, 2, 3, 9, 10, 5_000].map((attempt) => restartDelay(DEFAULT_RESTART_BACKOFF, attempt));
  expect(pauses).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
});
