import { expect, it } from 'vitest';
import { type BreakerState, breakerFailed, breakerPhase, CLOSED_BREAKER } from '../../../../src/domain/notifications/circuit-breaker.ts';

function afterFailures(count: number, nowMs: number): BreakerState {
  let state = CLOSED_BREAKER;
  for (let failure = 0; failure < count; failure++) state = breakerFailed(state, nowMs, 1);
  return state;
}

it('opens with the fifth failure in a row, for half a minute', () => {
  expect(breakerPhase(afterFailures(4, 1_000), 1_000)).toBe('CLOSED');
  const open = afterFailures(5, 1_000);
  expect(open.openUntilMs).toBe(31_000);
  expect(breakerPhase(open, 30_999)).toBe('OPEN');
  expect(breakerPhase(open, 31_000)).toBe('HALF_OPEN');
});

it('opens for twice as long when the probe fails, up to ten minutes', () => {
  let state = afterFailures(5, 0);
  const opened: number[] = [];
  for (let probe = 0; probe < 6; probe++) {
    const nowMs = state.openUntilMs!;
    state = breakerFailed(state, nowMs, 1);
    opened.push(state.openUntilMs! - nowMs);
  }
  expect(opened).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

it('is not kept open by what was under way when it opened', () => {
  const open = afterFailures(5, 0);
  expect(breakerFailed(open, 10, 1)).toBe(open);
});

it('is not kept open by a clock that was set back', () => {
  const open = afterFailures(5, 86_400_000);
  expect(breakerPhase(open, 0)).toBe('HALF_OPEN');
});
