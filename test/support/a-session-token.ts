import { SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { TOKEN_SECRET } from './a-token.ts';

export interface SessionTokenClaims {
  readonly subject?: string;
  readonly roles?: readonly string[];
  /** From now; also fractions of a second. */
  readonly expiresInMs?: number;
  readonly id?: string;
}

export interface SessionToken {
  readonly token: string;
  /** `Bearer` and the token. */
  readonly authorization: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** A token as an identity provider would sign it, with what tests of its expiry need to know. */
export async function aSessionToken(claims: SessionTokenClaims = {}): Promise<SessionToken> {
  const { subject = 'somebody', roles = ['ADMIN'], expiresInMs = 600_000, id = uuidv7() } = claims;
  const expiresAtMs = Date.now() + expiresInMs;
  const token = await new SignJWT({ roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime(expiresAtMs / 1_000)
    .sign(new TextEncoder().encode(TOKEN_SECRET));
  return { token, authorization: `Bearer ${token}`, id, expiresAtMs };
}
