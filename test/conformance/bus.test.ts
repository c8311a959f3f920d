import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusMessage } from '../../src/services/bus/bus.ts';
import { BUS_FORMAT_VERSION } from '../../src/services/bus/bus-format.ts';
import { createBusMetrics } from '../../src/services/bus/bus-metrics.ts';
import { createInProcessBus } from '../../src/services/bus/in-process-bus.ts';
import { createRedisBus } from '../../src/services/bus/redis-bus.ts';
import { logTo } from '../support/log-to.ts';
import { startTestRedis, type TestRedis } from '../support/test-redis.ts';

interface LogEntry {
  readonly level: number;
  readonly msg: string;
}

let redis: TestRedis;
let logs: LogEntry[];
let buses: Bus[];
const registries = new WeakMap<Bus, Registry>();
/** The Redis of TEST_REDIS_URL is shared with others. */
let channel: string;

beforeAll(async () => {
  redis = await startTestRedis();
});

afterAll(() => redis.close());

beforeEach(() => {
  logs = [];
  buses = [];
  channel = `results-${randomUUID()}`;
});

afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()));
  // One that failed leaves nothing to the next.
  redis.resume();
  await redis.start();
});

async function started(bus: Bus): Promise<Bus> {
  buses.push(bus);
  await bus.start();
  return bus;
}

const inProcessBus = () => started(createInProcessBus({ log: logTo(logs) }));

interface RedisBusOptions {
  readonly url?: string;
  readonly databaseIdentity?: string;
  /** Long enough that a busy machine is not taken for a Redis that hangs. */
  readonly lookIntervalMs?: number;
}

/** As a process of its own would have it; comes back after the shortest pauses. */
async function redisBus({ url = redis.url, databaseIdentity = 'one', lookIntervalMs = 1_000 }: RedisBusOptions = {}): Promise<Bus> {
  const registry = new Registry();
  const bus = createRedisBus({
    url,
    description: 'tested',
    databaseIdentity,
    processId: randomUUID(),
    log: logTo(logs),
    metrics: createBusMetrics(registry),
    random: () => 0,
    lookIntervalMs,
  });
  registries.set(bus, registry);
  return started(bus);
}

async function healthyRedisBus(options?: RedisBusOptions): Promise<Bus> {
  const bus = await redisBus(options);
  await isHealthy(bus);
  return bus;
}

/** How many messages a bus has counted, of one reason where it counts by reason. */
async function counted(bus: Bus, what: 'published' | 'received' | 'ignored' | 'dropped', reason?: string): Promise<number> {
  const { values } = await registries.get(bus)!.getSingleMetric(`strikewire_bus_messages_${what}_total`)!.get();
  return values.filter(({ labels }) => reason === undefined || labels.reason === reason).reduce((sum, { value }) => sum + value, 0);
}

const isHealthy = (bus: Bus, expected = true) => vi.waitFor(() => expect(bus.isHealthy()).toBe(expected));

const message = (firstSequence: number): BusMessage => ({
  firstSequence,
  rows: [{ sequence: firstSequence, symbol: 'ÄΩ', delta: -0.25, iv: null }],
});

const sequences = (messages: readonly BusMessage[]) => messages.map(({ firstSequence }) => firstSequence);

function received(bus: Bus, of = channel): BusMessage[] {
  const messages: BusMessage[] = [];
  bus.subscribe(of, (each) => messages.push(each));
  return messages;
}

