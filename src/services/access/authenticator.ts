import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import { LOCAL_ADMIN, type Viewer } from '../../domain/access/viewer.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Tells who calls, on every transport. */
export interface Authenticator {
  /** False: everybody who can reach the server is its administrator. */
  readonly isConfigured: boolean;
  /**
   * @param authorization what an Authorization header says (RFC 6750): `Bearer` and a token
   * @throws AuthenticationError
   */
  authenticate(authorization: string | null): Promise<Viewer>;
}

/** @param verifier null: no authentication is configured */
export function createAuthenticator({ verifier }: { verifier: TokenVerifier | null }): Authenticator {
  return {
    isConfigured: verifier !== null,
    async authenticate(authorization) {
      if (!verifier) return LOCAL_ADMIN;
      if (authorization === null || authorization === '')
        throw new AuthenticationError('MISSING', 'expected a token, got none: send `Authorization: Bearer …`');
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization.trim()) ?? [];
      if (token === undefined)
        throw new AuthenticationError('MALFORMED', 'expected `Bearer` and a token, got another kind of authorization');
      return verifier.verify(token);
    },
  };
}
