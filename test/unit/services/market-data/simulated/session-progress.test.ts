import { expect, it } from 'vitest';
import { DAY_MS } from '../../../../../src/domain/calendar/day-number.ts';
import { sessionProgress } from '../../../../../src/services/market-data/simulated/session-progress.ts';

it('goes from a tenth to the whole of the volume within a UTC day, fastest in regular hours, never back', () => {
  const day = Date.UTC(2026, 10, 20);
  const hours = Array.from({ length: 25 }, (_, hour) => sessionProgress(Math.min(day + hour * 3_600_000, day + DAY_MS - 1)));
  expect(hours[0]).toBe(0.1);
  expect(hours[24]).toBeCloseTo(1, 6);
  for (let hour = 1; hour < 24; hour++) expect(hours[hour]).toBeGreaterThan(hours[hour - 1]!);
  expect(hours[16]! - hours[15]!).toBeGreaterThan(3 * (hours[3]! - hours[2]!));
});
