import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Opportunity, opportunityKey } from '../../../../src/domain/opportunities/opportunity.ts';
import type {
  OpportunityChange,
  OpportunityChangeDraft,
  OpportunityChangeKind,
} from '../../../../src/domain/opportunities/opportunity-change.ts';
import { createOpportunityTracker } from '../../../../src/domain/opportunities/opportunity-tracker.ts';
import { reconcileChanges } from '../../../../src/domain/opportunities/reconcile-changes.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';

function anOpportunity(overrides: Partial<Opportunity> = {}): Opportunity {
  const { legs, symbol, strategy, expiration, filterId } = aResultDraft();
  return {
    id: 'stored',
    filterId,
    filterRevision: 1,
    symbol,
    strategy,
    expiration,
    expiresAtMs: 1_000_000,
    legs,
    legsKey: 'a',
    firstSeenAtMs: 10,
    lastSeenAtMs: 20,
    leftAtMs: null,
    leaveReason: null,
    bestScore: 60,
    lastScore: 50,
    observations: 3,
    latestResultId: 'result',
    ...overrides,
  };
}

function tells(kind: OpportunityChangeKind, overrides: Partial<Opportunity> = {}): OpportunityChangeDraft {
  const left = kind === 'LEFT' ? { leftAtMs: 30, leaveReason: 'NOT_FOUND' as const } : {};
  return { id: `${kind} ${overrides.id ?? 'stored'}`, kind, opportunity: anOpportunity({ ...left, ...overrides }) };
}

describe('a change that another process may have overtaken', () => {
  it('is stored as it is when nobody has', () => {
    const change = tells('UPDATED', { lastSeenAtMs: 25, lastScore: 70, bestScore: 70, observations: 4 });
    expect(reconcileChanges([change], [anOpportunity()])).toEqual([change]);
    expect(reconcileChanges([tells('ENTERED')], [])).toEqual([tells('ENTERED')]);
    expect(reconcileChanges([tells('LEFT')], [anOpportunity()])).toEqual([tells('LEFT')]);
  });

  it('of one that is there under another id is told of that one', () => {
    const drafts = [
      tells('ENTERED', { id: 'own', firstSeenAtMs: 25, lastSeenAtMs: 25, lastScore: 65, bestScore: 65, observations: 1 }),
      tells('LEFT', { id: 'own' }),
    ];
    const [taken, left] = reconcileChanges(drafts, [anOpportunity()]);
    expect(taken).toMatchObject({
      id: 'ENTERED own',
      kind: 'UPDATED',
      opportunity: { id: 'stored', firstSeenAtMs: 10, lastSeenAtMs: 25, lastScore: 65, bestScore: 65, observations: 3 },
    });
    expect(left).toMatchObject({ id: 'LEFT own', kind: 'LEFT', opportunity: { id: 'stored', leftAtMs: 30, leaveReason: 'NOT_FOUND' } });
  });

  it('of one that has left is left out', () => {
    const past = anOpportunity({ leftAtMs: 22, leaveReason: 'EXPIRED' });
    expect(reconcileChanges([tells('UPDATED'), tells('LEFT')], [past])).toEqual([]);
    expect(reconcileChanges([tells('LEFT'), tells('LEFT')], [anOpportunity()])).toHaveLength(1);
  });

  it('of an older revision of the filter than the one that has found it is left out', () => {
    const drafts = (['ENTERED', 'UPDATED', 'LEFT'] as const).map((kind) => tells(kind, { id: 'own', filterRevision: 1 }));
    expect(reconcileChanges(drafts, [anOpportunity({ filterRevision: 2 })])).toEqual([]);
  });

  it('of a newer revision of the filter is told of the same one', () => {
    const drafts = (['ENTERED', 'UPDATED', 'LEFT'] as const).map((kind) => tells(kind, { id: 'own', filterRevision: 2 }));
    const changes = reconcileChanges(drafts, [anOpportunity()]);
    expect(changes.map(({ kind, opportunity: { id, filterRevision } }) => `${kind} ${id} ${filterRevision}`)).toEqual([
      'UPDATED stored 2',
      'UPDATED stored 2',
      'LEFT stored 2',
    ]);
  });

  it('makes room for the next one with the same filter and legs', () => {
    const kinds = reconcileChanges([tells('LEFT'), tells('ENTERED', { id: 'next' })], [anOpportunity()]).map(({ kind }) => kind);
    expect(kinds).toEqual(['LEFT', 'ENTERED']);
  });

  it('does not take back newer sightings', () => {
    const [change] = reconcileChanges(
      [tells('UPDATED', { lastSeenAtMs: 15, lastScore: 1, bestScore: 61, observations: 2 })],
      [anOpportunity()],
    );
    expect(change!.opportunity).toEqual(anOpportunity({ bestScore: 61 }));
  });
});

