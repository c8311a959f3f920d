import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { createLease, type Lease } from '../../src/services/cluster/lease.ts';
import { createStreamCursorStore } from '../../src/services/cluster/stream-cursor-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const OWNERS = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000003'];

let testDatabase: TestDatabase;
let database: Database;
let leases: Lease[];
/** Who works, by number; a process that is cut off may not know yet. */
let working: Set<number>;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 5_000, applicationName: 'lease-test' });
  leases = [];
  working = new Set();
});

afterEach(async () => {
  await Promise.all(leases.map((lease) => lease.stop()));
  await database.close();
  await testDatabase.drop();
});

function aLease(number: number, { ttlMs = 2_000, work = workUntilTold(number) } = {}): Lease {
  const lease = createLease({ name: 'work', owner: OWNERS[number]!, sql: database.sql, log: pino({ level: 'silent' }), ttlMs, work });
  leases.push(lease);
  lease.start();
  return lease;
}

function workUntilTold(number: number) {
  return async (signal: AbortSignal) => {
    working.add(number);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    working.delete(number);
  };
}

/** The lease row as another process that has died would leave it. */
const steal = (owner: string, untilMs: number) =>
  database.sql`update leases set owner = ${owner}, until = now() + ${untilMs} * interval '1 ms' where name = 'work'`;

const confirmed = (lease: Lease) =>
  database.sql
    .begin((transaction) => lease.confirm(transaction))
    .then(
      () => true,
      (error: Error) => error.constructor.name,
    );

describe('a lease', () => {
  it('is held by one of several processes, and passes on when that one ends', async () => {
    const first = aLease(0);
    await vi.waitFor(() => expect([...working]).toEqual([0]));
    const second = aLease(1);
    expect(await confirmed(first)).toBe(true);
    expect(await confirmed(second)).toBe('LeaseLostError');
    expect(second.isHeld()).toBe(false);
    await first.stop();
    await vi.waitFor(() => expect([...working]).toEqual([1]));
    expect(await confirmed(first)).toBe('LeaseLostError');
    expect(await confirmed(second)).toBe(true);
  });

  it('passes on when its holder is gone without a word, and not before its time is up', async () => {
    aLease(0);
    await vi.waitFor(() => expect([...working]).toEqual([0]));
    // Long enough for the holder to notice, which looks every third of its own time.
    await steal(OWNERS[2]!, 60_000);
    await vi.waitFor(() => expect([...working]).toEqual([]));
    const [row] = await database.sql<{ owner: string; left: boolean }[]>`select owner, until > now() as left from leases`;
    expect(row).toEqual({ owner: OWNERS[2], left: true });
    await steal(OWNERS[2]!, 0);
    await vi.waitFor(() => expect([...working]).toEqual([0]));
  });

  it('keeps one that does not know that it has lost it from writing', async () => {
    const lease = aLease(0, { ttlMs: 60_000 });
    await vi.waitFor(() => expect([...working]).toEqual([0]));
    await steal(OWNERS[1]!, 10_000);
    expect(lease.isHeld()).toBe(true);
    expect(await confirmed(lease)).toBe('LeaseLostError');
  });

  it('is tried again when the work fails', async () => {
    let attempts = 0;
    aLease(0, {
      work: async () => {
        attempts++;
        throw new Error('no');
      },
    });
    await vi.waitFor(() => expect(attempts).toBeGreaterThan(1));
  });
});

describe('positions in streams', () => {
  it('are kept by consumer and stream, and never go back', async () => {
    const store = createStreamCursorStore({ sql: database.sql });
    expect((await store.load('one')).size).toBe(0);
    await store.save(database.sql, 'one', 'numbers', { atMs: 5, sequence: 7 });
    await store.save(database.sql, 'one', 'numbers', { atMs: 4, sequence: 6 });
    await store.save(database.sql, 'other', 'numbers', { atMs: 1, sequence: 1 });
    expect([...(await store.load('one'))]).toEqual([['numbers', { atMs: 5, sequence: 7 }]]);
  });
});
