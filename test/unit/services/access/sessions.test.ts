import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthenticationError } from '../../../../src/domain/access/authentication-error.ts';
import { SessionMismatchError } from '../../../../src/domain/access/session-mismatch-error.ts';
import type { Viewer } from '../../../../src/domain/access/viewer.ts';
import type { DomainError } from '../../../../src/domain/errors/domain-error.ts';
import type { Revoked } from '../../../../src/services/access/revocations.ts';
import type { Session, SessionEvent } from '../../../../src/services/access/session.ts';
import { createSessions } from '../../../../src/services/access/sessions.ts';

const START = Date.UTC(2026, 10, 20, 15, 30);
const IDLE = { backlogRows: 0, backlogBytes: 0, missed: 0, sentBytes: 0 };

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});

afterEach(() => {
  if (vi.getTimerCount() !== 0) throw new Error('expected no timer to be left');
  vi.useRealTimers();
});

function aViewer(overrides: Partial<Viewer> = {}): Viewer {
  return {
    kind: 'TOKEN',
    subject: 'trader-1',
    roles: ['TRADER'],
    expiresAtMs: START + 600_000,
    issuedAtMs: START,
    credentialId: 'token-1',
    ...overrides,
  };
}

function aRegistry({ warningMs = 60_000, clockToleranceMs = 0 } = {}) {
  const revoked = new Set<string>();
  const ended: string[] = [];
  const renewed = vi.fn<() => void>();
  const changed = vi.fn<(session: Session) => void>();
  let tell: (revocation: Revoked) => void = () => {};
  const sessions = createSessions({
    clock: Date.now,
    warningMs,
    clockToleranceMs,
    revocations: {
      check({ credentialId }) {
        if (credentialId !== null && revoked.has(credentialId)) throw new AuthenticationError('REVOKED', 'expected another token');
      },
      follow(listener) {
        tell = listener;
        return () => {
          tell = () => {};
        };
      },
    },
    onEnded: (end) => ended.push(end),
    onRenewed: renewed,
    onChanged: changed,
  });
  let opened = 0;

  function open(viewer: Viewer, transport: 'WEBSOCKET' | 'SSE' = 'WEBSOCKET') {
    const warnings: number[] = [];
    const ends: DomainError[] = [];
    const port = { usage: () => IDLE, warn: (atMs: number) => warnings.push(atMs), end: (error: DomainError) => ends.push(error) };
    const session = sessions.open({ id: `connection-${++opened}`, transport, viewer, clientAddress: null, port });
    return { session, warnings, ends };
  }

  return {
    sessions,
    open,
    ended,
    renewed,
    changed,
    revoke(credentialId: string) {
      revoked.add(credentialId);
      tell({ credentialId, subject: null, connectionId: null, reason: null });
    },
    tell: (revocation: Revoked) => tell(revocation),
  };
}

