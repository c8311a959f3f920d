import type { Config } from '../config/config.ts';
import type { TokenKeys } from '../services/access/token-verifier.ts';

/** Whose tokens are accepted; null: no authentication is configured. */
export function tokenKeys({ jwtSecret, jwtPublicKey, jwksUrl }: Config['auth']): TokenKeys | null {
  if (jwtSecret !== undefined) return { kind: 'secret', secret: jwtSecret };
  if (jwtPublicKey !== undefined) return { kind: 'public-key', pem: jwtPublicKey };
  return jwksUrl === undefined ? null : { kind: 'key-set', url: jwksUrl };
}
