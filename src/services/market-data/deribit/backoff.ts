export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Waits between attempts: doubled each time up to the longest, of which the latter half is random, so that clients cut off together do not come back together. */
export interface Backoff {
  /** Milliseconds until the next attempt. */
  next(): number;
  reset(): void;
}

export function createBackoff({ firstMs, longestMs, random }: BackoffOptions): Backoff {
  let attempts = 0;
  return {
    next() {
      const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(attempts, 30));
      attempts++;
      return fullMs * (0.5 + random() / 2);
    },
    reset() {
      attempts = 0;
    },
  };
}
