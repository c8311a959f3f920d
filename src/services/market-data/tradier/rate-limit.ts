import { setTimeout as sleep } from 'node:timers/promises';
import { FeedUnavailableError } from '../feed-errors.ts';

/** Keeps requests back while Tradier has none left for us, as its headers X-Ratelimit-Available and X-Ratelimit-Expiry say. */
export interface RateLimit {
  /** Takes note of the headers of an answer. */
  note(headers: Headers): void;
  /** No request before this time has passed. */
  hold(ms: number): void;
  /**
   * Resolves when requests may go on, when that is soon; otherwise rejects with FeedUnavailableError that says when. Rejects with the signal's reason, too.
   */
  pass(signal: AbortSignal): Promise<void>;
}

export interface RateLimitDeps {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Longer waits are left to the scanner; default 15 s, which leaves time to finish a chain within the scanner's minute. */
  readonly longestWaitMs?: number;
}

const LONGEST_WAIT_MS = 15_000;
/** Limits are counted by the minute. */
const WINDOW_MS = 60_000;
/** Smaller numbers are seconds: 1e11 ms is in 1973. Tradier documents milliseconds; clients have met seconds. */
const SMALLEST_MILLISECONDS = 1e11;

export function createRateLimit({ clock, longestWaitMs = LONGEST_WAIT_MS }: RateLimitDeps): RateLimit {
  let heldUntilMs = Number.NEGATIVE_INFINITY;

  function hold(ms: number): void {
    heldUntilMs = Math.max(heldUntilMs, clock() + ms);
  }

  return {
    note(headers) {
      if (Number(headers.get('x-ratelimit-available') ?? 1) <= 0) hold(rateLimitWaitMs(headers, clock()) ?? WINDOW_MS);
    },
    hold,
    async pass(signal) {
      const waitMs = heldUntilMs - clock();
      if (waitMs <= 0) return;
      if (waitMs > longestWaitMs) {
        throw new FeedUnavailableError(`expected requests left at Tradier, got none for ${Math.ceil(waitMs)} ms`, { retryAfterMs: waitMs });
      }
      await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  };
}

/** Milliseconds until X-Ratelimit-Expiry, a window at most; undefined when the header is absent or no time. */
export function rateLimitWaitMs(headers: Headers, nowMs: number): number | undefined {
  const expiry = Number(headers.get('x-ratelimit-expiry') ?? Number.NaN);
  if (!(expiry > 0)) return undefined;
  const expiresAtMs = expiry < SMALLEST_MILLISECONDS ? expiry * 1_000 : expiry;
  return Math.min(Math.max(0, expiresAtMs - nowMs), WINDOW_MS);
}
