import type { ScanResultDraft } from '../results/scan-result.ts';
import { mergeSightings } from './merge-sightings.ts';
import { type LeaveReason, type Opportunity, opportunityKey } from './opportunity.ts';
import type { OpportunityChange, OpportunityChangeDraft, OpportunityChangeKind } from './opportunity-change.ts';

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

/** What is in force of a filter that has changed. */
export interface FilterState {
  readonly filterId: string;
  readonly revision: number;
  /** False when it is disabled or deleted. */
  readonly isInForce: boolean;
}

/**
 * The opportunities that are there now, and how they change. What it tells is a draft until it is stored: other processes may have told something else of the same
 * opportunity before, so it follows what is stored of all of them.
 */
export interface OpportunityTracker {
  /** Takes over what was there before a restart. */
  load(open: readonly Opportunity[]): void;
  scanned(scan: CompletedScan): OpportunityChangeDraft[];
  /**
   * A filter has another state than before. Out of force it ends its opportunities; otherwise the next scan of each underlying tells which of them the new revision finds,
   * so that only those enter and leave that the change is about. Older states than the one an opportunity was found under do not touch it.
   */
  filterChanged(state: FilterState, atMs: number): OpportunityChangeDraft[];
  /** Ends the opportunities of filters that are not in force. */
  filtersLoaded(isInForce: (filterId: string) => boolean, atMs: number): OpportunityChangeDraft[];
  /**
   * Ends those whose options have expired, also when their underlying is no longer scanned: since its last scan the time of its quotes went on as fast as the clock.
   * Of underlyings not scanned yet, it is taken to be as far behind the clock as the last of the others is.
   */
  expire(atMs: number): OpportunityChangeDraft[];
  /** What has been stored, by this process or another, in the order of the stream. */
  follow(stored: readonly OpportunityChange[]): void;
  /** Those seen again without a change since the last call: their last sighting and number of observations are worth saving. */
  takeSeen(): Opportunity[];
  open(): number;
}

/**
 * Opportunities whose leaving has been told and not been stored yet: more than wait to be stored. What another process has told of them in the same moment may keep a
 * few from ever coming back, hence a bound.
 */
const MOST_LEAVING = 100_000;

