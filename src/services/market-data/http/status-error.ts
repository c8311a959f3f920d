import { type FeedError, FeedMalformedError, FeedRefusedError, FeedUnavailableError } from '../feed-errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** Milliseconds from now that headers ask to wait; undefined when they do not say. */
export type ReadWaitMs = (headers: Headers, nowMs: number) => number | undefined;

/**
 * What an HTTP status that is not a success means to a feed. The body is left out of the message: servers repeat what they were sent, and tokens are among it.
 * @param readWaitMs how long headers of the vendor's own ask to wait, for answers without Retry-After
 */
export function statusError(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  source: string,
  nowMs: number,
  readWaitMs?: ReadWaitMs,
): FeedError {
  const message = `${source}: expected HTTP status 200, got ${status}`;
  const wait = { retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs) ?? readWaitMs?.(headers, nowMs) };
  if (status === 429) return new FeedUnavailableError(`${message} (too many requests)`, wait);
  if (status >= 500 || status === 408) return new FeedUnavailableError(message, wait);
  if (status === 401) return new FeedRefusedError(`${message} (the credentials are not accepted)`);
  if (status === 403) return new FeedRefusedError(`${message} (forbidden)`);
  return new FeedMalformedError(message);
}
