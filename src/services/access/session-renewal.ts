import { SessionMismatchError } from '../../domain/access/session-mismatch-error.ts';
import type { Authenticator } from './authenticator.ts';
import type { Session } from './session.ts';

/** Lets a connection go on with another credential of the same viewer: nothing that runs on it is touched. */
export interface SessionRenewal {
  /**
   * @param session the connection it came over; null when it came over none that lasts
   * @param authorization a token, or `Bearer` and a token
   * @throws AuthenticationError when the token is not acceptable
   * @throws SessionMismatchError when it is for somebody else or for other roles, or when there is no connection to renew
   */
  renew(session: Session | null, authorization: string): Promise<Session>;
}

export function createSessionRenewal({ authenticator }: { authenticator: Pick<Authenticator, 'authenticate'> }): SessionRenewal {
  return {
    async renew(session, authorization) {
      if (!session) {
        throw new SessionMismatchError(
          'expected to come over the connection that is to go on: a WebSocket, or an event stream for many operations; got a request of its own',
        );
      }
      const viewer = await authenticator.authenticate(/\s/.test(authorization.trim()) ? authorization : `Bearer ${authorization.trim()}`);
      session.renew(viewer);
      return session;
    },
  };
}
