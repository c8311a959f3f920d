import type { ScanResultDraft } from '../results/scan-result.ts';
import { type LeaveReason, type Opportunity, opportunityKey } from './opportunity.ts';
import type { OpportunityChangeDraft, OpportunityChangeKind } from './opportunity-change.ts';

/** A result that a filter has selected in a scan. */
export interface Sighting {
  readonly draft: ScanResultDraft;
  /** The newest stored result of this filter and these legs: the draft's own id when it is stored, otherwise that of the one it repeats. */
  readonly resultId: string;
  /** Whether something had changed, so that it is stored. */
  readonly isStored: boolean;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** What one completed scan of one underlying has found. */
export interface CompletedScan {
  readonly symbol: string;
  /** Epoch milliseconds by the clock of the server. */
  readonly atMs: number;
  /** Epoch milliseconds of the quotes: what expirations are compared with, since a recording has a time of its own. */
  readonly quotedAtMs: number;
  /** The filters that were applied to the whole chain, by id, with the revision applied. Others' opportunities stay as they are. */
  readonly revisions: ReadonlyMap<string, number>;
  /** Everything the filters selected, unchanged or not. */
  readonly found: readonly Sighting[];
  /** Dates of expiration that could not be priced: what is not found there may still be there. */
  readonly unpriced: ReadonlySet<string>;
}

/** The opportunities that are there now, and how they change. */
export interface OpportunityTracker {
  /** Takes over what was there before a restart. */
  load(open: readonly Opportunity[]): void;
  scanned(scan: CompletedScan): OpportunityChangeDraft[];
  /** @param revisionOf the revision in force of a filter; null when it is disabled or deleted */
  filtersChanged(revisionOf: (filterId: string) => number | null, atMs: number): OpportunityChangeDraft[];
  /** The same for one filter. */
  filterChanged(filterId: string, revision: number | null, atMs: number): OpportunityChangeDraft[];
  /** Ends those whose options have expired by the newest quotes of any underlying: their own may not be scanned any more. */
  expire(atMs: number): OpportunityChangeDraft[];
  /** Those seen again without a change since the last call: their last sighting and number of observations are worth saving. */
  takeSeen(): Opportunity[];
  open(): number;
}

/** @param newId UUIDv7, for opportunities and for changes */
export function createOpportunityTracker({ newId }: { newId: () => string }): OpportunityTracker {
  const open = new Map<string, Opportunity>();
  /** Keys of what is open, by underlying. */
  const bySymbol = new Map<string, Set<string>>();
  /** Keys of those seen and not told. */
  const seen = new Set<string>();
  let marketTimeMs = Number.NEGATIVE_INFINITY;

  function put(opportunity: Opportunity): void {
    const key = opportunityKey(opportunity);
    open.set(key, opportunity);
    const keys = bySymbol.get(opportunity.symbol);
    if (keys) keys.add(key);
    else bySymbol.set(opportunity.symbol, new Set([key]));
  }

  function change(kind: OpportunityChangeKind, opportunity: Opportunity): OpportunityChangeDraft {
    seen.delete(opportunityKey(opportunity));
    return { id: newId(), kind, opportunity };
  }

  function leave(opportunity: Opportunity, leaveReason: LeaveReason, atMs: number): OpportunityChangeDraft {
    const key = opportunityKey(opportunity);
    open.delete(key);
    const keys = bySymbol.get(opportunity.symbol);
    keys?.delete(key);
    if (keys?.size === 0) bySymbol.delete(opportunity.symbol);
    return change('LEFT', { ...opportunity, leftAtMs: atMs, leaveReason });
  }

  function find({ draft, resultId, isStored, expiresAtMs }: Sighting, atMs: number): OpportunityChangeDraft | null {
    const key = opportunityKey(draft);
    const known = open.get(key);
    const score = draft.metrics.score ?? 0;
    if (!known) {
      const { filterId, filterRevision, symbol, strategy, expiration, legs, legsKey } = draft;
      const opportunity: Opportunity = {
        id: newId(),
        filterId,
        filterRevision,
        symbol,
        strategy,
        expiration,
        expiresAtMs,
        legs,
        legsKey,
        firstSeenAtMs: atMs,
        lastSeenAtMs: atMs,
        leftAtMs: null,
        leaveReason: null,
        bestScore: score,
        lastScore: score,
        observations: 1,
        latestResultId: resultId,
      };
      put(opportunity);
      return change('ENTERED', opportunity);
    }
    const next: Opportunity = {
      ...known,
      lastSeenAtMs: atMs,
      observations: known.observations + 1,
      lastScore: score,
      bestScore: Math.max(known.bestScore, score),
      latestResultId: resultId,
    };
    open.set(key, next);
    if (isStored) return change('UPDATED', next);
    seen.add(key);
    return null;
  }

  function leaveWhere(
    reasonOf: (opportunity: Opportunity) => LeaveReason | null,
    among: Iterable<Opportunity>,
    atMs: number,
  ): OpportunityChangeDraft[] {
    const changes: OpportunityChangeDraft[] = [];
    for (const opportunity of among) {
      const reason = reasonOf(opportunity);
      if (reason !== null) changes.push(leave(opportunity, reason, atMs));
    }
    return changes;
  }

  return {
    load(opportunities) {
      for (const opportunity of opportunities) put(opportunity);
    },
    scanned({ symbol, atMs, quotedAtMs, revisions, found, unpriced }) {
      marketTimeMs = Math.max(marketTimeMs, quotedAtMs);
      const foundKeys = new Set(found.map(({ draft }) => opportunityKey(draft)));
      const changes = leaveWhere(
        (opportunity) => {
          const revision = revisions.get(opportunity.filterId);
          if (opportunity.expiresAtMs <= quotedAtMs) return 'EXPIRED';
          if (revision === undefined) return null;
          if (revision !== opportunity.filterRevision) return 'FILTER_CHANGED';
          return foundKeys.has(opportunityKey(opportunity)) || unpriced.has(opportunity.expiration) ? null : 'NOT_FOUND';
        },
        [...(bySymbol.get(symbol) ?? [])].map((key) => open.get(key)!),
        atMs,
      );
      for (const sighting of found) {
        const told = find(sighting, atMs);
        if (told) changes.push(told);
      }
      return changes;
    },
    filtersChanged: (revisionOf, atMs) =>
      leaveWhere(
        ({ filterId, filterRevision }) => (revisionOf(filterId) === filterRevision ? null : 'FILTER_CHANGED'),
        [...open.values()],
        atMs,
      ),
    filterChanged: (filterId, revision, atMs) =>
      leaveWhere(
        (opportunity) => (opportunity.filterId === filterId && opportunity.filterRevision !== revision ? 'FILTER_CHANGED' : null),
        [...open.values()],
        atMs,
      ),
    expire: (atMs) => leaveWhere(({ expiresAtMs }) => (expiresAtMs <= marketTimeMs ? 'EXPIRED' : null), [...open.values()], atMs),
    takeSeen() {
      const taken = [...seen].map((key) => open.get(key)!);
      seen.clear();
      return taken;
    },
    open: () => open.size,
  };
}
