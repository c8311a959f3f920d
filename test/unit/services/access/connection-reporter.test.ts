import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOCAL_ADMIN } from '../../../../src/domain/access/viewer.ts';
import { createConnectionReporter } from '../../../../src/services/access/connection-reporter.ts';
import type { SessionUsage } from '../../../../src/services/access/session.ts';
import { createSessions } from '../../../../src/services/access/sessions.ts';

const IDLE: SessionUsage = { backlogRows: 0, backlogBytes: 0, missed: 0, sentBytes: 100 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A reporter with the rows it keeps, and every statement it sends. */
function aReporter() {
  const rows = new Map<string, number>();
  const statements: string[] = [];
  let isListed = false;
  let isAway = false;
  function statement(text: string): void {
    if (isAway) throw new Error('the database is away');
    statements.push(text);
  }
  const reporter = createConnectionReporter({
    store: {
      async beat() {
        statement('beat');
        const isNew = !isListed;
        isListed = true;
        return isNew;
      },
      async save(connections) {
        statement(`save ${connections.length}`);
        for (const { id, subscriptions } of connections) rows.set(id, subscriptions);
      },
      async remove(ids) {
        statement(`remove ${ids.length}`);
        for (const id of ids) rows.delete(id);
      },
      async removeSilent() {
        statement('remove silent');
      },
      async leave() {
        statement('leave');
        rows.clear();
      },
    },
    sessions: () => sessions,
    processId: 'process-1',
    now: () => Date.now(),
    log: pino({ level: 'silent' }),
  });
  const sessions = createSessions({
    clock: Date.now,
    warningMs: 60_000,
    clockToleranceMs: 0,
    revocations: { check: () => {}, follow: () => () => {} },
    onEnded: () => {},
    onRenewed: () => {},
    onChanged: reporter.changed,
  });
  let opened = 0;
  reporter.start();
  return {
    reporter,
    rows,
    sessions,
    taken: () => statements.splice(0),
    open(usage: () => SessionUsage = () => IDLE) {
      const port = { usage, warn: () => {}, end: () => {} };
      return sessions.open({ id: `connection-${++opened}`, transport: 'WEBSOCKET', viewer: LOCAL_ADMIN, clientAddress: null, port });
    },
    crash() {
      rows.clear();
      isListed = false;
    },
    setAway(away: boolean) {
      isAway = away;
    },
  };
}

describe('the list of connections', () => {
  it('has what is open a second later, in one statement, and nothing that is closed', async () => {
    const { open, rows, taken } = aReporter();
    const sessions = Array.from({ length: 20 }, () => open());
    sessions[0]!.subscriptionBegan();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taken()).toEqual(['beat', 'save 20']);
    expect([rows.size, rows.get('connection-1'), rows.get('connection-2')]).toEqual([20, 1, 0]);
    sessions[0]!.subscriptionEnded();
    for (const session of sessions.slice(10)) session.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taken()).toEqual(['save 1', 'remove 10']);
    expect([rows.size, rows.get('connection-1')]).toEqual([10, 0]);
  });

  it('costs a heartbeat while nothing changes, and nothing while nothing is open', async () => {
    const { open, taken } = aReporter();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(taken()).toEqual([]);
    // As pings do.
    let sentBytes = 0;
    const session = open(() => {
      sentBytes += 2;
      return { ...IDLE, sentBytes };
    });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(taken()).toEqual(['beat', 'save 1', 'beat']);
    session.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(taken()).toEqual(['remove 1']);
  });

  it.each([
    ['rows that wait', { backlogRows: 1 }],
    ['bytes that wait', { backlogBytes: 1_024 }],
    ['rows that were missed', { missed: 1 }],
    ['a kibibyte sent', { sentBytes: 1_124 }],
  ])('is told of %s', async (_what, change) => {
    const { open, taken } = aReporter();
    let usage = IDLE;
    open(() => usage);
    await vi.advanceTimersByTimeAsync(2_000);
    taken();
    usage = { ...IDLE, ...change };
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taken()).toEqual(['save 1']);
  });

  it('looks at many in turn, some hundreds a second', async () => {
    const { open, taken } = aReporter();
    let looks = 0;
    const looked = new Set<number>();
    for (let number = 0; number < 2_500; number++) {
      open(() => {
        looks++;
        looked.add(number);
        return IDLE;
      });
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taken()).toEqual(['beat', 'save 1000', 'save 1000', 'save 500']);
    looked.clear();
    for (let second = 0; second < 12; second++) {
      looks = 0;
      await vi.advanceTimersByTimeAsync(1_000);
      expect(looks).toBeLessThanOrEqual(500);
    }
    expect(looked.size).toBe(2_500);
  });

  it('is written anew when the database has crashed', async () => {
    const { open, rows, taken, crash } = aReporter();
    open();
    open();
    await vi.advanceTimersByTimeAsync(1_000);
    taken();
    crash();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([taken(), rows.size]).toEqual([['beat', 'save 2'], 2]);
  });

  it('loses no change while the database is away', async () => {
    const { open, rows, setAway } = aReporter();
    const first = open();
    await vi.advanceTimersByTimeAsync(1_000);
    setAway(true);
    first.close();
    open().subscriptionBegan();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...rows.keys()]).toEqual(['connection-1']);
    setAway(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([...rows]).toEqual([['connection-2', 1]]);
  });

  it('is cleaned of processes that are gone, now and then', async () => {
    const { open, taken } = aReporter();
    open();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(taken().filter((text) => text === 'remove silent').length).toBeGreaterThanOrEqual(4);
  });

  it('is left when the process stops', async () => {
    const { open, rows, reporter, taken } = aReporter();
    open();
    await reporter.flush();
    expect(rows.size).toBe(1);
    await reporter.stop();
    expect([rows.size, taken().at(-1), vi.getTimerCount()]).toEqual([0, 'leave', 0]);
  });
});