/** @param newId UUIDv7, for opportunities and for changes */
export function createOpportunityTracker({ newId }: { newId: () => string }): OpportunityTracker {
  const open = new Map<string, Opportunity>();
  /** Keys of what is open, by underlying. */
  const bySymbol = new Map<string, Set<string>>();
  /** Keys of those seen and not told. */
  const seen = new Set<string>();
  /** By id, of those that have left here while older changes of theirs may still come back from storage, the revision of the filter they have left by. */
  const leaving = new Map<string, number>();
  /** By underlying, how far the quotes of its last scan were behind the clock, milliseconds. */
  const behindClockMs = new Map<string, number>();

  function put(opportunity: Opportunity): void {
    const key = opportunityKey(opportunity);
    open.set(key, opportunity);
    const keys = bySymbol.get(opportunity.symbol);
    if (keys) keys.add(key);
    else bySymbol.set(opportunity.symbol, new Set([key]));
  }

  function remove(opportunity: Opportunity): void {
    const key = opportunityKey(opportunity);
    open.delete(key);
    seen.delete(key);
    const keys = bySymbol.get(opportunity.symbol);
    keys?.delete(key);
    if (keys?.size === 0) bySymbol.delete(opportunity.symbol);
  }

  function change(kind: OpportunityChangeKind, opportunity: Opportunity): OpportunityChangeDraft {
    seen.delete(opportunityKey(opportunity));
    return { id: newId(), kind, opportunity };
  }

  /** @param filterRevision by which it leaves */
  function leave(opportunity: Opportunity, leaveReason: LeaveReason, filterRevision: number, atMs: number): OpportunityChangeDraft {
    remove(opportunity);
    leaving.set(opportunity.id, filterRevision);
    if (leaving.size > MOST_LEAVING) leaving.delete(leaving.keys().next().value!);
    return change('LEFT', { ...opportunity, filterRevision, leftAtMs: atMs, leaveReason });
  }

  function leaveWhere(
    reasonOf: (opportunity: Opportunity) => LeaveReason | null,
    among: Iterable<Opportunity>,
    atMs: number,
    revisionOf: (opportunity: Opportunity) => number = ({ filterRevision }) => filterRevision,
  ): OpportunityChangeDraft[] {
    const changes: OpportunityChangeDraft[] = [];
    for (const opportunity of among) {
      const reason = reasonOf(opportunity);
      if (reason !== null) changes.push(leave(opportunity, reason, Math.max(opportunity.filterRevision, revisionOf(opportunity)), atMs));
    }
    return changes;
  }

  function see(sighting: Sighting, atMs: number): OpportunityChangeDraft | null {
    const key = opportunityKey(sighting.draft);
    const known = open.get(key);
    if (!known) {
      const opportunity = entering(sighting, newId(), atMs);
      put(opportunity);
      return change('ENTERED', opportunity);
    }
    // Another process knows a newer revision of the filter than the one applied here.
    if (known.filterRevision > sighting.draft.filterRevision) return null;
    const next = seenAgain(known, sighting, atMs);
    open.set(key, next);
    // That a newer revision finds it, too, is for everybody to know.
    if (sighting.isStored || next.filterRevision > known.filterRevision) return change('UPDATED', next);
    seen.add(key);
    return null;
  }

  function followOne({ kind, opportunity }: OpportunityChange): void {
    const { id } = opportunity;
    const known = open.get(opportunityKey(opportunity));
    if (kind === 'LEFT') {
      leaving.delete(id);
      if (known?.id === id) remove(known);
    } else if (opportunity.filterRevision > (leaving.get(id) ?? 0)) {
      leaving.delete(id);
      // Of two processes that told of the same at once, the one that was stored is right.
      put(known ? mergeSightings(opportunity, known) : opportunity);
    }
  }

  return {
    load(opportunities) {
      for (const opportunity of opportunities) put(opportunity);
    },
    scanned({ symbol, atMs, quotedAtMs, revisions, found, unpriced }) {
      behindClockMs.set(symbol, atMs - quotedAtMs);
      const foundKeys = new Set(found.map(({ draft }) => opportunityKey(draft)));
      const changes = leaveWhere(
        (opportunity) => {
          const revision = revisions.get(opportunity.filterId);
          if (opportunity.expiresAtMs <= quotedAtMs) return 'EXPIRED';
          if (revision === undefined || revision < opportunity.filterRevision) return null;
          if (foundKeys.has(opportunityKey(opportunity)) || unpriced.has(opportunity.expiration)) return null;
          return revision > opportunity.filterRevision ? 'FILTER_CHANGED' : 'NOT_FOUND';
        },
        [...(bySymbol.get(symbol) ?? [])].map((key) => open.get(key)!),
        atMs,
        ({ filterId }) => revisions.get(filterId) ?? 0,
      );
      for (const sighting of found) {
        const told = see(sighting, atMs);
        if (told) changes.push(told);
      }
      return changes;
    },
    filterChanged: ({ filterId, revision, isInForce }, atMs) =>
      isInForce
        ? []
        : leaveWhere(
            (opportunity) => (opportunity.filterId === filterId && opportunity.filterRevision <= revision ? 'FILTER_CHANGED' : null),
            [...open.values()],
            atMs,
            () => revision,
          ),
    filtersLoaded: (isInForce, atMs) =>
      leaveWhere(({ filterId }) => (isInForce(filterId) ? null : 'FILTER_CHANGED'), [...open.values()], atMs),
    expire(atMs) {
      const furthestBehindMs = Math.max(...behindClockMs.values());
      const isExpired = ({ symbol, expiresAtMs }: Opportunity) => expiresAtMs <= atMs - (behindClockMs.get(symbol) ?? furthestBehindMs);
      return behindClockMs.size === 0
        ? []
        : leaveWhere((opportunity) => (isExpired(opportunity) ? 'EXPIRED' : null), [...open.values()], atMs);
    },
    follow(stored) {
      for (const one of stored) followOne(one);
    },
    takeSeen() {
      const taken = [...seen].map((key) => open.get(key)!);
      seen.clear();
      return taken;
    },
    open: () => open.size,
  };
}

function entering({ draft, resultId, expiresAtMs }: Sighting, id: string, atMs: number): Opportunity {
  const { filterId, filterRevision, symbol, strategy, expiration, legs, legsKey } = draft;
  const score = draft.metrics.score ?? 0;
  return {
    id,
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
}

function seenAgain(known: Opportunity, { draft, resultId }: Sighting, atMs: number): Opportunity {
  const score = draft.metrics.score ?? 0;
  return {
    ...known,
    filterRevision: draft.filterRevision,
    lastSeenAtMs: atMs,
    observations: known.observations + 1,
    lastScore: score,
    bestScore: Math.max(known.bestScore, score),
    latestResultId: resultId,
  };
}
