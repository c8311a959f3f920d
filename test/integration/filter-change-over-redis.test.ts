import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Bus } from '../../src/services/bus/bus.ts';
import { createRedisBus } from '../../src/services/bus/redis-bus.ts';
import { aCaller } from '../support/a-caller.ts';
import { type FilterProcess, startFilterProcess } from '../support/a-filter-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

const CHANGES = 100;
/** So long that nothing is found by looking: what arrives came over the bus. */
const NEVER_MS = 600_000;

let database: TestDatabase;
let redis: TestRedis;
let buses: Bus[];
let processes: FilterProcess[];
let publishedAtMs = 0;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startTestRedis()]);
  const nothing = () => {};
  const metrics = { published: nothing, received: nothing, ignored: nothing, dropped: nothing };
  const log = pino({ level: 'silent' });
  buses = Array.from({ length: 2 }, () =>
    createRedisBus({
      url: redis.url,
      description: 'test',
      databaseIdentity: database.url,
      processId: uuidv7(),
      log,
      metrics,
      random: Math.random,
      lookIntervalMs: 1_000,
    }),
  );
  processes = [];
  for (const bus of buses) {
    await bus.start();
    const { subscribe } = bus;
    const publish: Bus['publish'] = (channel, message) => {
      publishedAtMs = performance.now();
      bus.publish(channel, message);
    };
    processes.push(await startFilterProcess({ databaseUrl: database.url, bus: { publish, subscribe }, pollIntervalMs: NEVER_MS }));
  }
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await Promise.all(buses.map((bus) => bus.stop()));
  await Promise.all([redis.close(), database.drop()]);
});

async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) await setImmediate();
}

/** Milliseconds from a message to Redis until its answer. */
async function roundTrips(): Promise<number[]> {
  const client = new Redis(redis.url);
  const taken: number[] = [];
  for (let count = 0; count < CHANGES; count++) {
    const begunAtMs = performance.now();
    await client.ping();
    taken.push(performance.now() - begunAtMs);
  }
  await client.quit();
  return taken;
}

const told = (all: readonly number[]) => {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2);
  return `median ${at(0.5)} ms, 99 % ${at(0.99)} ms, most ${at(1)} ms`;
};

it('a change of a filter is in force in another process over Redis; how soon is printed', async () => {
  const [one, two] = processes as [FilterProcess, FilterProcess];
  await until(() => buses.every((bus) => bus.isHealthy()));
  const caller = aCaller();
  const input = { name: 'Measured', description: '', criteria: {}, enabled: true, visibility: 'SHARED' as const };
  const { id } = await one.filters.create(input, { caller, idempotencyKey: null });
  await until(() => two.registry.knownRevision(id) === 1);
  const taken: number[] = [];
  for (let revision = 1; revision <= CHANGES; revision++) {
    const criteria = { metrics: { score: { min: revision % 100 } } };
    const committed = one.filters.update(id, revision, { criteria }, { caller });
    await until(() => two.registry.knownRevision(id) > revision);
    taken.push(performance.now() - publishedAtMs);
    await committed;
    const inForce = two.registry.active().find(({ filter }) => filter.id === id);
    expect(inForce!.filter).toMatchObject({ revision: revision + 1, criteria });
  }
  console.info(`a filter's change, from its commit until it is in force in another process: ${told(taken)}`);
  console.info(`Redis, there and back: ${told(await roundTrips())}`);
});
