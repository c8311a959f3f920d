import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { ScanResult } from '../../src/domain/results/scan-result.ts';
import { createScanResultHistory } from '../../src/services/results/scan-result-history.ts';
import type { ScanResultQuery } from '../../src/services/results/scan-result-query.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { decodePosition, encodePosition } from '../../src/services/stream-log/cursor.ts';
import { createHeadPoller } from '../../src/services/stream-log/head-poller.ts';
import { createStreamFollower, type StreamFollower } from '../../src/services/stream-log/stream-follower.ts';
import { createStreamLog, type StreamLog } from '../../src/services/stream-log/stream-log.ts';
import { type DeliveryGrant, grantDelivery } from '../../src/services/subscriptions/delivery-grant.ts';
import { scanResultSubject } from '../../src/services/subscriptions/scan-result-subject.ts';
import { createStreamChannel, type StreamChannel } from '../../src/services/subscriptions/stream-channel.ts';
import type { StreamItem } from '../../src/services/subscriptions/stream-item.ts';
import { SubscriberTooSlowError } from '../../src/services/subscriptions/subscriber-too-slow-error.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { createUnreliableBus, type UnreliableBus } from '../support/unreliable-bus.ts';

const SYMBOLS = ['AAA', 'BBB', 'CCC'];
const GENEROUS = grantDelivery({}, { maximumBuffer: 100_000, bufferBytes: 1_000_000 });

let testDatabase: TestDatabase;
let database: Database;
let streamLog: StreamLog;
let bus: UnreliableBus;
let random: () => number;
let follower: StreamFollower<ScanResult>;
let channel: StreamChannel<ScanResult, ScanResultQuery>;
let followed: { bus: number; database: number };

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 6, statementTimeoutMs: 20_000, applicationName: 'live-delivery-test' });
  streamLog = createStreamLog({ sql: database.sql });
  random = seededRandom(42);
  bus = createUnreliableBus({ random });
  await begin();
});

afterEach(async () => {
  channel.stop();
  await follower.stop();
  await database.close();
  await testDatabase.drop();
});

async function begin({ keptRows = 20, replayLimit = 10_000 } = {}): Promise<void> {
  followed = { bus: 0, database: 0 };
  const log = pino({ level: 'silent' });
  follower = createStreamFollower<ScanResult>({
    stream: scanResultStream,
    streamLog,
    bus,
    log,
    metrics: {
      followed(_stream, source, rows) {
        followed[source] += rows;
      },
    },
    heads: createHeadPoller({ streamLog, log, intervalMs: 50 }),
    keptRows,
  });
  await follower.start();
  channel = createStreamChannel({
    subject: scanResultSubject(createScanResultHistory({ sql: database.sql }), null),
    follower,
    head: () => streamLog.head('scan-results'),
    now: () => performance.now(),
    replayLimit,
  });
}

/** Stores rows as any process would, and tells of them over the bus. */
async function append(symbols: readonly string[], { rollBack = false, announce = true } = {}): Promise<void> {
  const drafts = symbols.map((symbol) => aResultDraft({ symbol }));
  const rows = await database.sql
    .begin(async (transaction) => {
      const appended = await streamLog.append(transaction, scanResultStream, drafts, Date.now());
      if (rollBack) throw new Error('rolled back');
      return appended;
    })
    .catch((error: Error) => {
      if (error.message !== 'rolled back') throw error;
      return [];
    });
  if (rows.length > 0 && announce) bus.publish('scan-results', { firstSequence: rows[0]!.sequence, rows });
}

async function writeALot(batches: number): Promise<void> {
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (let batch = 0; batch < batches; batch++) {
        const symbols = Array.from({ length: 1 + Math.floor(random() * 5) }, () => SYMBOLS[Math.floor(random() * SYMBOLS.length)]!);
        await append(symbols, { rollBack: random() < 0.2, announce: random() > 0.1 });
        if (random() < 0.3) await delay(random() * 20);
      }
    }),
  );
}

async function stored(symbol: string | null): Promise<number[]> {
  const rows = await database.sql<{ sequence: number; symbol: string }[]>`select sequence, symbol from scan_results order by sequence`;
  return rows.filter((row) => symbol === null || row.symbol === symbol).map((row) => row.sequence);
}

interface Request {
  readonly symbol?: string;
  readonly after?: string | null;
  readonly snapshot?: number;
  readonly grant?: DeliveryGrant;
}

function subscribe({ symbol, after = null, snapshot = 0, grant = GENEROUS }: Request = {}): AsyncIterator<StreamItem<ScanResult>> {
  const query = symbol === undefined ? {} : { criteria: { symbols: { in: [symbol] } } };
  return channel.subscribe(query, { after, snapshot, grant, viewer: null })[Symbol.asyncIterator]();
}

