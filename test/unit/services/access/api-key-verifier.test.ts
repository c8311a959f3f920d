import { describe, expect, it } from 'vitest';
import { API_KEY_SECRET_BYTES, formatApiKey } from '../../../../src/services/access/api-key-format.ts';
import type { StoredApiKey } from '../../../../src/services/access/api-key-store.ts';
import { createApiKeyVerifier } from '../../../../src/services/access/api-key-verifier.ts';
import { hashSecret } from '../../../../src/services/access/hash-secret.ts';

const ID = '01900000-0000-7000-8000-000000000001';
const SECRET = Buffer.alloc(API_KEY_SECRET_BYTES, 7);
const KEY = formatApiKey({ id: ID, secret: SECRET });
const START_MS = Date.UTC(2026, 10, 20);

function aStoredKey(overrides: Partial<StoredApiKey> = {}): StoredApiKey {
  return {
    id: ID,
    name: 'ingest',
    owner: 'ingest-service',
    roles: ['TRADER'],
    createdAtMs: START_MS - 1_000,
    createdBy: 'admin-1',
    expiresAtMs: null,
    lastUsedAtMs: null,
    revokedAtMs: null,
    revokedBy: null,
    secretHash: hashSecret(SECRET).toString('hex'),
    ...overrides,
  };
}

/** A verifier over one row, which can be changed, and whose reading can fail. */
function aVerifier(row: StoredApiKey | null = aStoredKey()) {
  const state = { row, nowMs: 0, looks: 0, failing: false };
  const used: [string, number][] = [];
  const verifier = createApiKeyVerifier({
    store: {
      async find(id) {
        state.looks++;
        if (state.failing) throw new Error('no database');
        return state.row?.id === id ? state.row : null;
      },
    },
    clock: () => START_MS + state.nowMs,
    now: () => state.nowMs,
    onUsed: (id, atMs) => used.push([id, atMs]),
  });
  return { verifier, state, used };
}

describe('a key that is known', () => {
  it('names the viewer it acts as, and counts as used', async () => {
    const { verifier, used } = aVerifier(aStoredKey({ expiresAtMs: START_MS + 1_000 }));
    expect(await verifier.verify(KEY)).toEqual({
      kind: 'API_KEY',
      subject: 'ingest-service',
      roles: ['TRADER'],
      expiresAtMs: START_MS + 1_000,
      issuedAtMs: START_MS - 1_000,
      credentialId: ID,
    });
    expect(used).toEqual([[ID, START_MS]]);
  });

  it('is read once in five seconds, however many ask at the same moment', async () => {
    const { verifier, state } = aVerifier();
    await Promise.all([1, 2, 3].map(() => verifier.verify(KEY)));
    state.nowMs = 4_999;
    await verifier.verify(KEY);
    expect(state.looks).toBe(1);
    state.nowMs = 5_000;
    await verifier.verify(KEY);
    expect(state.looks).toBe(2);
  });

  it('expires at its moment, though it has been read before', async () => {
    const { verifier, state } = aVerifier(aStoredKey({ expiresAtMs: START_MS + 2_000 }));
    state.nowMs = 1_999;
    await verifier.verify(KEY);
    state.nowMs = 2_000;
    await expect(verifier.verify(KEY)).rejects.toMatchObject({ failure: 'EXPIRED' });
    expect(state.looks).toBe(1);
  });
});

describe('a key that is refused', () => {
  const wrong = formatApiKey({ id: ID, secret: Buffer.alloc(API_KEY_SECRET_BYTES, 8) });

  it('is told what became of it only if its secret is right', async () => {
    for (const [overrides, failure] of [
      [{ revokedAtMs: START_MS - 1 }, 'REVOKED'],
      [{ expiresAtMs: START_MS }, 'EXPIRED'],
      [{ expiresAtMs: START_MS, revokedAtMs: START_MS }, 'REVOKED'],
    ] as const) {
      const { verifier, used } = aVerifier(aStoredKey(overrides));
      await expect(verifier.verify(KEY)).rejects.toMatchObject({ failure });
      await expect(verifier.verify(wrong)).rejects.toMatchObject({ failure: 'INVALID' });
      expect(used).toEqual([]);
    }
  });

  it('gets the same answer whether its id is unknown or its secret wrong', async () => {
    const unknown: unknown = await aVerifier(null)
      .verifier.verify(KEY)
      .catch((error: unknown) => error);
    const guessed: unknown = await aVerifier()
      .verifier.verify(wrong)
      .catch((error: unknown) => error);
    expect(unknown).toMatchObject({ failure: 'INVALID' });
    expect((guessed as Error).message).toBe((unknown as Error).message);
    expect((guessed as Error).message).not.toContain('swk_');
  });

  it('is looked for again the next time: it may have been made meanwhile', async () => {
    const { verifier, state } = aVerifier(null);
    await expect(verifier.verify(KEY)).rejects.toMatchObject({ failure: 'INVALID' });
    state.row = aStoredKey();
    expect(await verifier.verify(KEY)).toMatchObject({ subject: 'ingest-service' });
  });

  it('is no key at all without a look', async () => {
    const { verifier, state } = aVerifier();
    await expect(verifier.verify('swk_short')).rejects.toMatchObject({ failure: 'MALFORMED' });
    expect(state.looks).toBe(0);
  });
});

it('what the database cannot tell is no refusal, and is asked again', async () => {
  const { verifier, state } = aVerifier();
  state.failing = true;
  await expect(verifier.verify(KEY)).rejects.toThrow('no database');
  state.failing = false;
  expect(await verifier.verify(KEY)).toMatchObject({ subject: 'ingest-service' });
});
