import { describe, expect, it } from 'vitest';
import { candidateIdentities, type IdentityFacts } from '../../../../src/db/embedded/postgres-identity.ts';

const ROOT = { uid: 0, gid: 0 };
const ALICE = { uid: 1_000, gid: 1_000 };
const BOB = { uid: 1_001, gid: 1_001 };

function candidates(facts: Partial<IdentityFacts>): string[] {
  const all: IdentityFacts = { user: ROOT, dataOwner: null, parentOwner: ROOT, hasName: () => true, ...facts };
  return candidateIdentities(all).map(({ kind, uid }) => `${kind} ${uid}`);
}

describe('as whom PostgreSQL may run', () => {
  it('an ordinary user runs it as themselves', () => {
    expect(candidates({ user: ALICE, parentOwner: ALICE })).toEqual(['self 1000']);
  });

  it('a user without a name, for whom initdb would fail, gets one in a namespace', () => {
    expect(candidates({ user: ALICE, parentOwner: ALICE, hasName: () => false })).toEqual(['namespace 1000', 'self 1000']);
  });

  it('root is tried as nobody, then in a namespace, then with the right to pass folders, never as root', () => {
    expect(candidates({})).toEqual(['user 65534', 'namespace 0', 'capability 65534']);
    expect(candidates({ dataOwner: ROOT })).toEqual(['user 65534', 'namespace 0', 'capability 65534']);
  });

  it('root runs it as the owner of the place, unless that one has no name', () => {
    expect(candidates({ parentOwner: ALICE })[0]).toBe('user 1000');
    expect(candidates({ parentOwner: ALICE, hasName: () => false })[0]).toBe('user 65534');
  });

  it('data stay with their owner', () => {
    expect(candidates({ dataOwner: BOB, parentOwner: ALICE }).slice(0, 2)).toEqual(['user 1001', 'user 65534']);
  });
});
