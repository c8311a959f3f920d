import type { Viewer } from '../domain/access/viewer.ts';
import type { Authenticator } from '../services/access/authenticator.ts';
import { type EventTokens, isEventToken } from '../services/access/event-tokens.ts';
import type { Revocations } from '../services/access/revocations.ts';
import { shownAuthorization } from './shown-authorization.ts';

/** Who sends an HTTP request. Asked as often as one likes: it is found out once. @throws AuthenticationError */
export type RequestViewer = (request: Request) => Promise<Viewer>;

export interface RequestViewerDeps {
  readonly authenticator: Authenticator;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly eventTokens: EventTokens;
}

export function createRequestViewer({ authenticator, revocations, eventTokens }: RequestViewerDeps): RequestViewer {
  const viewers = new WeakMap<Request, Promise<Viewer>>();

  function find(request: Request): Promise<Viewer> {
    const authorization = shownAuthorization(request.headers.get('authorization'), request.headers.get('x-api-key'));
    const eventToken = authorization === null ? eventTokenOf(request) : null;
    return eventToken === null ? authenticator.authenticate(authorization) : holderOf(eventToken);
  }

  async function holderOf(eventToken: string): Promise<Viewer> {
    const viewer = await eventTokens.consume(eventToken);
    revocations.check(viewer);
    return viewer;
  }

  return (request) => {
    const known = viewers.get(request);
    if (known) return known;
    const viewer = find(request);
    viewers.set(request, viewer);
    return viewer;
  };
}

/** For what an EventSource sends, and for nothing else: an address with a token in it must not be good for more. */
function eventTokenOf(request: Request): string | null {
  if (request.method !== 'GET' || !/\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '')) return null;
  const token = new URL(request.url, 'http://localhost').searchParams.get('token');
  return token !== null && isEventToken(token) ? token : null;
}
