import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChaosEnvironment } from '../../../chaos/chaos-environment.ts';
import { hostile } from '../../../chaos/hostile.ts';
import { kill } from '../../../chaos/kill.ts';
import { redis } from '../../../chaos/redis.ts';
import { resume } from '../../../chaos/resume.ts';
import { stalled } from '../../../chaos/stalled.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../../support/test-redis.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
/** Servers start several times, each as a process of its own that compiles its sources. */
const TIMEOUT_MS = 600_000;

let testRedis: TestRedis;
let database: TestDatabase;

beforeAll(async () => {
  testRedis = await startTestRedis();
});

afterAll(async () => {
  await testRedis.close();
});

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await database.drop();
});

function environment(): ChaosEnvironment {
  return {
    databaseUrl: database.url,
    redis: testRedis,
    serverCommand: [process.execPath, '--import', 'tsx', MAIN],
    random: Math.random,
    print: () => {},
  };
}

describe('clients that follow live results written by two servers', { timeout: TIMEOUT_MS }, () => {
  it('resume after the last cursor when their sockets are cut, at whichever server: nothing lost, nothing doubled, in order', async () => {
    const { violations, counts } = await resume(environment(), { cuts: 60, followers: 10, simultaneous: 4 });
    expect(violations).toEqual([]);
    expect(counts['results delivered']).toBeGreaterThan(100);
  });

  it('get everything while Redis is gone, and while it hangs', async () => {
    const { violations, counts } = await redis(environment(), { cycles: 1, followers: 5, resultsPerState: 50 });
    expect(violations).toEqual([]);
    expect(counts['rows read from the database']).toBeGreaterThan(0);
  });

  it('move to the other server when theirs is killed', async () => {
    const { violations, counts } = await kill(environment(), { kills: 2, followers: 10, resultsPerKill: 50 });
    expect(violations).toEqual([]);
    expect(counts['clients that moved']).toBeGreaterThan(0);
  });

  it('are not held up by one that stops reading, which is closed and told why', async () => {
    const { violations, counts } = await stalled(environment(), { readers: 20, rounds: 1, resultsPerRound: 100, isTimed: false });
    expect(violations).toEqual([]);
    expect(counts['closed with 4413']).toBe(1);
  });
});

describe('what nobody should send', { timeout: TIMEOUT_MS }, () => {
  it('is refused clearly on every transport, and leaves nothing behind', async () => {
    const { violations, counts } = await hostile(environment(), { documents: 60, longDocuments: 30, rounds: 1, connections: 400 });
    expect(violations).toEqual([]);
    expect(counts['HTTP 400 BAD_REQUEST']).toBeGreaterThan(10);
    expect(counts['frames closed 1002']).toBeGreaterThan(10);
  });
});
