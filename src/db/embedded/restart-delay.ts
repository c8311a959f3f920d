export interface RestartBackoff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A server that ran this long was fine: the next pause is the first one again. */
  readonly healthyAfterMs: number;
}

export const DEFAULT_RESTART_BACKOFF: RestartBackoff = { firstMs: 100, longestMs: 30_000, healthyAfterMs: 60_000 };

/** Pause before the restart number `attempt`, counted from 1, in milliseconds: doubles up to the longest. */
export function restartDelay({ firstMs, longestMs }: RestartBackoff, attempt: number): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1));
}
