import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

/** In a window of as many seconds: long enough for everything that a test does within it. */
const BURST = 120;

let redis: TestRedis;
let database: TestDatabase;
let apps: TestApp[];

beforeAll(async () => {
  redis = await startTestRedis();
});

afterAll(() => redis.close());

async function start(operationsPerSecond: number): Promise<void> {
  database = await createTestDatabase();
  const env = { REDIS_URL: redis.url, LIMITS_ROLES: JSON.stringify({ LOCAL: { operationsPerSecond, burst: BURST } }) };
  // The first makes the tables.
  apps = [];
  for (let index = 0; index < 2; index++) apps.push(await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env }));
}

afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await database.drop();
});

const ask = (app: TestApp) => app.ask('{ viewer { limits { rateLeft { operations } } } }');
const limitIn = async (app: TestApp) => (await ask(app)).errors?.[0]?.extensions?.limit ?? null;
const isUp = (app: TestApp) => app.logs.filter(({ msg }) => msg === 'rates are limited over all processes again').length;
const isDown = (app: TestApp) => app.logs.filter(({ msg }) => String(msg).startsWith('Redis is away: each process')).length;

describe('two processes over one Redis', () => {
  it('admit together what one may admit, on all transports, and tell what is left of it', async () => {
    // The window does not end in between.
    await start(1);
    const [one, other] = apps as [TestApp, TestApp];
    const socket = await openRawSocket(other.webSocketUrl).initialised();
    for (let count = 0; count < BURST / 2; count++) {
      expect((await ask(one)).data.viewer.limits.rateLeft.operations).toBe(BURST - 2 * count - 1);
      const id = `o${count}`;
      socket.send({ id, type: 'subscribe', payload: { query: '{ viewer { limits { rateLeft { operations } } } }' } });
      const { payload } = await socket.frame((frame) => frame.id === id);
      expect(payload.data.viewer.limits.rateLeft.operations).toBe(BURST - 2 * count - 2);
    }
    expect(await limitIn(one)).toBe('operationsPerSecond');
    expect(await limitIn(other)).toBe('operationsPerSecond');
    socket.send({ id: 'last', type: 'subscribe', payload: { query: '{ __typename }' } });
    expect((await socket.frame(({ id }) => id === 'last')).payload[0].extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'operationsPerSecond',
      allowed: BURST,
    });
    socket.socket.close();
  });

  it('lose Redis: nobody is refused because of it, each process holds its own limit, and they share again when it is back', async () => {
    await start(1);
    const [one, other] = apps as [TestApp, TestApp];
    for (let count = 0; count < 10; count++) expect(await limitIn(one)).toBeNull();
    await redis.stop();
    // Whether or not a process has noticed.
    for (let count = 0; count < BURST - 10; count++) expect(await limitIn(one)).toBeNull();
    expect(await limitIn(one)).toBe('operationsPerSecond');
    for (let count = 0; count < 5; count++) expect(await limitIn(other)).toBeNull();
    await redis.start();
    await expect.poll(() => apps.map(isUp)).toEqual([1, 1]);
    expect(apps.map(isDown)).toEqual([1, 1]);
    // Redis forgot; what a process has counted itself it has not.
    expect(await limitIn(one)).toBe('operationsPerSecond');
    expect(await limitIn(other)).toBeNull();
  });

  it('go on while Redis hangs', async () => {
    await start(1);
    const [one] = apps as [TestApp];
    redis.pause();
    try {
      for (let count = 0; count < BURST; count++) expect(await limitIn(one)).toBeNull();
      expect(await limitIn(one)).toBe('operationsPerSecond');
    } finally {
      redis.resume();
    }
  });
});
