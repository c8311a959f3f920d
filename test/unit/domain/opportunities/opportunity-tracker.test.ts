import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opportunity } from '../../../../src/domain/opportunities/opportunity.ts';
import { type CompletedScan, createOpportunityTracker, type Sighting } from '../../../../src/domain/opportunities/opportunity-tracker.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';

const EXPIRES = 1_000_000;

function aTracker() {
  let ids = 0;
  return createOpportunityTracker({ newId: () => `id-${String(++ids).padStart(6, '0')}` });
}

interface Wanted {
  readonly legsKey: string;
  readonly filterId?: string;
  readonly revision?: number;
  readonly score?: number;
  readonly isStored?: boolean;
  readonly expiration?: string;
  readonly symbol?: string;
}

function sighting({
  legsKey,
  filterId = 'one',
  revision = 1,
  score = 50,
  isStored = true,
  expiration = '2026-12-18',
  symbol = 'AAA',
}: Wanted): Sighting {
  const draft = aResultDraft({ legsKey, filterId, filterRevision: revision, expiration, symbol, metrics: { score } });
  return { draft, resultId: isStored ? draft.id : 'earlier', isStored, expiresAtMs: EXPIRES };
}

function scan(atMs: number, found: readonly Sighting[], overrides: Partial<CompletedScan> = {}): CompletedScan {
  return { symbol: 'AAA', atMs, quotedAtMs: atMs, revisions: new Map([['one', 1]]), found, unpriced: new Set(), ...overrides };
}

const told = (changes: readonly { kind: string; opportunity: Opportunity }[]) =>
  changes.map(({ kind, opportunity }) => `${kind} ${opportunity.legsKey}${opportunity.leaveReason ? ` ${opportunity.leaveReason}` : ''}`);

