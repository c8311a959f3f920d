import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { apiKeyState } from '../../domain/access/api-key.ts';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { parseApiKey } from './api-key-format.ts';
import type { ApiKeyStore, StoredApiKey } from './api-key-store.ts';
import { hashSecret } from './hash-secret.ts';

/** Keys that are used all the time are read from the database once in so long. That one has been revoked is known sooner: see Revocations. */
const KEPT_MS = 5_000;
/** About 1 KB each. */
const KEPT_KEYS = 1_000;

/** Reads API keys. */
export interface ApiKeyVerifier {
  /** @throws AuthenticationError when the key is not acceptable; any other error when the database could not tell */
  verify(key: string): Promise<Viewer>;
}

export interface ApiKeyVerifierDeps {
  readonly store: Pick<ApiKeyStore, 'find'>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Called with every key that is accepted, and when. */
  readonly onUsed: (id: string, atMs: number) => void;
}

/** Compared with where there is no key, so that an unknown id takes as long as a wrong secret. No secret is known that has this hash. */
const NO_HASH = Buffer.alloc(32);

export function createApiKeyVerifier({ store, clock, now, onUsed }: ApiKeyVerifierDeps): ApiKeyVerifier {
  const kept = new LRUCache<string, { readonly key: Promise<StoredApiKey | null>; readonly untilMs: number }>({ max: KEPT_KEYS });

  /** Requests at the same moment share one look. What there is none of is not remembered: it may be made the moment after, in another process. */
  function find(id: string): Promise<StoredApiKey | null> {
    const known = kept.get(id);
    if (known && known.untilMs > now()) return known.key;
    const key = store.find(id);
    const entry = { key, untilMs: now() + KEPT_MS };
    const forget = () => {
      if (kept.peek(id) === entry) kept.delete(id);
    };
    kept.set(id, entry);
    key.then((found) => found ?? forget(), forget);
    return key;
  }

  return {
    async verify(text) {
      const parts = parseApiKey(text);
      if (!parts) throw new AuthenticationError('MALFORMED', 'expected an API key as apiKeyCreate gives it');
      const key = await find(parts.id);
      const isRight = timingSafeEqual(hashSecret(parts.secret), key ? Buffer.from(key.secretHash, 'hex') : NO_HASH);
      // Who does not have the secret is not told whether there is such a key, and what has become of it.
      if (!key || !isRight) throw new AuthenticationError('INVALID', 'expected an API key that this server knows');
      const nowMs = clock();
      const state = apiKeyState(key, nowMs);
      if (state === 'REVOKED') throw new AuthenticationError('REVOKED', 'expected an API key that has not been revoked');
      if (state === 'EXPIRED') throw new AuthenticationError('EXPIRED', 'expected an API key that has not expired');
      onUsed(key.id, nowMs);
      const { id, owner, roles, expiresAtMs, createdAtMs } = key;
      return { kind: 'API_KEY', subject: owner, roles, expiresAtMs, issuedAtMs: createdAtMs, credentialId: id };
    },
  };
}
