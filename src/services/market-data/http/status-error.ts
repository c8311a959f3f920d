import { type FeedError, FeedMalformedError, FeedRefusedError, FeedUnavailableError } from '../feed-errors.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * What an HTTP status that is not a success means to a feed. The body is left out of the message: servers repeat what they were sent, and tokens are among it.
 */
export function statusError({ status, headers }: Pick<Response, 'status' | 'headers'>, source: string, nowMs: number): FeedError {
  const message = `${source}: expected HTTP status 200, got ${status}`;
  const wait = { retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs) };
  if (status === 429) return new FeedUnavailableError(`${message} (too many requests)`, wait);
  if (status >= 500 || status === 408) return new FeedUnavailableError(message, wait);
  if (status === 401) return new FeedRefusedError(`${message} (the credentials are not accepted)`);
  if (status === 403) return new FeedRefusedError(`${message} (forbidden)`);
  return new FeedMalformedError(message);
}
