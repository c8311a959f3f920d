import { LRUCache } from 'lru-cache';
import { resultFingerprint } from './result-fingerprint.ts';
import type { ScanResultDraft } from './scan-result.ts';

/** What identifies a position within a filter, and what is compared. */
export type TrackedResult = Pick<ScanResultDraft, 'id' | 'filterId' | 'legsKey' | 'metrics'>;

export const DUPLICATE_REASONS = ['first-seen', 'metrics-changed', 'metrics-unchanged'] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

export type DuplicateDecision =
  | { readonly kind: 'new'; readonly reason: 'first-seen' }
  | { readonly kind: 'changed'; readonly reason: 'metrics-changed' }
  | { readonly kind: 'duplicate'; readonly reason: 'metrics-unchanged' };

const NEW: DuplicateDecision = { kind: 'new', reason: 'first-seen' };
const CHANGED: DuplicateDecision = { kind: 'changed', reason: 'metrics-changed' };
const DUPLICATE: DuplicateDecision = { kind: 'duplicate', reason: 'metrics-unchanged' };

/**
 * Remembers the last accepted result of each filter and position, and tells whether another one says anything new.
 *
 * `decide` only looks. `record` is called once a result has been accepted for storage (committed, or taken into a buffer that nothing is lost from): a result that
 * was refused, or lost with a failed transaction, is then new again the next time. Deciding twice before recording gives the same answer twice.
 */
export interface DuplicateTracker {
  decide(result: TrackedResult): DuplicateDecision;
  record(result: TrackedResult): void;
  /** Id of the last accepted result of the same filter and position; null when none is remembered. */
  lastId(result: TrackedResult): string | null;
  /** Positions remembered. */
  size(): number;
}

/**
 * @param maximumEntries positions remembered, over all filters; about 0.5 kB each. When there are more, the one not seen for the longest time is forgotten and
 * counts as new when it comes back
 */
export function createDuplicateTracker({ maximumEntries }: { readonly maximumEntries: number }): DuplicateTracker {
  const accepted = new LRUCache<string, { readonly fingerprint: string; readonly id: string }>({ max: maximumEntries });

  return {
    decide(result) {
      const last = accepted.get(keyOf(result));
      if (last === undefined) return NEW;
      return last.fingerprint === resultFingerprint(result.metrics) ? DUPLICATE : CHANGED;
    },
    record: (result) => {
      accepted.set(keyOf(result), { fingerprint: resultFingerprint(result.metrics), id: result.id });
    },
    lastId: (result) => accepted.get(keyOf(result))?.id ?? null,
    size: () => accepted.size,
  };
}

function keyOf({ filterId, legsKey }: TrackedResult): string {
  return `${filterId} ${legsKey}`;
}
