import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../../../src/domain/access/authentication-error.ts';
import { createTokenVerifier, type TokenKeys, type TokenVerifierDeps } from '../../../../src/services/access/token-verifier.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 15);
const SECRET = 'a secret that is long enough for HS256';
const KEYS: TokenKeys = { kind: 'secret', secret: SECRET };

function verifier(overrides: Partial<TokenVerifierDeps> = {}) {
  return createTokenVerifier({
    keys: KEYS,
    issuer: undefined,
    audience: undefined,
    clockToleranceSeconds: 5,
    rolesClaim: 'roles',
    clock: () => NOW_MS,
    ...overrides,
  });
}

interface Signing {
  readonly algorithm?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly keyId?: string;
}

function sign(
  claims: JWTPayload = {},
  { algorithm = 'HS256', key = new TextEncoder().encode(SECRET), keyId }: Signing = {},
): Promise<string> {
  return new SignJWT({ sub: 'trader-1', roles: ['TRADER'], exp: NOW_MS / 1_000 + 60, ...claims })
    .setProtectedHeader({ alg: algorithm, ...(keyId && { kid: keyId }) })
    .sign(key);
}

const refusal = (failure: string, message: string) =>
  expect.objectContaining({ name: AuthenticationError.name, code: 'UNAUTHENTICATED', failure, message: expect.stringContaining(message) });

describe('a token signed with the shared secret', () => {
  it('names the viewer, its roles, when it was issued and when it expires', async () => {
    expect(await verifier().verify(await sign({ jti: 'token-7', iat: NOW_MS / 1_000 - 30, roles: ['TRADER', 'ADMIN', 'CEO'] }))).toEqual({
      kind: 'TOKEN',
      subject: 'trader-1',
      roles: ['ADMIN', 'TRADER'],
      expiresAtMs: NOW_MS + 60_000,
      issuedAtMs: NOW_MS - 30_000,
      credentialId: 'token-7',
    });
  });

  it('need not say when it was issued', async () => {
    expect((await verifier().verify(await sign())).issuedAtMs).toBeNull();
  });

  it('may list its roles as text, in the claim that is configured', async () => {
    const viewer = await verifier({ rolesClaim: 'https://example.com/roles' }).verify(
      await sign({ roles: undefined, 'https://example.com/roles': 'ANALYST other' }),
    );
    expect(viewer.roles).toEqual(['ANALYST']);
  });

  it.each([
    ['has expired', { exp: NOW_MS / 1_000 - 6 }, 'EXPIRED', 'that has not expired'],
    ['is not valid yet', { nbf: NOW_MS / 1_000 + 6 }, 'INVALID', 'nbf'],
    ['never expires', { exp: undefined }, 'INVALID', 'exp'],
    ['has no subject', { sub: undefined }, 'INVALID', 'sub'],
    ['has an empty subject', { sub: '' }, 'INVALID', 'expected a subject'],
    ['has a subject without end', { sub: 'x'.repeat(257) }, 'INVALID', 'expected a subject'],
    ['has no role that is known', { roles: ['CEO'] }, 'INVALID', 'at least one of the roles ADMIN, ANALYST, TRADER, DEVELOPER'],
    ['has a role that is no text', { roles: [{ toString: 'ADMIN' }] }, 'INVALID', 'at least one of the roles'],
  ])('is refused when it %s', async (_what, claims, failure, message) => {
    await expect(verifier().verify(await sign(claims as JWTPayload))).rejects.toEqual(refusal(failure, message));
  });

  it('is accepted while the clocks are off by no more than is tolerated', async () => {
    expect((await verifier().verify(await sign({ exp: NOW_MS / 1_000 - 4 }))).subject).toBe('trader-1');
  });

  it('must have the issuer and the audience that are configured', async () => {
    const strict = verifier({ issuer: 'https://login.example.com', audience: 'strikewire' });
    const claims = { iss: 'https://login.example.com', aud: ['strikewire', 'other'] };
    expect((await strict.verify(await sign(claims))).subject).toBe('trader-1');
    await expect(strict.verify(await sign({ ...claims, iss: 'https://evil.example.com' }))).rejects.toEqual(refusal('INVALID', 'iss'));
    await expect(strict.verify(await sign({ ...claims, aud: 'other' }))).rejects.toEqual(refusal('INVALID', 'aud'));
    await expect(strict.verify(await sign())).rejects.toEqual(refusal('INVALID', 'iss'));
  });

  it('is refused when the signature is of another secret, or it has been changed, or cut', async () => {
    const token = await sign();
    const foreign = await sign({}, { key: new TextEncoder().encode('another secret that is long enough') });
    const [header, , signature] = token.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'trader-1', roles: ['ADMIN'], exp: NOW_MS / 1_000 + 60 })).toString('base64url');
    for (const forged of [foreign, `${header}.${claims}.${signature}`]) {
      await expect(verifier().verify(forged)).rejects.toEqual(refusal('INVALID', 'that this server trusts'));
    }
    for (const nonsense of [token.slice(0, -2), '', 'nonsense', 'a.b.c', 'x'.repeat(8_193)]) {
      await expect(verifier().verify(nonsense)).rejects.toEqual(refusal('MALFORMED', 'expected a'));
    }
  });

  it('never appears in an error', async () => {
    const token = await sign({ exp: 1 });
    const error = await verifier()
      .verify(token)
      .catch((caught: unknown) => caught as Error);
    expect(`${(error as Error).message}`).not.toContain(token.slice(-20));
  });
});