describe.each([
  { name: 'in one process', makePair: () => inProcessBus().then((bus) => [bus, bus] as const) },
  { name: 'over Redis', makePair: () => Promise.all([healthyRedisBus(), healthyRedisBus()]) },
])('a bus $name', ({ makePair }) => {
  let here: Bus;
  /** A bus that the same messages reach: of another process where the adapter goes between processes. */
  let there: Bus;

  beforeEach(async () => {
    [here, there] = await makePair();
  });

  it('reaches the handlers of its own process before publish returns', () => {
    const messages = received(here);
    here.publish(channel, message(1));
    expect(messages).toEqual([message(1)]);
  });

  it('reaches every handler everywhere once, in the order of the publisher, with every value', async () => {
    const [mine, first, second, back] = [received(here), received(there), received(there), received(here, `${channel}-back`)];
    const published = Array.from({ length: 200 }, (_, index) => message(index + 1));
    for (const each of published) here.publish(channel, each);
    await vi.waitFor(() => expect(first).toHaveLength(published.length));
    // What came back to its publisher would have come before this.
    there.publish(`${channel}-back`, message(1));
    await vi.waitFor(() => expect(back).toHaveLength(1));
    expect(mine).toEqual(published);
    expect(first).toEqual(published);
    expect(second).toEqual(published);
  });

  it('carries a full batch of large rows whole', async () => {
    const large: BusMessage = {
      firstSequence: 1,
      rows: Array.from({ length: 1_000 }, (_, index) => ({ sequence: index + 1, reasons: ['Ω'.repeat(2_000), String(index)] })),
    };
    const messages = received(there);
    here.publish(channel, large);
    here.publish(channel, message(1_001));
    await vi.waitFor(() => expect(messages).toHaveLength(2));
    expect(messages).toEqual([large, message(1_001)]);
  });

  it('keeps channels apart, also where one is the beginning of the other', async () => {
    const [short, long] = [received(there), received(there, `${channel}-more`)];
    here.publish(`${channel}-more`, message(1));
    here.publish(channel, message(2));
    await vi.waitFor(() => expect(short).toHaveLength(1));
    expect(sequences(short)).toEqual([2]);
    expect(sequences(long)).toEqual([1]);
  });

  it('ends a subscription alone, and twice as once', async () => {
    const ended: BusMessage[] = [];
    const end = there.subscribe(channel, (each) => ended.push(each));
    const staying = received(there);
    end();
    end();
    here.publish(channel, message(1));
    await vi.waitFor(() => expect(staying).toHaveLength(1));
    expect(ended).toEqual([]);
  });

  it('logs a handler that throws, and reaches the others', async () => {
    there.subscribe(channel, () => {
      throw new Error('broken handler');
    });
    const messages = received(there);
    expect(() => here.publish(channel, message(1))).not.toThrow();
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(logs.filter(({ level }) => level === 50)).toMatchObject([
      { msg: 'a bus handler failed', channel, err: { message: 'broken handler' } },
    ]);
  });

  it('does not throw when it is used after its stop, and stops twice as once', async () => {
    await here.stop();
    await here.stop();
    expect(() => here.publish(channel, message(1))).not.toThrow();
  });
});

