import { mergeSightings } from './merge-sightings.ts';
import { type Opportunity, opportunityKey } from './opportunity.ts';
import type { OpportunityChangeDraft } from './opportunity-change.ts';

/**
 * What becomes of changes told by one process when others may have stored changes of the same opportunities before: the changes to store, in order, each with the
 * opportunity as it then is. So at any time at most one opportunity of a filter and legs is there, none changes after it has left, and the changes tell exactly that.
 *
 * - An opportunity that is there already under another id is taken over: entering it again is an update, and what is told of the own id is told of the stored one.
 * - What is told of one that has left comes too late and is left out, and so is what an older revision of the filter finds, or ends, than the one that has found it: the
 *   process learns of both from the stream and tells anew what it then finds.
 *
 * @param stored the stored opportunities that have an id of the changes, and those that are there with a key of the changes
 */
export function reconcileChanges(drafts: readonly OpportunityChangeDraft[], stored: readonly Opportunity[]): OpportunityChangeDraft[] {
  const byId = new Map(stored.map((opportunity) => [opportunity.id, opportunity]));
  const there = new Map(
    stored.filter(({ leftAtMs }) => leftAtMs === null).map((opportunity) => [opportunityKey(opportunity), opportunity]),
  );
  const reconciled: OpportunityChangeDraft[] = [];
  for (const draft of drafts) {
    const change = reconcile(draft, byId.get(draft.opportunity.id) ?? null, there.get(opportunityKey(draft.opportunity)) ?? null);
    if (change === null) continue;
    const { opportunity } = change;
    byId.set(opportunity.id, opportunity);
    if (change.kind === 'LEFT') there.delete(opportunityKey(opportunity));
    else there.set(opportunityKey(opportunity), opportunity);
    reconciled.push(change);
  }
  return reconciled;
}

function reconcile(draft: OpportunityChangeDraft, own: Opportunity | null, there: Opportunity | null): OpportunityChangeDraft | null {
  const { id, kind, opportunity: told } = draft;
  if (own !== null && own.leftAtMs !== null) return null;
  if (there === null) return kind === 'LEFT' ? null : { ...draft, kind: 'ENTERED' };
  if (there.filterRevision > told.filterRevision) return null;
  const merged = mergeSightings(there, told);
  if (kind === 'LEFT') return { id, kind, opportunity: { ...merged, leftAtMs: told.leftAtMs, leaveReason: told.leaveReason } };
  return { id, kind: 'UPDATED', opportunity: merged };
}