describe('a connection whose token expires', () => {
  it('is warned once, a while before, and ended when it has expired', () => {
    const { sessions, open, ended } = aRegistry();
    const { session, warnings, ends } = open(aViewer());
    vi.advanceTimersByTime(539_999);
    expect(warnings).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(warnings).toEqual([START + 600_000]);
    vi.advanceTimersByTime(59_999);
    expect([ends, session.isOpen]).toEqual([[], true]);
    vi.advanceTimersByTime(1);
    expect(ends).toMatchObject([{ code: 'UNAUTHENTICATED', failure: 'EXPIRED' }]);
    expect([warnings.length, session.isOpen, ended, sessions.find(session.id)]).toEqual([1, false, ['expired'], null]);
  });

  it('goes on as long as tokens are accepted elsewhere, too', () => {
    const { open } = aRegistry({ clockToleranceMs: 5_000 });
    const { ends } = open(aViewer());
    const key = open(aViewer({ kind: 'API_KEY' }));
    vi.advanceTimersByTime(600_000);
    expect([ends.length, key.ends.length]).toEqual([0, 1]);
    vi.advanceTimersByTime(5_000);
    expect(ends).toHaveLength(1);
  });

  it('is warned after half of its time when that is short, and never before it is open', () => {
    const { open } = aRegistry();
    const { warnings, ends } = open(aViewer({ expiresAtMs: START + 10_000 }));
    const late = open(aViewer({ expiresAtMs: START - 1 }));
    expect([late.warnings, late.ends]).toEqual([[], []]);
    vi.advanceTimersByTime(0);
    expect(late.ends).toHaveLength(1);
    vi.advanceTimersByTime(4_999);
    expect(warnings).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([warnings.length, ends.length]).toEqual([1, 0]);
    vi.advanceTimersByTime(5_000);
    expect(ends).toHaveLength(1);
  });

  it('goes on with another token, and is warned before that one expires', () => {
    const { open, renewed } = aRegistry();
    const { session, warnings, ends } = open(aViewer());
    const events: SessionEvent['kind'][] = [];
    const unfollow = session.follow(({ kind }) => events.push(kind));
    for (let renewal = 1; renewal <= 3; renewal++) {
      vi.advanceTimersByTime(540_000);
      expect(warnings).toHaveLength(renewal);
      session.renew(aViewer({ expiresAtMs: Date.now() + 600_000, credentialId: `token-${renewal + 1}` }));
    }
    expect([ends, renewed.mock.calls.length, session.viewer.credentialId]).toEqual([[], 3, 'token-4']);
    expect(events).toEqual(['EXPIRING', 'RENEWED', 'EXPIRING', 'RENEWED', 'EXPIRING', 'RENEWED']);
    unfollow();
    vi.advanceTimersByTime(600_000);
    expect([ends.length, events.length]).toEqual([1, 6]);
  });

  it('is ended soon after the clock was set forward', () => {
    const { open } = aRegistry();
    const { ends } = open(aViewer());
    vi.setSystemTime(START + 3_600_000);
    vi.advanceTimersByTime(30_000);
    expect(ends).toHaveLength(1);
  });

  it('is one of many, each of which ends at its time', () => {
    const { sessions, open } = aRegistry();
    const all = Array.from({ length: 500 }, (_, index) => open(aViewer({ expiresAtMs: START + 1_000 * (1 + ((index * 37) % 500)) })));
    expect(vi.getTimerCount()).toBe(1);
    for (let second = 1; second <= 500; second++) {
      vi.advanceTimersByTime(1_000);
      expect(sessions.size('WEBSOCKET')).toBe(500 - second);
    }
    expect(all.every(({ ends, warnings }) => ends.length === 1 && warnings.length === 1)).toBe(true);
  });

  it('costs no timer when it never expires, or has closed', () => {
    const { open } = aRegistry();
    open(aViewer({ expiresAtMs: null }));
    expect(vi.getTimerCount()).toBe(0);
    const { session, ends } = open(aViewer());
    expect(vi.getTimerCount()).toBe(1);
    session.close();
    session.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(600_000);
    expect(ends).toEqual([]);
  });
});

