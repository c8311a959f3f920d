import { SignJWT } from 'jose';

/** Signs the tokens of `aBearerToken`: AUTH_JWT_SECRET of a test app. */
export const TOKEN_SECRET = 'a secret that is long enough for HS256';

interface TokenOptions {
  readonly subject?: string;
  readonly roles?: readonly string[];
  readonly id?: string;
  /** From now; may lie in the past. */
  readonly issuedInSeconds?: number;
  readonly expiresInSeconds?: number;
}

/** What an Authorization header says: a token of an administrator unless told otherwise, issued a minute ago. */
export async function aBearerToken({
  subject = 'admin-1',
  roles = ['ADMIN'],
  id,
  issuedInSeconds = -60,
  expiresInSeconds = 600,
}: TokenOptions = {}): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const token = new SignJWT({ roles: [...roles] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt(nowSeconds + issuedInSeconds)
    .setExpirationTime(nowSeconds + expiresInSeconds);
  if (id !== undefined) token.setJti(id);
  return `Bearer ${await token.sign(new TextEncoder().encode(TOKEN_SECRET))}`;
}
