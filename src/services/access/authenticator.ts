import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import { LOCAL_ADMIN, type Viewer } from '../../domain/access/viewer.ts';
import { looksLikeApiKey } from './api-key-format.ts';
import type { ApiKeyVerifier } from './api-key-verifier.ts';
import type { AuthenticationMetrics, CredentialKind } from './authentication-metrics.ts';
import type { Revocations } from './revocations.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Tells who calls, on every transport. */
export interface Authenticator {
  /** False: everybody who can reach the server and shows nothing is its administrator. */
  readonly isConfigured: boolean;
  /**
   * @param authorization what an Authorization header says (RFC 6750): `Bearer` and a token or an API key; or `ApiKey` and an API key
   * @throws AuthenticationError
   */
  authenticate(authorization: string | null): Promise<Viewer>;
}

export interface AuthenticatorDeps {
  /** Null: no authentication is configured. */
  readonly verifier: TokenVerifier | null;
  readonly apiKeys: ApiKeyVerifier;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly metrics: AuthenticationMetrics;
}

interface Credential {
  readonly kind: CredentialKind;
  readonly text: string;
}

export function createAuthenticator({ verifier, apiKeys, revocations, metrics }: AuthenticatorDeps): Authenticator {
  /** Who shows a token or a key is judged by it, whether or not showing nothing would do. What is meant for somebody else, such as a proxy, shows nothing. */
  async function verify({ kind, text }: Credential): Promise<Viewer> {
    if (kind === 'API_KEY') return apiKeys.verify(text);
    if (kind === 'TOKEN') {
      if (verifier) return verifier.verify(text);
      throw new AuthenticationError('INVALID', 'expected no token, because no authentication is configured here, got one');
    }
    if (/^(Bearer|ApiKey)\b/i.test(text)) {
      throw new AuthenticationError('MALFORMED', 'expected `Bearer` and one token or key, got something else behind it');
    }
    if (!verifier) return LOCAL_ADMIN;
    if (kind === 'NONE') throw new AuthenticationError('MISSING', 'expected a token, got none: send `Authorization: Bearer …`');
    throw new AuthenticationError('MALFORMED', 'expected `Bearer` and a token, got another kind of authorization');
  }

  return {
    isConfigured: verifier !== null,
    async authenticate(authorization) {
      const credential = credentialOf(authorization?.trim() ?? '');
      try {
        const viewer = await verify(credential);
        revocations.check(viewer);
        metrics.authenticated(credential.kind, 'ACCEPTED');
        return viewer;
      } catch (error) {
        metrics.authenticated(credential.kind, error instanceof AuthenticationError ? error.failure : 'FAILED');
        throw error;
      }
    },
  };
}

function credentialOf(authorization: string): Credential {
  if (authorization === '') return { kind: 'NONE', text: '' };
  const [, scheme, text] = /^(Bearer|ApiKey) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme === undefined || text === undefined) return { kind: 'OTHER', text: authorization };
  return { kind: scheme.toLowerCase() === 'apikey' || looksLikeApiKey(text) ? 'API_KEY' : 'TOKEN', text };
}
