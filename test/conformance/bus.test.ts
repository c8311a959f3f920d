import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusMessage } from '../../src/services/bus/bus.ts';
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
});

async function started(bus: Bus): Promise<Bus> {
  buses.push(bus);
  await bus.start();
  return bus;
}

const inProcessBus = () => started(createInProcessBus({ log: logTo(logs) }));

/** As a process of its own would have it; comes back after the shortest pauses. */
async function redisBus(url = redis.url): Promise<Bus> {
  return await started(createRedisBus({ url, description: 'tested', processId: randomUUID(), log: logTo(logs), random: () => 0 }));
}

async function healthyRedisBus(): Promise<Bus> {
  const bus = await redisBus();
  await isHealthy(bus);
  return bus;
}

const isHealthy = (bus: Bus, expected = true) => vi.waitFor(() => expect(bus.isHealthy()).toBe(expected), { timeout: 10_000 });

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
      expect.arrayContaining(['bus lost, events reach other processes through the database only', 'bus connected']),
    );
  });

  it('waits in the background for a Redis that is not there at the start', async () => {
    await redis.stop();
    const bus = await redisBus();
    expect(bus.isHealthy()).toBe(false);
    const mine = received(bus);
    bus.publish(channel, message(1));
    expect(sequences(mine)).toEqual([1]);
    await redis.start();
    await isHealthy(bus);
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

  it('ignores what is not a message of ours, and logs it', async () => {
    const bus = await healthyRedisBus();
    const messages = received(bus);
    const stranger = new Redis(redis.url);
    for (const text of [
      'no JSON',
      'null',
      '{}',
      '{"from":"x","message":{"firstSequence":"1","rows":[]}}',
      '{"from":"x","message":{"firstSequence":1}}',
    ])
      await stranger.publish(`strikewire:${channel}`, text);
    await stranger.publish(`strikewire:${channel}`, JSON.stringify({ from: 'x', message: message(7) }));
    stranger.disconnect();
    await vi.waitFor(() => expect(messages).toEqual([message(7)]));
    expect(logs.filter(({ msg }) => msg === 'bus message is malformed, ignored')).toHaveLength(5);
  });

  it('shows no password', async () => {
    const url = new URL(redis.url);
    url.password = 'secret';
    const bus = await redisBus(url.href);
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
    expect(await connections()).toBe(3);
    await bus.stop();
    await vi.waitFor(async () => expect(await connections()).toBe(1));
    expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
    watcher.disconnect();
  });
});