const numbers = (item: StreamItem<ScanResult>) => item.rows.map((row) => row.sequence);

async function next(items: AsyncIterator<StreamItem<ScanResult>>): Promise<StreamItem<ScanResult>> {
  const { value, done } = await items.next();
  if (done) throw new Error('expected an item, the subscription ended');
  return value as StreamItem<ScanResult>;
}

describe('a follower', () => {
  it('gives every row once and in order, over a bus that loses, repeats and reorders, with several writers', async () => {
    const seen: number[] = [];
    follower.follow((rows) => seen.push(...rows.map((row) => row.sequence)));
    await writeALot(40);
    bus.settle();
    await vi.waitFor(async () => expect(seen).toEqual(await stored(null)));
    expect(followed.bus).toBeGreaterThan(0);
    expect(followed.database).toBeGreaterThan(0);
    expect(followed.bus + followed.database).toBe(seen.length);
  });

  it('gets to know of rows that nobody announced', async () => {
    const seen: number[] = [];
    follower.follow((rows) => seen.push(...rows.map((row) => row.sequence)));
    await append(['AAA', 'BBB'], { announce: false });
    await vi.waitFor(() => expect(seen).toEqual([1, 2]));
    expect(follower.keptAfter({ atMs: 0, sequence: 0 })?.map((row) => row.symbol)).toEqual(['AAA', 'BBB']);
  });

  it('begins behind what is there', async () => {
    await append(['AAA'], { announce: false });
    await follower.stop();
    await begin();
    expect(follower.position().sequence).toBe(1);
    expect(follower.keptAfter({ atMs: 0, sequence: 0 })).toBeNull();
    expect(follower.keptAfter(follower.position())).toEqual([]);
  });
});

