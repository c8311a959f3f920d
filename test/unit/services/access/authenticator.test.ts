import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../../../src/domain/access/authentication-error.ts';
import { LOCAL_ADMIN, type Viewer } from '../../../../src/domain/access/viewer.ts';
import { createAuthenticator } from '../../../../src/services/access/authenticator.ts';
import type { TokenVerifier } from '../../../../src/services/access/token-verifier.ts';

const aViewer = (kind: Viewer['kind'], subject: string): Viewer => ({
  kind,
  subject,
  roles: ['TRADER'],
  expiresAtMs: null,
  issuedAtMs: null,
  credentialId: null,
});

function anAuthenticator({ isConfigured = true, isRevoked = false, error = null as Error | null } = {}) {
  const told: string[] = [];
  const verifier: TokenVerifier = {
    async verify(token) {
      if (error) throw error;
      return aViewer('TOKEN', token);
    },
  };
  const authenticator = createAuthenticator({
    verifier: isConfigured ? verifier : null,
    apiKeys: { verify: async (key) => aViewer('API_KEY', key) },
    revocations: {
      check() {
        if (isRevoked) throw new AuthenticationError('REVOKED', 'revoked');
      },
    },
    metrics: { authenticated: (credential, outcome) => told.push(`${credential} ${outcome}`) },
  });
  const outcomeOf = async (authorization: string | null) => {
    const viewer = await authenticator.authenticate(authorization).catch((failure: unknown) => failure);
    return viewer instanceof Error ? { failure: (viewer as AuthenticationError).failure } : (viewer as Viewer);
  };
  return { outcomeOf, told };
}

describe('where authentication is configured', () => {
  it.each([
    ['nothing', null, { failure: 'MISSING' }, 'NONE MISSING'],
    ['an empty header', ' ', { failure: 'MISSING' }, 'NONE MISSING'],
    ['another scheme', 'Basic YTpi', { failure: 'MALFORMED' }, 'OTHER MALFORMED'],
    ['a scheme alone', 'Bearer', { failure: 'MALFORMED' }, 'OTHER MALFORMED'],
    ['two at once', 'Bearer a, ApiKey swk_b', { failure: 'MALFORMED' }, 'OTHER MALFORMED'],
    ['a token', 'bearer  abc', { kind: 'TOKEN', subject: 'abc' }, 'TOKEN ACCEPTED'],
    ['a key', 'Bearer swk_abc', { kind: 'API_KEY', subject: 'swk_abc' }, 'API_KEY ACCEPTED'],
    ['a key as such', 'ApiKey swk_abc', { kind: 'API_KEY', subject: 'swk_abc' }, 'API_KEY ACCEPTED'],
    ['a token as a key', 'ApiKey abc', { kind: 'API_KEY', subject: 'abc' }, 'API_KEY ACCEPTED'],
  ])('%s', async (_what, authorization, expected, counted) => {
    const { outcomeOf, told } = anAuthenticator();
    const outcome = await outcomeOf(authorization);
    expect(outcome).toMatchObject(expected);
    expect(told).toEqual([counted]);
  });

  it('what was revoked is refused, whatever its kind', async () => {
    const { outcomeOf, told } = anAuthenticator({ isRevoked: true });
    expect([await outcomeOf('Bearer abc'), await outcomeOf('Bearer swk_abc')]).toEqual([{ failure: 'REVOKED' }, { failure: 'REVOKED' }]);
    expect(told).toEqual(['TOKEN REVOKED', 'API_KEY REVOKED']);
  });

  it('keys that cannot be fetched are our failure', async () => {
    const { outcomeOf, told } = anAuthenticator({ error: new Error('unreachable') });
    expect(await outcomeOf('Bearer abc')).toEqual({ failure: undefined });
    expect(told).toEqual(['TOKEN FAILED']);
  });
});

describe('where no authentication is configured', () => {
  it.each([
    ['who shows nothing is the local administrator', null, LOCAL_ADMIN],
    ['who shows something to a proxy too', 'Basic YTpi', LOCAL_ADMIN],
    ['who shows a key is judged by it', 'Bearer swk_abc', { kind: 'API_KEY', subject: 'swk_abc' }],
    ['who shows a token is refused', 'Bearer abc', { failure: 'INVALID' }],
    ['who shows two things is refused', 'Bearer abc, ApiKey swk_abc', { failure: 'MALFORMED' }],
  ])('%s', async (_what, authorization, expected) => {
    const outcome = await anAuthenticator({ isConfigured: false }).outcomeOf(authorization);
    expect(outcome).toMatchObject(expected);
  });
});
