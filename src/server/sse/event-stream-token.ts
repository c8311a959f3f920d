import { isEventToken } from '../../services/access/event-tokens.ts';

const HEADER = 'x-graphql-event-stream-token';
const PARAMETER = 'token';

/** The token of the event stream for many operations that a request belongs to; null: to none. */
export function eventStreamTokenOf({ headers, url }: Pick<Request, 'headers' | 'url'>): string | null {
  const token = headers.get(HEADER) ?? parameterOf(url);
  return token === null || isEventToken(token) ? null : token;
}

/** Most addresses have no parameters, and an address takes long to take apart. */
function parameterOf(address: string): string | null {
  return address.includes('?') ? new URL(address, 'http://localhost').searchParams.get(PARAMETER) : null;
}
