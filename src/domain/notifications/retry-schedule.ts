export interface RetryBudget {
  /** Attempts at one message until it is given up. */
  readonly maximumAttempts: number;
  /** Age of a notification from which it is not tried again, in milliseconds. */
  readonly maximumAgeMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** However long a receiver asks to be left alone, it is asked again after this: one that errs must not switch a channel off for a day. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

export interface FailedAttempt {
  /** Attempts made, this one included, ≥ 1. */
  readonly attempts: number;
  /** Of the oldest notification in the message. */
  readonly ageMs: number;
  readonly retryAfterMs: number | null;
}

/**
 * Milliseconds until the next attempt, null when the budget is spent. Doubles from attempt to attempt up to the longest; the latter half of each delay is random, so that messages that
 * failed together do not come back together. Never before what Retry-After says.
 * @param random uniform in [0, 1)
 */
export function nextRetryDelayMs({ attempts, ageMs, retryAfterMs }: FailedAttempt, budget: RetryBudget, random: number): number | null {
  if (attempts >= budget.maximumAttempts) return null;
  const fullMs = Math.min(budget.longestDelayMs, budget.firstDelayMs * 2 ** Math.min(attempts - 1, 40));
  const delayMs = Math.round(Math.max(fullMs * (0.5 + random / 2), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)));
  return ageMs + delayMs > budget.maximumAgeMs ? null : delayMs;
}
