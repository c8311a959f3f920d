import { expect, it } from 'vitest';
import { lastUnbroken } from '../../../../../src/domain/analytics/forecasts/last-unbroken.ts';

const DAY_MS = 86_400_000;
const series = (...days: readonly number[]) => ({ atMs: days.map((day) => day * DAY_MS), values: days });

it('what lies before the last gap of more than a week is left out', () => {
  expect(lastUnbroken(series(1, 2, 3, 11, 12)).values).toEqual([11, 12]);
  expect(lastUnbroken(series(1, 2, 3, 10, 12)).values).toEqual([1, 2, 3, 10, 12]);
  expect(lastUnbroken(series(1, 20)).values).toEqual([20]);
  expect(lastUnbroken(series(5)).values).toEqual([5]);
  expect(lastUnbroken(series())).toEqual({ atMs: [], values: [] });
});