describe('a renewal is refused', () => {
  it.each([
    ['of another subject', { subject: 'trader-2' }, 'another subject'],
    ['with more roles', { roles: ['TRADER', 'ADMIN'] as const }, 'got TRADER, ADMIN'],
    ['with other roles', { roles: ['ADMIN'] as const }, 'expected a token with the roles of the connection, TRADER, got ADMIN'],
    ['by another kind of credential', { kind: 'API_KEY' as const }, 'another kind'],
  ])('%s, and the connection goes on as it was', (_what, overrides, message) => {
    const { open, renewed } = aRegistry();
    const { session, ends } = open(aViewer());
    const renew = () => session.renew(aViewer({ expiresAtMs: START + 9_000_000, ...overrides }));
    expect(renew).toThrow(SessionMismatchError);
    expect(renew).toThrow(message);
    expect(renewed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(600_000);
    expect(ends).toHaveLength(1);
  });

  it('when the token was revoked, or the connection has ended', () => {
    const { open, revoke } = aRegistry();
    const { session } = open(aViewer());
    revoke('token-2');
    expect(() => session.renew(aViewer({ credentialId: 'token-2' }))).toThrow(AuthenticationError);
    expect(session.viewer.credentialId).toBe('token-1');
    session.close();
    expect(() => session.renew(aViewer())).toThrow(SessionMismatchError);
  });
});

describe('a revocation', () => {
  it('ends the connections of the credential, and no others', () => {
    const { sessions, open, revoke, ended } = aRegistry();
    const one = open(aViewer());
    const event = open(aViewer(), 'SSE');
    const other = open(aViewer({ credentialId: 'token-2' }));
    const nameless = open(aViewer({ credentialId: null }));
    revoke('token-1');
    for (const { ends } of [one, event]) expect(ends).toMatchObject([{ code: 'UNAUTHENTICATED', failure: 'REVOKED' }]);
    for (const { ends } of [other, nameless]) expect(ends).toEqual([]);
    expect(ended).toEqual(['revoked', 'revoked']);
    for (const { session } of [other, nameless]) session.close();
    expect(sessions.size('WEBSOCKET')).toBe(0);
  });

  it('reaches a connection by the token it was renewed with, not by the one before', () => {
    const { open, revoke } = aRegistry();
    const { session, ends } = open(aViewer());
    session.renew(aViewer({ credentialId: 'token-2' }));
    revoke('token-1');
    expect(ends).toEqual([]);
    revoke('token-2');
    expect(ends).toHaveLength(1);
  });

  it('of all credentials of a subject spares those that it does not concern', () => {
    const { open, revoke, tell } = aRegistry();
    const spared = open(aViewer({ credentialId: 'newer' }));
    const other = open(aViewer({ subject: 'trader-2', credentialId: 'token-9' }));
    revoke('token-1');
    tell({ credentialId: null, subject: 'trader-1', connectionId: null, reason: null });
    expect([spared.ends, other.ends]).toEqual([[], []]);
    for (const { session } of [spared, other]) session.close();
  });

  it('that comes between authentication and opening refuses the connection', () => {
    const { sessions, open, revoke } = aRegistry();
    revoke('token-1');
    expect(() => open(aViewer())).toThrow(AuthenticationError);
    expect(sessions.size('WEBSOCKET')).toBe(0);
  });

  it('of a connection ends that one only', () => {
    const { open, tell, ended } = aRegistry();
    const one = open(aViewer({ expiresAtMs: null }));
    const other = open(aViewer({ expiresAtMs: null }));
    tell({ credentialId: null, subject: null, connectionId: one.session.id, reason: 'too many rows' });
    expect(one.ends).toMatchObject([
      { code: 'CONNECTION_TERMINATED', message: 'an administrator has ended this connection: too many rows' },
    ]);
    expect([other.ends, ended]).toEqual([[], ['terminated']]);
  });
});

it('what is open and what runs on it is known at any time', () => {
  const { sessions, open, changed } = aRegistry();
  const viewer = aViewer({ expiresAtMs: null });
  const { session } = open(viewer);
  const event = open(viewer, 'SSE');
  session.subscriptionBegan();
  session.subscriptionBegan();
  session.subscriptionEnded();
  expect([session.subscriptions, sessions.size('WEBSOCKET'), sessions.size('SSE')]).toEqual([1, 1, 1]);
  event.session.close();
  expect([...sessions.all()]).toEqual([session]);
  expect([sessions.find(session.id), sessions.find(event.session.id)]).toEqual([session, null]);
  expect(changed.mock.calls.map(([{ id }]) => id)).toEqual([
    session.id,
    event.session.id,
    session.id,
    session.id,
    session.id,
    event.session.id,
  ]);
  session.close();
  changed.mockClear();
  session.subscriptionEnded();
  expect(changed).not.toHaveBeenCalled();
});

it('when the server stops, nothing is ended any more', () => {
  const { sessions, open, tell } = aRegistry();
  const { session, ends } = open(aViewer());
  sessions.stop();
  tell({ credentialId: null, subject: null, connectionId: session.id, reason: null });
  vi.advanceTimersByTime(600_000);
  expect(ends).toEqual([]);
});
