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

  it('leaves when its filter is changed, disabled or deleted; what the new revision finds enters anew', () => {
    const tracker = aTracker();
    tracker.scanned(
      scan(10, [sighting({ legsKey: 'a' }), sighting({ legsKey: 'b' }), sighting({ legsKey: 'c', filterId: 'two', revision: 7 })]),
    );
    expect(told(tracker.filterChanged('two', 7, 15))).toEqual([]);
    expect(told(tracker.filterChanged('two', null, 15))).toEqual(['LEFT c FILTER_CHANGED']);
    const changes = tracker.scanned(scan(20, [sighting({ legsKey: 'a', revision: 2 })], { revisions: new Map([['one', 2]]) }));
    expect(told(changes)).toEqual(['LEFT a FILTER_CHANGED', 'LEFT b FILTER_CHANGED', 'ENTERED a']);
    expect(told(tracker.filtersChanged((id) => (id === 'one' ? 3 : null), 30))).toEqual(['LEFT a FILTER_CHANGED']);
  });

  it('leaves when its options expire, by the time of the quotes, whether its underlying is still scanned or not', () => {
    const tracker = aTracker();
    tracker.scanned(scan(10, [sighting({ legsKey: 'a' })]));
    tracker.scanned(scan(10, [sighting({ legsKey: 'b', symbol: 'BBB' })], { symbol: 'BBB' }));
    expect(tracker.expire(EXPIRES + 1)).toEqual([]);
    expect(told(tracker.scanned(scan(20, [], { quotedAtMs: EXPIRES })))).toEqual(['LEFT a EXPIRED']);
    expect(told(tracker.expire(20))).toEqual(['LEFT b EXPIRED']);
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
  const step = fc.record({ symbol: fc.constantFrom('AAA', 'BBB'), found, stored: fc.boolean(), revision: fc.constantFrom(1, 1, 1, 2) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tracker = aTracker();
      const there = new Map<string, Opportunity>();
      for (const [index, { symbol, found: keys, stored, revision }] of steps.entries()) {
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
