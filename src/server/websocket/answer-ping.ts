import type { GraphQLFormattedError } from 'graphql';
import type { Session } from '../../services/access/session.ts';
import type { SessionRenewal } from '../../services/access/session-renewal.ts';

export interface PingAnswerDeps {
  readonly renewal: SessionRenewal;
  /** As errors leave the server. */
  readonly format: (error: unknown) => GraphQLFormattedError;
}

/**
 * What a `pong` carries: what its `ping` did, unless that carries `authorization`, as the parameters of the connection do. Then the connection is renewed with it, and the
 * answer tells what came of it; a token is never sent back.
 */
export function createPingAnswer({ renewal, format }: PingAnswerDeps): (session: Session | null, payload: unknown) => unknown {
  return async (session, payload) => {
    const { authorization } = (payload ?? {}) as { authorization?: unknown };
    if (typeof authorization !== 'string') return payload;
    try {
      const { viewer } = await renewal.renew(session, authorization);
      return { type: 'SESSION_RENEWED', expiresAt: viewer.expiresAtMs === null ? null : new Date(viewer.expiresAtMs).toISOString() };
    } catch (error) {
      return { type: 'SESSION_NOT_RENEWED', error: format(error) };
    }
  };
}
