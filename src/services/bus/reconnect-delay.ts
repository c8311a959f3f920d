const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/**
 * Milliseconds before an attempt to reconnect: doubles each time up to a limit, and varies by half of it either way, so that many processes do not come back at once.
 * @param attempt from 1
 * @param random uniform in [0, 1)
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (0.5 + random);
}
