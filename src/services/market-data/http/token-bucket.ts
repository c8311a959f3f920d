import { setTimeout as sleep } from 'node:timers/promises';

/** Paces calls: `burst` at once, `perSecond` from then on, over all callers. */
export interface TokenBucket {
  /** Resolves when the caller may go on. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
}

export interface TokenBucketOptions {
  readonly perSecond: number;
  /** Calls that may follow each other without a wait, ≥ 1. */
  readonly burst: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export function createTokenBucket({ perSecond, burst, clock }: TokenBucketOptions): TokenBucket {
  let tokens = burst;
  let refilledAtMs = clock();

  function refill(): void {
    const nowMs = clock();
    // A clock that was set back refills nothing, and holds nobody up until it has caught up.
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - refilledAtMs) * perSecond) / 1_000);
    refilledAtMs = nowMs;
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      refill();
      // Below zero it is a queue: who comes later waits for the tokens of all before.
      tokens -= 1;
      if (tokens >= 0) return;
      try {
        await sleep((-tokens * 1_000) / perSecond, undefined, { signal });
      } catch {
        tokens += 1;
        signal.throwIfAborted();
      }
    },
  };
}
