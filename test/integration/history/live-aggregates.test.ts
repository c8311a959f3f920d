import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Viewer } from '../../../src/domain/access/viewer.ts';
import { LOCAL_ADMIN } from '../../../src/domain/access/viewer.ts';
import { LimitExceededError } from '../../../src/domain/errors/limit-exceeded-error.ts';
import { ROLLUP_METRICS } from '../../../src/domain/rollups/rollup-metric.ts';
import type { AggregateSeries } from '../../../src/services/history/aggregate-request.ts';
import { type AggregateService, createAggregateService } from '../../../src/services/history/aggregate-service.ts';
import { createLiveAggregates, type LiveAggregates, type LiveSelection } from '../../../src/services/history/live-aggregates.ts';
import { createRowAggregates } from '../../../src/services/history/row-aggregates.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';
import { aRollupProcess, type RollupProcess, type RollupRowSeed } from '../../support/a-rollup-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2019, 2, 4, 12);
const LATENESS_MS = 5 * MINUTE_MS;
const PRIVATE = '01900000-0000-7000-8000-000000000001';

let database: TestDatabase;
let process: RollupProcess;
let aggregates: AggregateService;
let live: LiveAggregates;
let hiddenFromBob: readonly string[];
let readings: number;
/** How far the clock is ahead. */
let aheadMs: number;
const opened: Reader[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  process = aRollupProcess(database.url);
  hiddenFromBob = [];
  readings = 0;
  aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => performance.now() });
  aggregates = createAggregateService({
    reader: process.reader,
    rows: createRowAggregates({ sql: process.database.sql }),
    slicer,
    clock,
    latenessMs: LATENESS_MS,
  });
  live = createLiveAggregates({
    aggregates: {
      series(request) {
        readings++;
        return aggregates.series(request);
      },
    },
    reader: process.reader,
    changes: process.changes,
    hiddenFilterIds: ({ subject }) => (subject === 'bob' ? hiddenFromBob : []),
    log: pino({ level: 'silent' }),
    clock,
    latenessMs: LATENESS_MS,
    intervalMs: 20,
    bufferBytes: 1_000_000,
  });
});

afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.stop();
  live.stop();
  await process.close();
  await database.drop();
});

const aSelection = (overrides: Partial<LiveSelection> = {}): LiveSelection => ({
  metric: ROLLUP_METRICS.find(({ name }) => name === 'RESULT_SCORE')!,
  interval: 'MINUTE_1',
  timeZone: 'UTC',
  groupBy: [],
  where: {},
  criteria: null,
  withPercentiles: true,
  ...overrides,
});

const bob: Viewer = { ...LOCAL_ADMIN, kind: 'TOKEN', subject: 'bob', roles: ['ANALYST'] };

const aSeed = (minute: number, value: number, overrides: Partial<RollupRowSeed> = {}): RollupRowSeed => ({
  quotedAtMs: NOON + minute * MINUTE_MS,
  filter: 0,
  symbol: 'AAA',
  strategy: 'BULL_PUT_SPREAD',
  value,
  ...overrides,
});

/** Stores rows and rolls them up. */
async function store(...seeds: RollupRowSeed[]): Promise<void> {
  await process.append(seeds);
  await process.refresher.refresh();
}

interface Reader {
  /** What has been told so far: minute, values, whether final; one line for each bucket. */
  readonly told: string[];
  readonly series: AggregateSeries[];
  /** Resolves when the subscription is over. */
  readonly over: Promise<void>;
  stop(): Promise<unknown>;
}

function read(selection: LiveSelection, viewer: Viewer = LOCAL_ADMIN): Reader {
  const iterator = live.subscribe(selection, viewer)[Symbol.asyncIterator]();
  const told: string[] = [];
  const series: AggregateSeries[] = [];
  const run = async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      series.push(next.value);
      for (const { dimensions, buckets } of next.value.groups) {
        for (const { startMs, count, isFinal } of buckets) {
          told.push(`${dimensions.symbol ?? 'all'} ${(startMs - NOON) / MINUTE_MS}: ${count}${isFinal ? ' final' : ''}`);
        }
      }
    }
  };
  const over = run();
  // Who waits for it is told.
  over.catch(() => {});
  const reader = { told, series, over, stop: () => iterator.return!() };
  opened.push(reader);
  return reader;
}

const begun = (reader: Reader) => vi.waitFor(() => expect(reader.series.length).toBeGreaterThan(0));

