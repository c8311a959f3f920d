import { LRUCache } from 'lru-cache';
import { resultFingerprint } from './result-fingerprint.ts';
import type { ScanResultDraft } from './scan-result.ts';

/** What identifies a position within a filter, and what is compared. */
export type TrackedResult = Pick<ScanResultDraft, 'id' | 'filterId' | 'legsKey' | 'legs' | 'metrics'>;

export const DUPLICATE_REASONS = ['first-seen', 'quotes-changed', 'score-changed', 'unchanged', 'cooling-down'] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

export type DuplicateDecision =
  | { readonly kind: 'new'; readonly reason: 'first-seen' }
  | { readonly kind: 'changed'; readonly reason: 'quotes-changed' | 'score-changed' }
  | { readonly kind: 'duplicate'; readonly reason: 'unchanged' | 'cooling-down' };

/**
 * Points that the score must have moved by to be news when no quote has changed. Measured from the last recorded score and not by rounding: a score that drifts
 * with time crosses a rounding step sooner or later, but is news only when the drift has added up.
 */
export const NOTABLE_SCORE_CHANGE = 2;

const NEW: DuplicateDecision = { kind: 'new', reason: 'first-seen' };
const QUOTES_CHANGED: DuplicateDecision = { kind: 'changed', reason: 'quotes-changed' };
const SCORE_CHANGED: DuplicateDecision = { kind: 'changed', reason: 'score-changed' };
const DUPLICATE: DuplicateDecision = { kind: 'duplicate', reason: 'unchanged' };
const COOLING_DOWN: DuplicateDecision = { kind: 'duplicate', reason: 'cooling-down' };

/**
 * Remembers the last accepted result of each filter and position, and tells whether another one says anything new: other quotes (see resultFingerprint), or a
 * notably different score.
 *
 * `decide` only looks. `record` is called once a result has been accepted for storage (committed, or taken into a buffer that nothing is lost from): a result that
 * was refused, or lost with a failed transaction, is then new again the next time. Deciding twice before recording gives the same answer twice.
 */
export interface DuplicateTracker {
  /** @param cooldown left out: none */
  decide(result: TrackedResult, cooldown?: Cooldown): DuplicateDecision;
  /** @param atMs when it was accepted, epoch milliseconds */
  record(result: TrackedResult, atMs: number): void;
  /** Id of the last accepted result of the same filter and position; null when none is remembered. */
  lastId(result: TrackedResult): string | null;
  /** Positions remembered. */
  size(): number;
}

/** News that come sooner after the last accepted result are not wanted. */
export interface Cooldown {
  readonly lengthMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

interface AcceptedResult {
  readonly id: string;
  readonly atMs: number;
  readonly fingerprint: string;
  readonly score: number | null;
}

/**
 * @param maximumEntries positions remembered, over all filters; about 0.5 kB each. When there are more, the one not seen for the longest time is forgotten and
 * counts as new when it comes back
 */
export function createDuplicateTracker({ maximumEntries }: { readonly maximumEntries: number }): DuplicateTracker {
  const accepted = new LRUCache<string, AcceptedResult>({ max: maximumEntries });

  return {
    decide(result, cooldown) {
      const last = accepted.get(keyOf(result));
      if (last === undefined) return NEW;
      const isQuiet = cooldown !== undefined && cooldown.nowMs - last.atMs < cooldown.lengthMs;
      if (last.fingerprint !== resultFingerprint(result)) return isQuiet ? COOLING_DOWN : QUOTES_CHANGED;
      if (!hasMoved(last.score, result.metrics.score)) return DUPLICATE;
      return isQuiet ? COOLING_DOWN : SCORE_CHANGED;
    },
    record: (result, atMs) => {
      accepted.set(keyOf(result), { id: result.id, atMs, fingerprint: resultFingerprint(result), score: result.metrics.score });
    },
    lastId: (result) => accepted.get(keyOf(result))?.id ?? null,
    size: () => accepted.size,
  };
}

function hasMoved(from: number | null, to: number | null): boolean {
  return from === null || to === null ? from !== to : Math.abs(to - from) >= NOTABLE_SCORE_CHANGE;
}

function keyOf({ filterId, legsKey }: TrackedResult): string {
  // One piece of memory, as the fingerprint is.
  return [filterId, legsKey].join(' ');
}
