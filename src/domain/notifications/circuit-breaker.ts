/** CLOSED: everything is sent; OPEN: nothing, after too many failures in a row; HALF_OPEN: one message, to see whether the receiver is back. */
export const BREAKER_PHASES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const;
export type BreakerPhase = (typeof BREAKER_PHASES)[number];

export interface BreakerState {
  /** Failures in a row. */
  readonly failures: number;
  /** Epoch milliseconds; null: closed. */
  readonly openUntilMs: number | null;
}

export const CLOSED_BREAKER: BreakerState = { failures: 0, openUntilMs: null };

/** Fewer would open on a receiver that restarts. */
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 30_000;
const LONGEST_OPEN_MS = 600_000;

export function breakerPhase({ openUntilMs }: BreakerState, nowMs: number): BreakerPhase {
  if (openUntilMs === null) return 'CLOSED';
  // A clock that was set back must not keep it open for longer than it can be.
  return nowMs < openUntilMs && openUntilMs - nowMs <= LONGEST_OPEN_MS ? 'OPEN' : 'HALF_OPEN';
}

/** After a failure that may pass. A failure while it is half open opens it again, for twice as long. */
export function breakerFailed(state: BreakerState, nowMs: number, random: number): BreakerState {
  const failures = state.failures + 1;
  if (failures < FAILURES_TO_OPEN) return { failures, openUntilMs: null };
  // What was under way when it opened ends later, and says nothing new.
  if (breakerPhase(state, nowMs) === 'OPEN') return state;
  const openMs = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** Math.min(failures - FAILURES_TO_OPEN, 20)) * (0.5 + random / 2);
  return { failures, openUntilMs: nowMs + Math.round(openMs) };
}
