import { isEventToken } from '../../services/access/event-tokens.ts';

const HEADER = 'x-graphql-event-stream-token';
const PARAMETER = 'token';

/** The token of the event stream for many operations that a request belongs to; null: to none. */
export function eventStreamTokenOf(headers: Headers, url: URL): string | null {
  const token = headers.get(HEADER) ?? url.searchParams.get(PARAMETER);
  return token === null || isEventToken(token) ? null : token;
}
