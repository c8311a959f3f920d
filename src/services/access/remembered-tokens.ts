import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** So long a token goes on that is signed with a key that has since been taken out of its key set. */
const KEPT_MS = 30_000;
/** About half a KB each. */
const KEPT_TOKENS = 1_000;

export interface RememberedTokensDeps {
  readonly verifier: TokenVerifier;
  /** How much longer than it says the verifier accepts a token. */
  readonly clockToleranceMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Verifies a token once in a while instead of with every request, and never takes it for longer than the verifier would. Tokens are known by their hash, so that none is kept.
 * Of revocation it says as little as the verifier: who asks must look for it every time.
 */
export function createRememberedTokens({ verifier, clockToleranceMs, clock }: RememberedTokensDeps): TokenVerifier {
  const kept = new LRUCache<string, { readonly viewer: Viewer; readonly fromMs: number; readonly untilMs: number }>({ max: KEPT_TOKENS });

  return {
    async verify(token) {
      const hash = createHash('sha256').update(token).digest('base64');
      const nowMs = clock();
      const known = kept.get(hash);
      // A clock that was set back may lie before what the token says of its beginning.
      if (known && nowMs >= known.fromMs && nowMs < known.untilMs) return known.viewer;
      const viewer = await verifier.verify(token);
      const expiresAtMs = viewer.expiresAtMs === null ? Number.POSITIVE_INFINITY : viewer.expiresAtMs + clockToleranceMs;
      kept.set(hash, { viewer, fromMs: nowMs, untilMs: Math.min(nowMs + KEPT_MS, expiresAtMs) });
      return viewer;
    },
  };
}