describe('an opportunity', () => {
  it('enters, is updated when something changed, and leaves when a scan does not find it', () => {
    const tracker = aTracker();
    const [entered] = tracker.scanned(scan(10, [sighting({ legsKey: 'a', score: 60 })]));
    expect(entered).toMatchObject({
      kind: 'ENTERED',
      opportunity: { firstSeenAtMs: 10, lastSeenAtMs: 10, bestScore: 60, observations: 1, leftAtMs: null },
    });
    const [updated] = tracker.scanned(scan(20, [sighting({ legsKey: 'a', score: 40 })]));
    expect(updated).toMatchObject({
      kind: 'UPDATED',
      opportunity: { firstSeenAtMs: 10, lastSeenAtMs: 20, bestScore: 60, lastScore: 40, observations: 2 },
    });
    expect(updated!.opportunity.id).toBe(entered!.opportunity.id);
    const [left] = tracker.scanned(scan(30, []));
    expect(left).toMatchObject({
      kind: 'LEFT',
      opportunity: { lastSeenAtMs: 20, leftAtMs: 30, leaveReason: 'NOT_FOUND', observations: 2 },
    });
    expect(tracker.open()).toBe(0);
    const [again] = tracker.scanned(scan(40, [sighting({ legsKey: 'a' })]));
    expect(again).toMatchObject({ kind: 'ENTERED', opportunity: { firstSeenAtMs: 40, observations: 1 } });
    expect(again!.opportunity.id).not.toBe(entered!.opportunity.id);
  });

  it('that is found unchanged tells nothing, and is noted once', () => {
    const tracker = aTracker();
    tracker.scanned(scan(10, [sighting({ legsKey: 'a' })]));
    expect(tracker.takeSeen()).toEqual([]);
    expect(tracker.scanned(scan(20, [sighting({ legsKey: 'a', isStored: false })]))).toEqual([]);
    expect(tracker.takeSeen()).toMatchObject([{ lastSeenAtMs: 20, observations: 2 }]);
    expect(tracker.takeSeen()).toEqual([]);
  });

  it('names the result it repeats when it comes back as it was', () => {
    const tracker = aTracker();
    const [entered] = tracker.scanned(scan(10, [sighting({ legsKey: 'a', isStored: false })]));
    expect(entered).toMatchObject({ kind: 'ENTERED', opportunity: { latestResultId: 'earlier' } });
  });

  it('stays when its filter was not applied, or its expiration could not be priced, or another underlying was scanned', () => {
    const tracker = aTracker();
    tracker.scanned(scan(10, [sighting({ legsKey: 'a' })]));
    expect(tracker.scanned(scan(20, [], { revisions: new Map([['other', 1]]) }))).toEqual([]);
    expect(tracker.scanned(scan(20, [], { unpriced: new Set(['2026-12-18']) }))).toEqual([]);
    expect(tracker.scanned(scan(20, [], { symbol: 'BBB' }))).toEqual([]);
    expect(tracker.open()).toBe(1);
  });

  it('leaves when its filter is disabled or deleted, and when a scan does not find it by a new revision; what the new revision finds goes on', () => {
    const tracker = aTracker();
    tracker.scanned(
      scan(10, [sighting({ legsKey: 'a' }), sighting({ legsKey: 'b' }), sighting({ legsKey: 'c', filterId: 'two', revision: 7 })]),
    );
    expect(told(tracker.filterChanged({ filterId: 'two', revision: 7, isInForce: true }, 15))).toEqual([]);
    expect(told(tracker.filterChanged({ filterId: 'two', revision: 8, isInForce: false }, 15))).toEqual(['LEFT c FILTER_CHANGED']);
    expect(tracker.filterChanged({ filterId: 'one', revision: 2, isInForce: true }, 15)).toEqual([]);
    const found = [sighting({ legsKey: 'a', revision: 2, isStored: false }), sighting({ legsKey: 'd', revision: 2 })];
    const changes = tracker.scanned(scan(20, found, { revisions: new Map([['one', 2]]) }));
    expect(told(changes)).toEqual(['LEFT b FILTER_CHANGED', 'UPDATED a', 'ENTERED d']);
    expect(changes.every(({ opportunity }) => opportunity.filterRevision === 2)).toBe(true);
    expect(changes[1]!.opportunity).toMatchObject({ firstSeenAtMs: 10, observations: 2 });
    expect(told(tracker.filtersLoaded((id) => id !== 'one', 30))).toEqual(['LEFT a FILTER_CHANGED', 'LEFT d FILTER_CHANGED']);
  });

  it('is not touched by what comes late: an older revision of its filter, applied or announced', () => {
    const tracker = aTracker();
    tracker.scanned(scan(10, [sighting({ legsKey: 'a', revision: 3 })], { revisions: new Map([['one', 3]]) }));
    expect(tracker.filterChanged({ filterId: 'one', revision: 2, isInForce: false }, 20)).toEqual([]);
    expect(tracker.scanned(scan(20, [], { revisions: new Map([['one', 2]]) }))).toEqual([]);
    expect(tracker.scanned(scan(20, [sighting({ legsKey: 'a', revision: 2 })], { revisions: new Map([['one', 2]]) }))).toEqual([]);
    expect(tracker.open()).toBe(1);
  });

  it('leaves when its options expire by the time of the quotes', () => {
    const tracker = aTracker();
    tracker.scanned(scan(10, [sighting({ legsKey: 'a' })]));
    expect(tracker.scanned(scan(20, [sighting({ legsKey: 'a' })], { quotedAtMs: EXPIRES - 1 }))).toHaveLength(1);
    expect(told(tracker.scanned(scan(30, [], { quotedAtMs: EXPIRES })))).toEqual(['LEFT a EXPIRED']);
  });

  it('leaves when its options expire while its underlying is not scanned: the time of its quotes goes on with the clock', () => {
    const tracker = aTracker();
    tracker.scanned(scan(5_000_000, [sighting({ legsKey: 'a' })], { quotedAtMs: 400_000 }));
    // Another recording, of a later time, says nothing about this one.
    tracker.scanned(scan(5_000_000, [sighting({ legsKey: 'b', symbol: 'BBB' })], { symbol: 'BBB', quotedAtMs: 900_000 }));
    expect(tracker.expire(5_099_999)).toEqual([]);
    expect(told(tracker.expire(5_100_000))).toEqual(['LEFT b EXPIRED']);
    expect(tracker.expire(5_599_999)).toEqual([]);
    expect(told(tracker.expire(5_600_000))).toEqual(['LEFT a EXPIRED']);
  });

  it('that was there before a restart and is not scanned any more expires by the time of what is scanned', () => {
    const [entered] = aTracker().scanned(scan(10, [sighting({ legsKey: 'a' })]));
    const tracker = aTracker();
    tracker.load([entered!.opportunity]);
    expect(tracker.expire(EXPIRES + 1)).toEqual([]);
    tracker.scanned(scan(EXPIRES + 1, [], { symbol: 'BBB', quotedAtMs: EXPIRES - 9 }));
    expect(tracker.expire(EXPIRES + 9)).toEqual([]);
    expect(told(tracker.expire(EXPIRES + 10))).toEqual(['LEFT a EXPIRED']);
  });

  it('goes on after a restart', () => {
    const [entered] = aTracker().scanned(scan(10, [sighting({ legsKey: 'a' })]));
    const tracker = aTracker();
    tracker.load([entered!.opportunity]);
    const [updated] = tracker.scanned(scan(20, [sighting({ legsKey: 'a' })]));
    expect(updated).toMatchObject({ kind: 'UPDATED', opportunity: { id: entered!.opportunity.id, observations: 2 } });
  });
});

it('whatever is scanned, the changes told add up to what is there', () => {
  const found = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  const step = fc.record({
    symbol: fc.constantFrom('AAA', 'BBB'),
    found,
    stored: fc.boolean(),
    isChanged: fc.constantFrom(false, false, false, true),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tracker = aTracker();
      const there = new Map<string, Opportunity>();
      let revision = 1;
      for (const [index, { symbol, found: keys, stored, isChanged }] of steps.entries()) {
        if (isChanged) revision++;
        const sightings = keys.map((key) => sighting({ legsKey: `${symbol} ${key}`, symbol, revision, isStored: stored }));
        const changes = tracker.scanned(scan(index, sightings, { symbol, revisions: new Map([['one', revision]]) }));
        const legal = changes.map(({ kind, opportunity }) => {
          const known = there.get(opportunity.legsKey);
          const isLegal = kind === 'ENTERED' ? known === undefined : known?.id === opportunity.id;
          if (kind === 'LEFT') there.delete(opportunity.legsKey);
          else there.set(opportunity.legsKey, opportunity);
          return isLegal;
        });
        expect(legal).not.toContain(false);
        const here = [...there.values()].filter((opportunity) => opportunity.symbol === symbol);
        expect(here.map(({ legsKey }) => legsKey).toSorted()).toEqual(keys.map((key) => `${symbol} ${key}`).toSorted());
        expect(here.every((opportunity) => opportunity.filterRevision === revision)).toBe(true);
        expect(tracker.open()).toBe(there.size);
      }
    }),
  );
});