describe.each([
  ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['EdDSA', () => generateKeyPairSync('ed25519')],
])('a public key for %s', (algorithm, generate) => {
  const { publicKey, privateKey } = generate();
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const own = verifier({ keys: { kind: 'public-key', pem } });

  it('verifies what its private key has signed', async () => {
    expect((await own.verify(await sign({}, { algorithm, key: privateKey }))).subject).toBe('trader-1');
  });

  it('is not taken for a shared secret, nor does a token decide that it needs no signature', async () => {
    const confused = await sign({}, { algorithm: 'HS256', key: new TextEncoder().encode(pem) });
    const [, claims] = confused.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    for (const token of [confused, unsigned]) {
      await expect(own.verify(token)).rejects.toEqual(refusal('INVALID', 'that this server trusts'));
    }
  });
});

it('a public key of a kind that is not supported is refused at once', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  expect(() => verifier({ keys: { kind: 'public-key', pem } })).toThrow('expected an RSA, P-256 or Ed25519 public key, got ec secp384r1');
});

describe('a key set', () => {
  let server: Server | null = null;

  afterEach(() => {
    server?.close();
    server = null;
  });

  async function serve(answer: () => Promise<object>): Promise<{ url: string; requests: () => number }> {
    let requests = 0;
    server = createServer((_request, response) => {
      requests++;
      void answer().then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`, requests: () => requests };
  }

  it('is fetched once, and forged key ids do not make it fetched again and again', async () => {
    const first = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { url, requests } = await serve(async () => ({ keys: [{ ...(await exportJWK(first.publicKey)), kid: 'first', alg: 'ES256' }] }));
    const own = verifier({ keys: { kind: 'key-set', url } });
    const token = await sign({}, { algorithm: 'ES256', key: first.privateKey, keyId: 'first' });
    for (let count = 0; count < 3; count++) expect((await own.verify(token)).subject).toBe('trader-1');
    expect(requests()).toBe(1);
    const forged = await sign({}, { algorithm: 'ES256', key: other.privateKey, keyId: 'other' });
    for (let count = 0; count < 3; count++) await expect(own.verify(forged)).rejects.toEqual(refusal('INVALID', 'that this server trusts'));
    expect(requests()).toBeLessThanOrEqual(2);
  });

  it('that cannot be fetched is not the fault of the caller', async () => {
    const { url } = await serve(async () => ({ nonsense: true }));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = verifier({ keys: { kind: 'key-set', url } });
    const token = await sign({}, { algorithm: 'ES256', key: privateKey, keyId: 'first' });
    await expect(own.verify(token)).rejects.not.toBeInstanceOf(AuthenticationError);
  });
});