/** Processes with a tracker each, over one table and one stream; what they tell is stored, and what is stored is followed, at any later time. */
function createProcesses(count: number) {
  let ids = 0;
  const stream: OpportunityChange[] = [];
  const table = new Map<string, Opportunity>();
  const newId = () => `id-${String(++ids).padStart(6, '0')}`;
  const processes = Array.from({ length: count }, () => ({
    tracker: createOpportunityTracker({ newId }),
    told: [] as OpportunityChangeDraft[],
    followed: 0,
  }));
  const there = () => [...table.values()].filter(({ leftAtMs }) => leftAtMs === null);

  return {
    stream,
    table,
    there,
    scan(process: number, atMs: number, keys: readonly string[], revision: number) {
      const found = keys.map((legsKey) => {
        const draft = aResultDraft({ legsKey, filterId: 'one', filterRevision: revision, metrics: { score: 50 } });
        return { draft, resultId: draft.id, isStored: true, expiresAtMs: 1_000_000 };
      });
      const revisions = new Map([['one', revision]]);
      const { told, tracker } = processes[process]!;
      told.push(...tracker.scanned({ symbol: 'AAA', atMs, quotedAtMs: atMs, revisions, found, unpriced: new Set() }));
    },
    store(process: number, most: number) {
      const drafts = processes[process]!.told.splice(0, most);
      for (const change of reconcileChanges(drafts, [...table.values()])) {
        stream.push({ ...change, sequence: stream.length + 1, atMs: stream.length });
        table.set(change.opportunity.id, change.opportunity);
        const keys = there().map(opportunityKey);
        expect(new Set(keys).size).toBe(keys.length);
      }
    },
    follow(process: number, most: number) {
      const one = processes[process]!;
      one.tracker.follow(stream.slice(one.followed, one.followed + most));
      one.followed = Math.min(stream.length, one.followed + most);
    },
    restart(process: number) {
      const one = processes[process]!;
      one.tracker = createOpportunityTracker({ newId });
      one.tracker.load(there());
      one.told = [];
      one.followed = stream.length;
    },
    open: () => processes.map(({ tracker }) => tracker.open()),
    settle() {
      for (const process of processes.keys()) this.store(process, Number.POSITIVE_INFINITY);
      for (const process of processes.keys()) this.follow(process, Number.POSITIVE_INFINITY);
    },
  };
}

const PROCESSES = 3;

it('processes that scan the same, store late, follow late and die agree on every opportunity', () => {
  const process = fc.nat(PROCESSES - 1);
  const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
  const few = fc.nat(3);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('scan' as const), process, keys, revision: fc.constantFrom(1, 1, 1, 2) }),
    fc.record({ kind: fc.constantFrom('store' as const, 'follow' as const), process, most: few }),
    fc.record({ kind: fc.constant('restart' as const), process }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), keys, (steps, last) => {
      const world = createProcesses(PROCESSES);
      for (const [index, one] of steps.entries()) {
        if (one.kind === 'scan') world.scan(one.process, index, one.keys, one.revision);
        else if (one.kind === 'restart') world.restart(one.process);
        else world[one.kind](one.process, one.most);
      }
      world.settle();
      const episodes = new Map<string, Opportunity>();
      for (const { kind, opportunity } of world.stream) {
        const known = episodes.get(opportunity.id);
        expect(known === undefined).toBe(kind === 'ENTERED');
        expect(known?.leftAtMs ?? null).toBeNull();
        expect(opportunity.leftAtMs !== null).toBe(kind === 'LEFT');
        episodes.set(opportunity.id, opportunity);
      }
      expect(episodes).toEqual(world.table);
      expect(world.open()).toEqual(Array.from({ length: PROCESSES }, () => world.there().length));
      // The next scan finds everybody of one mind, whoever makes it.
      for (let by = 0; by < PROCESSES; by++) {
        world.scan(by, 1_000 + by, last, 2);
        world.settle();
        expect(
          world
            .there()
            .map(({ legsKey }) => legsKey)
            .toSorted(),
        ).toEqual(last.toSorted());
      }
    }),
    { numRuns: 300 },
  );
});