describe('live aggregates', () => {
  it('begin with the newest bucket, tell it as it grows, and once more when it is final', async () => {
    await store(aSeed(-9, 1), aSeed(0, 1));
    const reader = read(aSelection());
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1']));
    await store(aSeed(0, 2));
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1', 'all 0: 2']));
    await store(aSeed(7, 3));
    await vi.waitFor(() => expect(reader.told.toSorted()).toEqual(['all 0: 1', 'all 0: 2', 'all 0: 2 final', 'all 7: 1']));
  });

  it('tell that a bucket is final when nothing has come for it for long enough', async () => {
    await store(aSeed(0, 1));
    const reader = read(aSelection());
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1']));
    aheadMs = LATENESS_MS + MINUTE_MS;
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1', 'all 0: 1 final']));
  });

  it('tell a bucket again that something late has come for, and nothing else', async () => {
    await store(aSeed(0, 1), aSeed(20, 1));
    const reader = read(aSelection());
    await vi.waitFor(() => expect(reader.told).toEqual(['all 20: 1']));
    await store(aSeed(0, 5));
    await vi.waitFor(() => expect(reader.told).toEqual(['all 20: 1', 'all 0: 2 final']));
    await store(aSeed(0, 5));
    await vi.waitFor(() => expect(reader.told).toEqual(['all 20: 1', 'all 0: 2 final', 'all 0: 3 final']));
  });

  it('tell something at once where there is nothing yet, and the first bucket when it comes', async () => {
    const reader = read(aSelection());
    await begun(reader);
    expect(reader.series[0]).toMatchObject({ tier: 'MINUTE', groups: [] });
    await store(aSeed(0, 1));
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1']));
  });

  it('are read once for all who ask for the same', async () => {
    await store(aSeed(0, 1));
    const readers = Array.from({ length: 20 }, () => read(aSelection()));
    const others = [read(aSelection({ groupBy: ['SYMBOL'] })), read(aSelection({ interval: 'HOUR_1' }))];
    for (const reader of [...readers, ...others]) await begun(reader);
    expect(live.subscribers()).toBe(22);
    expect(live.feeds()).toBe(3);
    expect(readings).toBe(3);
    await store(aSeed(0, 2));
    for (const reader of readers) await vi.waitFor(() => expect(reader.told.at(-1)).toBe('all 0: 2'));
    await vi.waitFor(() => expect(others[0]!.told.at(-1)).toBe('AAA 0: 2'));
    expect(readings).toBeLessThanOrEqual(9);
  });

  it('hear nothing of hidden filters, also when they are hidden later', async () => {
    hiddenFromBob = [PRIVATE];
    await store(aSeed(0, 1), aSeed(0, 1, { filter: 1, symbol: 'PRIVATE' }));
    const [mine, his] = [read(aSelection({ groupBy: ['SYMBOL'] })), read(aSelection({ groupBy: ['SYMBOL'] }), bob)];
    await vi.waitFor(() => expect(mine.told.toSorted()).toEqual(['AAA 0: 1', 'PRIVATE 0: 1']));
    await vi.waitFor(() => expect(his.told).toEqual(['AAA 0: 1']));
    hiddenFromBob = [];
    await store(aSeed(0, 2));
    await vi.waitFor(() => expect(his.told).toContain('PRIVATE 0: 1'));
    hiddenFromBob = [PRIVATE];
    await store(aSeed(0, 2), aSeed(0, 1, { filter: 1, symbol: 'PRIVATE' }));
    await vi.waitFor(() => expect(mine.told).toContain('PRIVATE 0: 2'));
    await vi.waitFor(() => expect(his.told).toContain('AAA 0: 3'));
    await store(aSeed(1, 2));
    await vi.waitFor(() => expect(his.told).toContain('AAA 1: 1'));
    expect(his.told).not.toContain('PRIVATE 0: 2');
  });

  it('leave nothing behind: who leaves is forgotten, and the end of the server ends all', async () => {
    await store(aSeed(0, 1));
    const [one, two] = [read(aSelection()), read(aSelection())];
    await Promise.all([begun(one), begun(two)]);
    await one.stop();
    expect([live.subscribers(), live.feeds()]).toEqual([1, 1]);
    live.stop();
    await two.over;
    expect([live.subscribers(), live.feeds()]).toEqual([0, 0]);
    const late = read(aSelection());
    await late.over;
    expect(late.series).toEqual([]);
  });

  it('lose nothing while the database cannot be read', async () => {
    await store(aSeed(0, 1));
    const reader = read(aSelection());
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1']));
    const fail = vi.spyOn(aggregates, 'series').mockRejectedValue(new Error('the database is gone'));
    await store(aSeed(0, 2), aSeed(3, 2));
    await vi.waitFor(() => expect(fail).toHaveBeenCalled());
    fail.mockRestore();
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1', 'all 0: 2', 'all 3: 1']));
  });

  it('read a long range of changes in parts, the newest and the oldest at once', async () => {
    await store(aSeed(0, 1));
    const reader = read(aSelection());
    await begun(reader);
    await store(aSeed(-3_000, 1), aSeed(-1_400, 1), aSeed(1, 1));
    await vi.waitFor(() => expect(reader.told).toContain('all 1: 1'));
    await vi.waitFor(() => expect(reader.told).toContain('all -1400: 1 final'));
    const order = ['all -3000: 1 final', 'all 1: 1', 'all -1400: 1 final'].map((line) => reader.told.indexOf(line));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
  });

  it('read less at once when there are too many series, and end when that does not help', async () => {
    await store(aSeed(0, 1));
    const reader = read(aSelection());
    await begun(reader);
    const series = aggregates.series.bind(aggregates);
    let most = 40 * MINUTE_MS;
    const limited = vi.spyOn(aggregates, 'series').mockImplementation((request) => {
      const span = request.beforeMs - request.fromMs;
      return span > most ? Promise.reject(new LimitExceededError('buckets of all groups', most, span)) : series(request);
    });
    await store(aSeed(-100, 1), aSeed(1, 1));
    await vi.waitFor(() => expect(reader.told).toEqual(expect.arrayContaining(['all -100: 1 final', 'all 1: 1'])));
    most = 0;
    await store(aSeed(2, 1));
    await expect(reader.over).rejects.toThrow('expected at most 0 buckets of all groups');
    limited.mockRestore();
  });

  it('tell those who begin when it cannot be read, and begin again for the next', async () => {
    const fail = vi.spyOn(aggregates, 'series').mockRejectedValueOnce(new Error('the database is gone'));
    await expect(read(aSelection()).over).rejects.toThrow('the database is gone');
    expect(live.feeds()).toBe(0);
    fail.mockRestore();
    await store(aSeed(0, 1));
    const reader = read(aSelection());
    await vi.waitFor(() => expect(reader.told).toEqual(['all 0: 1']));
  });
});