describe('a subscription', () => {
  it('begins with a cursor although there is nothing yet, and goes on live', async () => {
    const items = subscribe();
    const first = await next(items);
    expect(first).toMatchObject({ phase: 'SNAPSHOT', rows: [], missed: 0, missedSince: null, delivery: GENEROUS });
    expect(decodePosition('scan-results', first.cursor)).toEqual({ atMs: 0, sequence: 0 });
    const pending = next(items);
    await append(['AAA', 'BBB']);
    const live = await pending;
    expect(live.phase).toBe('LIVE');
    expect(numbers(live)).toEqual([1, 2]);
    expect(decodePosition('scan-results', live.cursor).sequence).toBe(2);
  });

  it('begins with the newest matching rows, oldest first', async () => {
    for (let batch = 0; batch < 4; batch++) await append(['AAA', 'BBB']);
    await vi.waitFor(() => expect(follower.position().sequence).toBe(8));
    const first = await next(subscribe({ symbol: 'AAA', snapshot: 3 }));
    expect(first.phase).toBe('SNAPSHOT');
    expect(numbers(first)).toEqual([3, 5, 7]);
    expect(decodePosition('scan-results', first.cursor).sequence).toBe(8);
  });

  it('replays page by page, from the database and then from memory', async () => {
    for (let batch = 0; batch < 60; batch++) await append(['AAA', 'BBB', 'AAA', 'AAA', 'AAA'], { announce: batch >= 57 });
    await vi.waitFor(() => expect(follower.position().sequence).toBe(300));
    const items = subscribe({ symbol: 'AAA', after: encodePosition('scan-results', { atMs: 0, sequence: 0 }) });
    const read: number[] = [];
    const sizes: number[] = [];
    while (read.at(-1) !== 300) {
      const item = await next(items);
      expect(item.phase).toBe('REPLAY');
      sizes.push(item.rows.length);
      read.push(...numbers(item));
    }
    expect(read).toEqual(await stored('AAA'));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(sizes.length).toBeGreaterThan(2);
  });

  it('tells who missed too much how much it was and since when, and goes on live', async () => {
    for (let batch = 0; batch < 30; batch++) await append(['AAA', 'BBB'], { announce: false });
    await follower.stop();
    await begin({ replayLimit: 29 });
    const after = encodePosition('scan-results', { atMs: 0, sequence: 0 });
    const items = subscribe({ symbol: 'AAA', after });
    expect(await next(items)).toMatchObject({ phase: 'REPLAY', rows: [], missed: 30, missedSince: after });
    const pending = next(items);
    await vi.waitFor(() => expect(channel.groups()).toBe(1));
    await append(['AAA']);
    expect(numbers(await pending)).toEqual([61]);
  });

  it('refuses the cursor of a place that does not exist', async () => {
    await append(['AAA']);
    await expect(next(subscribe({ after: encodePosition('scan-results', { atMs: Date.now(), sequence: 7 }) }))).rejects.toThrow(
      'expected a cursor of this stream, whose newest number is 1, got one of number 7',
    );
    expect(() => subscribe({ after: 'nonsense' })).toThrow('expected a cursor of 28 base64url characters');
    expect(channel.subscribers()).toBe(0);
  });

  it('takes the cursor of a place that only another process has heard of yet, and repeats nothing', async () => {
    await append(['AAA', 'AAA'], { announce: false });
    const items = subscribe({ after: encodePosition('scan-results', { atMs: Date.now(), sequence: 2 }) });
    expect(await next(items)).toMatchObject({ phase: 'REPLAY', rows: [] });
    const pending = next(items);
    await vi.waitFor(() => expect(follower.position().sequence).toBe(2));
    await append(['BBB'], { announce: false });
    expect(numbers(await pending)).toEqual([3]);
  });

  it('of many that come, go and come back while several write, each gets exactly what it asked for', async () => {
    let writing = true;
    const subscriber = async (symbol: string | null) => {
      const got: number[] = [];
      let cursor: string | null = null;
      let firstSequence: number | null = null;
      let items: AsyncIterator<StreamItem<ScanResult>> | null = null;
      let pending: Promise<StreamItem<ScanResult>> | null = null;
      for (;;) {
        items ??= subscribe({ ...(symbol && { symbol }), after: cursor, snapshot: cursor === null ? 2 : 0 });
        pending ??= next(items);
        const item = await Promise.race([pending, delay(100).then(() => null)]);
        if (item === null) {
          if (!writing && got.at(-1) === (await stored(symbol)).at(-1)) break;
          continue;
        }
        pending = null;
        firstSequence ??= numbers(item)[0] ?? decodePosition('scan-results', item.cursor).sequence + 1;
        expect(item.missed).toBe(0);
        got.push(...numbers(item));
        cursor = item.cursor;
        if (random() < 0.15) {
          await items.return!();
          items = null;
          if (random() < 0.5) await delay(random() * 30);
        } else if (random() < 0.1) await delay(random() * 30);
      }
      pending?.catch(() => {});
      await items.return!();
      expect(got).toEqual((await stored(symbol)).filter((sequence) => sequence >= firstSequence!));
      return got.length;
    };
    // One after the other while rows are written, however fast that goes.
    const subscribers = Array.from({ length: 12 }, async (_, index) => {
      await vi.waitUntil(() => follower.position().sequence >= index * 10, { interval: 1 });
      return subscriber([null, ...SYMBOLS][index % 4]!);
    });
    await writeALot(60);
    bus.settle();
    writing = false;
    const counts = await Promise.all(subscribers);
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(channel.subscribers()).toBe(0);
    expect(channel.groups()).toBe(0);
  });

  it('ends with an error when it does not take what comes, and can go on from its last cursor', async () => {
    const items = subscribe({ grant: { ...GENEROUS, buffer: 4 } });
    const { cursor } = await next(items);
    void items.next();
    await vi.waitFor(() => expect(channel.groups()).toBe(1));
    for (let batch = 1; batch <= 4; batch++) {
      await append(['AAA', 'BBB'], { announce: false });
      await vi.waitFor(() => expect(follower.position().sequence).toBe(2 * batch));
    }
    expect(channel.subscribers()).toBe(0);
    await expect(next(items)).rejects.toThrow(SubscriberTooSlowError);
    const again = subscribe({ after: cursor });
    const read: number[] = [];
    while (read.length < 8) read.push(...numbers(await next(again)));
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('shares a group with those that want the same in the same way', async () => {
    const same = [subscribe({ symbol: 'AAA' }), subscribe({ symbol: 'AAA', snapshot: 5 }), subscribe({ symbol: 'AAA' })];
    const other = [subscribe({ symbol: 'BBB' }), subscribe({ symbol: 'AAA', grant: { ...GENEROUS, contract: 'LATEST' } })];
    await Promise.all([...same, ...other].map(next));
    const pending = [...same, ...other].map(next);
    await vi.waitFor(() => expect(channel.groups()).toBe(3));
    expect(channel.subscribers()).toBe(5);
    await append(['AAA', 'BBB', 'AAA'], { announce: false });
    const got = await Promise.all(pending);
    expect(got.map(numbers)).toEqual([[1, 3], [1, 3], [1, 3], [2], [3]]);
    expect(got[0]!.rows).toBe(got[1]!.rows);
  });

  it('completes when the server stops, whatever it was doing', async () => {
    const begun = subscribe();
    await next(begun);
    const waiting = begun.next();
    const fresh = subscribe();
    await vi.waitFor(() => expect(channel.groups()).toBe(1));
    channel.stop();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await fresh.next()).toEqual({ done: true, value: undefined });
    expect(channel.subscribers()).toBe(0);
  });
});
