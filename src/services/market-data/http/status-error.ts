import { type FeedError, FeedMalformedError, FeedRefusedError, FeedUnavailableError } from '../feed-errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** Milliseconds from now that headers ask to wait; undefined when they do not say. */
export type ReadWaitMs = (headers: Headers, nowMs: number) => number | undefined;

/**
 * What an HTTP status that is not a success means to a feed. The body is left out of the message: servers repeat what they were sent, and tokens are among it.
 * @param readWaitMs how long the vendor wants us to wait after too many requests, for answers without Retry-After; other failures are not asked, since the headers of a limit stand
 * in every answer
 */
export function statusError(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  source: string,
  nowMs: number,
  readWaitMs?: ReadWaitMs,
): FeedError {
  const message = `${source}: expected HTTP status 200, got ${status}`;
  const waitMs = retryAfterMs(headers.get('retry-after'), nowMs);
  if (status === 429) {
    return new FeedUnavailableError(`${message} (too many requests)`, { retryAfterMs: waitMs ?? readWaitMs?.(headers, nowMs) });
  }
  if (status >= 500 || status === 408) return new FeedUnavailableError(message, { retryAfterMs: waitMs });
  if (status === 401) return new FeedRefusedError(`${message} (the credentials are not accepted)`);
  if (status === 403) return new FeedRefusedError(`${message} (forbidden)`);
  return new FeedMalformedError(message);
}
