import { type BreakerState, breakerFailed, CLOSED_BREAKER } from '../../domain/notifications/circuit-breaker.ts';
import { isPassing, type SendResult } from '../../domain/notifications/delivery-attempt.ts';
import { LONGEST_RETRY_AFTER_MS, nextRetryDelayMs, type RetryBudget } from '../../domain/notifications/retry-schedule.ts';
import type { ChannelHealth, DueDelivery, Verdict } from './delivery-store.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly health: ChannelHealth;
}

/** What an attempt means for its message and for the channel. Pure. */
export function judgeAttempt(
  result: SendResult,
  { notifications: [first] }: Pick<DueDelivery, 'notifications'>,
  health: ChannelHealth,
  budget: RetryBudget,
  nowMs: number,
  random: number,
): Judgement {
  const { outcome, retryAfterMs } = result;
  const pausedUntilMs = retryAfterMs === null ? health.pausedUntilMs : nowMs + Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  const after: ChannelHealth = { ...health, pausedUntilMs, breaker: breakerAfter(result, health.breaker, nowMs, random) };
  if (outcome === 'DELIVERED') return { verdict: { state: 'DELIVERED' }, health: after };
  if (!isPassing(outcome)) return { verdict: { state: 'DEAD', reason: `${outcome}: ${result.error}` }, health: after };
  const attempts = first.attempts + 1;
  const delayMs = nextRetryDelayMs({ attempts, ageMs: Math.max(0, nowMs - first.queuedAtMs), retryAfterMs }, budget, random);
  return delayMs === null
    ? { verdict: { state: 'DEAD', reason: `given up after ${attempts} attempts, ${outcome}: ${result.error}` }, health: after }
    : { verdict: { state: 'QUEUED', delayMs }, health: after };
}

/** Whoever refuses one message, or asks for fewer, is there. What was not sent says nothing. */
function breakerAfter({ outcome }: SendResult, breaker: BreakerState, nowMs: number, random: number): BreakerState {
  if (outcome === 'BLOCKED' || outcome === 'MISCONFIGURED') return breaker;
  return isPassing(outcome) && outcome !== 'RATE_LIMITED' ? breakerFailed(breaker, nowMs, random) : CLOSED_BREAKER;
}
