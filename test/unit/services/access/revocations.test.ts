import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AuditEntry, draftAuditEntry } from '../../../../src/domain/access/audit-entry.ts';
import { AuthenticationError } from '../../../../src/domain/access/authentication-error.ts';
import type { Viewer } from '../../../../src/domain/access/viewer.ts';
import type { Revocation } from '../../../../src/services/access/revocation-store.ts';
import { createRevocations, type Revoked } from '../../../../src/services/access/revocations.ts';

const START_MS = Date.UTC(2026, 10, 20);
const TOLERANCE_MS = 5_000;
const DAY_MS = 86_400_000;

const aToken = (overrides: Partial<Viewer> = {}): Viewer => ({
  kind: 'TOKEN',
  subject: 'trader-1',
  roles: ['TRADER'],
  expiresAtMs: START_MS + 60_000,
  issuedAtMs: START_MS - 60_000,
  credentialId: 'token-1',
  ...overrides,
});

let sequence = 0;
function anEntry(done: Pick<AuditEntry, 'action' | 'objectKind' | 'objectId'>, atMs = START_MS): AuditEntry {
  sequence++;
  return { ...draftAuditEntry(`entry-${sequence}`, null, { ...done, reason: 'lost laptop' }), sequence, atMs };
}
const tokenRevoked = (objectId: string) => anEntry({ action: 'TOKEN_REVOKED', objectKind: 'TOKEN', objectId });
const subjectRevoked = (objectId: string, atMs?: number) => anEntry({ action: 'TOKEN_REVOKED', objectKind: 'SUBJECT', objectId }, atMs);
const keyRevoked = (objectId: string) => anEntry({ action: 'API_KEY_REVOKED', objectKind: 'API_KEY', objectId });

