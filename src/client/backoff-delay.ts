export interface Backoff {
  /** Upper bound of the first pause, milliseconds. */
  readonly minimumMs: number;
  /** Upper bound of every pause, milliseconds. */
  readonly maximumMs: number;
}

/**
 * How long to wait before attempt number `attempt` (from 0) is repeated, milliseconds: anything from 0 to a bound that doubles with each attempt.
 * Full jitter spreads the clients of a server that comes back best: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffDelay(attempt: number, { minimumMs, maximumMs }: Backoff, random: () => number): number {
  return random() * Math.min(maximumMs, minimumMs * 2 ** attempt);
}
