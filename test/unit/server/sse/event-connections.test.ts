import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LOCAL_ADMIN } from '../../../../src/domain/access/viewer.ts';
import { createEventConnections } from '../../../../src/server/sse/event-connections.ts';
import { createOpenEventSession } from '../../../../src/server/sse/event-session.ts';
import { someSessions } from '../../../support/some-sessions.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function someConnections() {
  let number = 0;
  const sessions = someSessions();
  return createEventConnections({
    newToken: () => `t${++number}`,
    openSession: createOpenEventSession({
      sessions,
      newId: () => `session-${number}`,
      maskError: (error) => new GraphQLError(String(error)),
    }),
  });
}

it('forgets a stream that is not opened in time', () => {
  const connections = someConnections();
  const token = connections.reserve(LOCAL_ADMIN)!;
  vi.advanceTimersByTime(29_999);
  expect(connections.find(token, LOCAL_ADMIN)).not.toBeNull();
  vi.advanceTimersByTime(1);
  expect(connections.find(token, LOCAL_ADMIN)).toBeNull();
  expect(connections.open(token)).toBe(false);
});

it('keeps one that is, until it is closed', () => {
  const connections = someConnections();
  const token = connections.reserve(LOCAL_ADMIN)!;
  expect(connections.open(token)).toBe(true);
  expect(connections.open(token)).toBe(false);
  vi.advanceTimersByTime(3_600_000);
  connections.find(token, LOCAL_ADMIN)!.close();
  expect(connections.find(token, LOCAL_ADMIN)).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

it('gives out a bounded number of streams that are not opened', () => {
  const connections = someConnections();
  const tokens = Array.from({ length: 1_000 }, () => connections.reserve(LOCAL_ADMIN));
  expect(tokens.every((token) => token !== null)).toBe(true);
  expect(connections.reserve(LOCAL_ADMIN)).toBeNull();
  connections.open('t1');
  expect(connections.reserve(LOCAL_ADMIN)).toBe('t1001');
  expect(connections.reserve(LOCAL_ADMIN)).toBeNull();
  vi.advanceTimersByTime(30_000);
  expect(connections.reserve(LOCAL_ADMIN)).toBe('t1002');
});

it('a stop closes streams that are not open, and ends the others when their operations have ended', async () => {
  const connections = someConnections();
  const [unopened, idle, busy] = [connections.reserve(LOCAL_ADMIN)!, connections.reserve(LOCAL_ADMIN)!, connections.reserve(LOCAL_ADMIN)!];
  connections.open(idle);
  connections.open(busy);
  const busyConnection = connections.find(busy, LOCAL_ADMIN)!;
  busyConnection.reserve('a');
  const idleNext = connections.find(idle, LOCAL_ADMIN)!.next();
  connections.stop();
  expect(connections.find(unopened, LOCAL_ADMIN)).toBeNull();
  expect(await idleNext).toBeNull();
  busyConnection.start('a', { data: null });
  expect(await busyConnection.next()).toContain('event: next');
});