async function started(rows: Revocation[] = [], revokedKeys: string[] = []) {
  let bring: (entries: readonly AuditEntry[]) => void = () => {};
  const removals: number[] = [];
  const revocations = createRevocations({
    store: {
      all: async () => rows,
      removeExpired: async (nowMs) => {
        removals.push(nowMs);
      },
    },
    revokedKeyIds: async () => revokedKeys,
    follower: {
      follow(handler) {
        bring = handler;
        return () => {
          bring = () => {};
        };
      },
    },
    clock: () => START_MS,
    clockToleranceMs: TOLERANCE_MS,
    log: pino({ level: 'silent' }),
  });
  await revocations.start();
  const told: Revoked[] = [];
  revocations.follow((revoked) => told.push(revoked));
  const isRevoked = (viewer: Viewer) => {
    try {
      revocations.check(viewer);
      return false;
    } catch (error) {
      if (error instanceof AuthenticationError && error.failure === 'REVOKED') return true;
      throw error;
    }
  };
  return { revocations, told, isRevoked, removals, bring: (...entries: AuditEntry[]) => bring(entries) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a token', () => {
  it('no longer counts when it is revoked by its id, the others do', async () => {
    const { isRevoked, bring, told } = await started();
    expect(isRevoked(aToken())).toBe(false);
    bring(tokenRevoked('token-1'));
    expect([isRevoked(aToken()), isRevoked(aToken({ credentialId: 'token-2' })), isRevoked(aToken({ credentialId: null }))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(told).toEqual([{ credentialId: 'token-1', subject: null, connectionId: null, reason: 'lost laptop' }]);
  });

  it('of a revoked subject counts only if it was issued afterwards, with what clocks may be off', async () => {
    const { isRevoked, bring, told } = await started();
    bring(subjectRevoked('trader-1'));
    const issued = (issuedAtMs: number | null) => isRevoked(aToken({ issuedAtMs, credentialId: null }));
    expect([issued(START_MS - 1), issued(START_MS + TOLERANCE_MS), issued(null)]).toEqual([true, true, true]);
    expect(issued(START_MS + TOLERANCE_MS + 1)).toBe(false);
    expect(isRevoked(aToken({ subject: 'trader-2' }))).toBe(false);
    expect(told).toEqual([{ credentialId: null, subject: 'trader-1', connectionId: null, reason: 'lost laptop' }]);
  });

  it('that is revoked stays revoked after a restart', async () => {
    const { isRevoked } = await started([
      { kind: 'TOKEN', value: 'token-1', revokedAtMs: START_MS, expiresAtMs: null },
      { kind: 'SUBJECT', value: 'trader-2', revokedAtMs: START_MS, expiresAtMs: null },
    ]);
    expect(isRevoked(aToken())).toBe(true);
    expect(isRevoked(aToken({ subject: 'trader-2', credentialId: null }))).toBe(true);
    expect(isRevoked(aToken({ credentialId: 'token-2' }))).toBe(false);
  });

  it('has no part in what is revoked of API keys, nor they in what is revoked of tokens', async () => {
    const aKey = aToken({ kind: 'API_KEY', credentialId: 'key-1' });
    const { isRevoked, bring } = await started();
    bring(subjectRevoked('trader-1'), tokenRevoked('key-1'));
    expect(isRevoked(aKey)).toBe(false);
    bring(keyRevoked('key-1'), keyRevoked('token-3'));
    expect([isRevoked(aKey), isRevoked(aToken({ subject: 'trader-3', credentialId: 'token-3' }))]).toEqual([true, false]);
  });
});

it('a key that was revoked before the start is refused', async () => {
  const { isRevoked } = await started([], ['key-1']);
  expect(isRevoked(aToken({ kind: 'API_KEY', credentialId: 'key-1' }))).toBe(true);
});

it('a revocation older than the one known takes nothing back', async () => {
  const { isRevoked, bring } = await started();
  bring(subjectRevoked('trader-1', START_MS), subjectRevoked('trader-1', START_MS - DAY_MS));
  expect(isRevoked(aToken({ credentialId: null }))).toBe(true);
});

it('what is committed here is in force at once, and told once though the follower brings it again', async () => {
  const { revocations, isRevoked, bring, told } = await started();
  const [first, second] = [keyRevoked('key-1'), keyRevoked('key-2')];
  revocations.apply([second]);
  expect(isRevoked(aToken({ kind: 'API_KEY', credentialId: 'key-2' }))).toBe(true);
  bring(first, second);
  expect(told.map(({ credentialId }) => credentialId)).toEqual(['key-2', 'key-1']);
});

it('an administrator who ends a connection is heard, and who changes a filter is not', async () => {
  const { bring, told } = await started();
  bring(
    anEntry({ action: 'CONNECTION_TERMINATED', objectKind: 'CONNECTION', objectId: 'connection-1' }),
    anEntry({ action: 'FILTER_UPDATED', objectKind: 'FILTER', objectId: 'filter-1' }),
    anEntry({ action: 'API_KEY_CREATED', objectKind: 'API_KEY', objectId: 'key-1' }),
  );
  expect(told).toEqual([{ credentialId: null, subject: null, connectionId: 'connection-1', reason: 'lost laptop' }]);
});

it('revocations of what has expired are removed at the start and every day, and forgotten; what came meanwhile is not', async () => {
  vi.useFakeTimers();
  const rows: Revocation[] = [{ kind: 'TOKEN', value: 'token-1', revokedAtMs: START_MS, expiresAtMs: START_MS + 1 }];
  const { revocations, isRevoked, removals } = await started(rows);
  expect(removals).toEqual([START_MS - TOLERANCE_MS]);
  rows.pop();
  rows.push({ kind: 'TOKEN', value: 'token-2', revokedAtMs: START_MS, expiresAtMs: null });
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(removals).toHaveLength(2);
  expect([isRevoked(aToken()), isRevoked(aToken({ credentialId: 'token-2' }))]).toEqual([false, true]);
  revocations.stop();
  await vi.advanceTimersByTimeAsync(2 * DAY_MS);
  expect(removals).toHaveLength(2);
});
