import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from '../../../../src/services/bus/reconnect-delay.ts';

describe('the delay before reconnecting', () => {
  it('doubles with each attempt and stops growing at ten seconds', () => {
    expect([1, 2, 3, 4].map((attempt) => reconnectDelayMs(attempt, 0.5))).toEqual([100, 200, 400, 800]);
    expect([8, 9, 2_000].map((attempt) => reconnectDelayMs(attempt, 0.5))).toEqual([10_000, 10_000, 10_000]);
  });

  it('spreads by half either way', () => {
    expect(reconnectDelayMs(1, 0)).toBe(50);
    expect(reconnectDelayMs(2_000, 0.999)).toBeCloseTo(14_990);
  });
});