describe('a bus over Redis', () => {
  it('goes on alone while Redis is away, says so, and reaches the others when it is back', async () => {
    const [here, there] = await Promise.all([healthyRedisBus(), healthyRedisBus()]);
    const [mine, theirs] = [received(here), received(there)];
    await redis.stop();
    await Promise.all([isHealthy(here, false), isHealthy(there, false)]);
    here.publish(channel, message(1));
    expect(sequences(mine)).toEqual([1]);
    await redis.start();
    await Promise.all([isHealthy(here), isHealthy(there)]);
    let sequence = 1;
    // The two connections of a bus come back one after the other.
    await vi.waitFor(() => {
      here.publish(channel, message(++sequence));
      expect(theirs).not.toEqual([]);
    });
    // What was published while it was away is left to the database.
    expect(sequences(theirs)).not.toContain(1);
    expect(logs.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['bus away, events reach other processes through the database only', 'bus connected']),
    );
  });

  it('waits in the background for a Redis that is not there at the start, and says so', async () => {
    await redis.stop();
    const bus = await redisBus();
    expect(bus.isHealthy()).toBe(false);
    expect(logs.filter(({ level }) => level >= 40)).toHaveLength(1);
    const mine = received(bus);
    bus.publish(channel, message(1));
    expect(sequences(mine)).toEqual([1]);
    expect(await counted(bus, 'dropped', 'away')).toBe(1);
    await redis.start();
    await isHealthy(bus);
  });

  it('does not wait at the start for a Redis that hangs, and finds it when it goes on', async () => {
    redis.pause();
    const bus = await redisBus({ lookIntervalMs: 50 });
    expect(bus.isHealthy()).toBe(false);
    redis.resume();
    await isHealthy(bus);
  });

  it('notices a Redis that hangs, goes on alone, and reaches the others when it answers again', async () => {
    const [here, there] = await Promise.all([healthyRedisBus({ lookIntervalMs: 100 }), healthyRedisBus({ lookIntervalMs: 100 })]);
    const theirs = received(there);
    redis.pause();
    await Promise.all([isHealthy(here, false), isHealthy(there, false)]);
    here.publish(channel, message(1));
    expect(await counted(here, 'dropped', 'away')).toBe(1);
    redis.resume();
    let sequence = 1;
    // A busy machine may be taken for a Redis that hangs once more.
    await vi.waitFor(() => {
      expect([here.isHealthy(), there.isHealthy()]).toEqual([true, true]);
      here.publish(channel, message(++sequence));
      expect(theirs).not.toEqual([]);
    });
    expect(sequences(theirs)).not.toContain(1);
  });

  it('holds no more than a bounded amount of messages for a Redis that does not answer', async () => {
    // Before it notices that Redis hangs.
    const [here, there] = await Promise.all([healthyRedisBus({ lookIntervalMs: 60_000 }), healthyRedisBus({ lookIntervalMs: 60_000 })]);
    const theirs = received(there);
    redis.pause();
    const text = 'x'.repeat(1_000_000);
    for (let sequence = 1; sequence <= 40; sequence++) here.publish(channel, { firstSequence: sequence, rows: [{ text }] });
    expect(await counted(here, 'dropped', 'backlog')).toBe(24);
    redis.resume();
    await vi.waitFor(() => expect(theirs).toHaveLength(16));
    expect(sequences(theirs)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    await vi.waitFor(async () => expect(await counted(here, 'published')).toBe(16));
    here.publish(channel, message(41));
    await vi.waitFor(() => expect(sequences(theirs).at(-1)).toBe(41));
  });

  it.skipIf(process.env.TEST_REDIS_URL).each([
    { link: 'publishing', isOne: (line: string) => line.includes(' psub=0 ') },
    { link: 'receiving', isOne: (line: string) => line.includes(' psub=1 ') },
  ])('is whole again after only the $link connection was lost', async ({ isOne }) => {
    const [here, there] = await Promise.all([healthyRedisBus(), healthyRedisBus()]);
    const [mine, theirs] = [received(here), received(there)];
    const admin = new Redis(redis.url);
    const lines = String(await admin.client('LIST')).split('\n');
    const self = String(await admin.client('ID'));
    for (const line of lines.filter(isOne)) {
      const id = /^id=(\d+) /.exec(line)![1]!;
      if (id !== self) await admin.client('KILL', 'ID', id);
    }
    admin.disconnect();
    await vi.waitFor(() => expect(logs.filter(({ msg }) => msg === 'bus connected')).toHaveLength(4));
    expect([here.isHealthy(), there.isHealthy()]).toEqual([true, true]);
    expect(logs.filter(({ level }) => level >= 40)).toHaveLength(2);
    here.publish(channel, message(1));
    await vi.waitFor(() => expect(sequences(theirs)).toEqual([1]));
    there.publish(channel, message(2));
    await vi.waitFor(() => expect(sequences(mine)).toEqual([1, 2]));
  });

  it.skipIf(process.env.TEST_REDIS_URL)('is not healthy while Redis refuses its messages or its subscription, and asks again', async () => {
    const admin = new Redis(redis.url);
    const url = new URL(redis.url);
    url.username = 'limited';
    url.password = 'secret';
    await admin.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '&*', '+@all', '-publish', '-psubscribe');
    const bus = await redisBus({ url: url.href });
    expect(bus.isHealthy()).toBe(false);
    await admin.call('ACL', 'SETUSER', 'limited', '+psubscribe');
    await isHealthy(bus);
    bus.publish(channel, message(1));
    await isHealthy(bus, false);
    expect(await counted(bus, 'dropped', 'refused')).toBe(1);
    await admin.call('ACL', 'SETUSER', 'limited', '+publish');
    bus.publish(channel, message(2));
    await isHealthy(bus);
    expect(await counted(bus, 'published')).toBe(1);
    // Once for each refusal, however often it was met.
    expect(logs.filter(({ level }) => level >= 40)).toHaveLength(2);
    expect(JSON.stringify(logs)).not.toContain('secret');
    admin.disconnect();
  });

  it('delivers to its own process while Redis hangs, and to the others afterwards', async () => {
    const [here, there] = await Promise.all([healthyRedisBus(), healthyRedisBus()]);
    const [mine, theirs] = [received(here), received(there)];
    redis.pause();
    here.publish(channel, message(1));
    expect(sequences(mine)).toEqual([1]);
    redis.resume();
    await vi.waitFor(() => expect(sequences(theirs)).toEqual([1]));
  });

  it('ignores what is not a message of ours and what another version sent, counts both, and logs the former', async () => {
    const bus = await healthyRedisBus();
    const messages = received(bus);
    const stranger = new Redis(redis.url);
    const send = (text: string) => stranger.publish(`strikewire:one:${channel}`, text);
    const version = BUS_FORMAT_VERSION;
    for (const text of ['no JSON', 'null', '{}', JSON.stringify({ version, from: 'x', message: { firstSequence: '1', rows: [] } })]) {
      await send(text);
    }
    await send(JSON.stringify({ version: version + 1, from: 'x', message: message(6) }));
    await send(JSON.stringify({ version, from: 'x', message: message(7) }));
    stranger.disconnect();
    await vi.waitFor(() => expect(messages).toEqual([message(7)]));
    expect(logs.filter(({ msg }) => msg === 'bus message is malformed, ignored')).toHaveLength(4);
    expect(await counted(bus, 'ignored', 'malformed')).toBe(4);
    expect(await counted(bus, 'ignored', 'other-version')).toBe(1);
    expect(await counted(bus, 'received')).toBe(1);
  });

  it('does not hear servers of another database over the same Redis', async () => {
    const [here, there, other] = await Promise.all([
      healthyRedisBus(),
      healthyRedisBus(),
      healthyRedisBus({ databaseIdentity: 'one-other' }),
    ]);
    const [mine, theirs, others] = [received(here), received(there), received(other)];
    other.publish(channel, message(1));
    here.publish(channel, message(2));
    await vi.waitFor(() => expect(sequences(theirs)).toEqual([2]));
    other.publish(channel, message(3));
    there.publish(channel, message(4));
    await vi.waitFor(() => expect(sequences(mine)).toEqual([2, 4]));
    expect(sequences(theirs)).toEqual([2, 4]);
    expect(sequences(others)).toEqual([1, 3]);
  });

  it('counts what it published and what came from others, not its own', async () => {
    const [here, there] = await Promise.all([healthyRedisBus(), healthyRedisBus()]);
    const theirs = received(there);
    for (const sequence of [1, 2, 3]) here.publish(channel, message(sequence));
    await vi.waitFor(() => expect(theirs).toHaveLength(3));
    await vi.waitFor(async () => expect(await counted(here, 'published')).toBe(3));
    expect(await counted(there, 'received')).toBe(3);
    expect(await counted(here, 'received')).toBe(0);
    expect(await counted(here, 'dropped')).toBe(0);
  });

  it('shows no password', async () => {
    const url = new URL(redis.url);
    url.password = 'secret';
    const bus = await redisBus({ url: url.href });
    await bus.stop();
    expect(JSON.stringify([bus.description, logs])).not.toContain('secret');
  });

  it.skipIf(process.env.TEST_REDIS_URL)('leaves no connection behind, and does not report its own stop as a loss', async () => {
    const watcher = new Redis(redis.url);
    const connections = async () =>
      String(await watcher.client('LIST'))
        .trim()
        .split('\n').length;
    const bus = await healthyRedisBus();
    // Those of others may be gone a moment later.
    await vi.waitFor(async () => expect(await connections()).toBe(3));
    await bus.stop();
    await vi.waitFor(async () => expect(await connections()).toBe(1));
    expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
    watcher.disconnect();
  });
});
