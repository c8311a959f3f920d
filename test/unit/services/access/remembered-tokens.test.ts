import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRememberedTokens } from '../../../../src/services/access/remembered-tokens.ts';
import { createTokenVerifier, type TokenVerifier } from '../../../../src/services/access/token-verifier.ts';

const SECRET = 'a secret that is long enough for HS256';
const START_MS = Date.UTC(2026, 10, 21, 15);
const TOLERANCE_SECONDS = 5;

let nowMs = START_MS;
let verifications = 0;
let tokens: TokenVerifier;

beforeEach(() => {
  nowMs = START_MS;
  verifications = 0;
  const verifier = createTokenVerifier({
    keys: { kind: 'secret', secret: SECRET },
    issuer: undefined,
    audience: undefined,
    clockToleranceSeconds: TOLERANCE_SECONDS,
    rolesClaim: 'roles',
    clock: () => nowMs,
  });
  tokens = createRememberedTokens({
    verifier: {
      verify(token) {
        verifications++;
        return verifier.verify(token);
      },
    },
    clockToleranceMs: TOLERANCE_SECONDS * 1_000,
    clock: () => nowMs,
  });
});

function sign(subject: string, lifetimeSeconds: number, secret = SECRET): Promise<string> {
  return new SignJWT({ sub: subject, roles: ['TRADER'], exp: START_MS / 1_000 + lifetimeSeconds, nbf: START_MS / 1_000 - 3_600 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

describe('a token that is shown again and again', () => {
  it('is verified once in half a minute', async () => {
    const token = await sign('trader-1', 3_600);
    const viewer = await tokens.verify(token);
    expect(viewer).toMatchObject({ subject: 'trader-1', roles: ['TRADER'] });
    nowMs += 29_999;
    expect(await tokens.verify(token)).toEqual(viewer);
    expect(verifications).toBe(1);
    nowMs += 1;
    expect(await tokens.verify(token)).toEqual(viewer);
    expect(verifications).toBe(2);
  });

  it('is refused from the moment on that the verifier refuses it', async () => {
    const token = await sign('trader-1', 10);
    nowMs += 9_999;
    await tokens.verify(token);
    nowMs = START_MS + (10 + TOLERANCE_SECONDS) * 1_000 - 1;
    await tokens.verify(token);
    expect(verifications).toBe(1);
    nowMs += 1;
    await expect(tokens.verify(token)).rejects.toMatchObject({ failure: 'EXPIRED' });
  });

  it('is verified again when the clock was set back', async () => {
    const token = await sign('trader-1', 3_600);
    await tokens.verify(token);
    nowMs -= 2 * 3_600_000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ failure: 'INVALID' });
  });

  it('is not taken for another, and refusals are not remembered', async () => {
    const token = await sign('trader-1', 3_600);
    await tokens.verify(token);
    expect(await tokens.verify(await sign('trader-2', 3_600))).toMatchObject({ subject: 'trader-2' });
    const forged = await sign('trader-1', 3_600, 'another secret that is long enough as well');
    await expect(tokens.verify(forged)).rejects.toMatchObject({ failure: 'INVALID' });
    await expect(tokens.verify(forged)).rejects.toMatchObject({ failure: 'INVALID' });
    await expect(tokens.verify(`${token}x`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(verifications).toBe(5);
  });
});
