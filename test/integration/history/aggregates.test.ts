import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnName } from '../../../src/db/column-name.ts';
import type { AggregateBucket } from '../../../src/domain/rollups/aggregate-figures.ts';
import { bucketBounds } from '../../../src/domain/rollups/bucket-bounds.ts';
import { createBucketClock } from '../../../src/domain/rollups/bucket-clock.ts';
import { ROLLUP_INTERVAL_NAMES, ROLLUP_INTERVALS } from '../../../src/domain/rollups/rollup-interval.ts';
import type { RollupDimension } from '../../../src/domain/rollups/rollup-metric.ts';
import { SOURCE_DIMENSIONS } from '../../../src/domain/rollups/selection-issues.ts';
import type { AggregateRequest, AggregateSeries } from '../../../src/services/history/aggregate-request.ts';
import { type AggregateService, createAggregateService } from '../../../src/services/history/aggregate-service.ts';
import { createRowAggregates } from '../../../src/services/history/row-aggregates.ts';
import { ROLLUP_STREAMS } from '../../../src/services/rollups/rollup-streams.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';
import { aRollupProcess, type RollupProcess, type RollupRowSeed } from '../../support/a-rollup-process.ts';
import { aRollupRowSeed as aSeed } from '../../support/a-rollup-row-seed.ts';
import { anAggregateRequest as aRequest, rollupMetric as metricOf, NOON } from '../../support/an-aggregate-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LATENESS_MS = 15 * MINUTE_MS;
const COLUMNS: Readonly<Record<RollupDimension, string>> = { FILTER: 'filter_id', SYMBOL: 'symbol', STRATEGY: 'strategy' };
const filterId = (filter: number) => `01900000-0000-7000-8000-00000000000${filter}`;

let database: TestDatabase;
let process: RollupProcess;
let aggregates: AggregateService;
let now = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  database = await createTestDatabase();
  process = aRollupProcess(database.url);
  const { sql } = process.database;
  const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => performance.now() });
  now = Date.UTC(2026, 0, 1);
  aggregates = createAggregateService({
    reader: process.reader,
    rows: createRowAggregates({ sql }),
    slicer,
    clock: () => now,
    latenessMs: LATENESS_MS,
  });
});

afterEach(async () => {
  await process.close();
  await database.drop();
});

interface Row {
  readonly at: number;
  readonly value: number;
  readonly filter_id: string;
  readonly symbol: string;
  readonly strategy: string;
}

/** What the answer must be, computed from the rows one by one. */
async function expectedOf({ metric, interval, timeZone, fromMs, beforeMs, groupBy, where, hiddenFilterIds }: AggregateRequest) {
  const { table } = ROLLUP_STREAMS[metric.source];
  const rows = await process.database.sql.unsafe<Row[]>(
    `select *, quoted_at as at, ${columnName(metric.property)}::float8 as value from ${table}
    where ${columnName(metric.property)} is not null order by quoted_at, sequence`,
  );
  const bounds = bucketBounds(createBucketClock(interval, timeZone), fromMs, beforeMs);
  const groups = new Map<string, Map<number, number[]>>();
  for (const row of rows) {
    const start = bounds.findLast((ms) => ms <= row.at);
    if (start === undefined || start === bounds.at(-1)) continue;
    const isWanted = SOURCE_DIMENSIONS[metric.source].every(
      (dimension) => where[dimension]?.includes(row[COLUMNS[dimension] as never]) ?? true,
    );
    if (!isWanted || hiddenFilterIds.includes(row.filter_id)) continue;
    const key = groupBy.map((dimension) => row[COLUMNS[dimension] as never]).join(' ');
    const group = groups.get(key) ?? new Map<number, number[]>();
    groups.set(key, group);
    group.set(start, [...(group.get(start) ?? []), row.value]);
  }
  return groups;
}

function expectSeries(series: AggregateSeries, expected: Awaited<ReturnType<typeof expectedOf>>, { groupBy }: AggregateRequest): void {
  const names = { FILTER: 'filterId', SYMBOL: 'symbol', STRATEGY: 'strategy' } as const;
  const told = series.groups.filter(({ buckets }) => buckets.length > 0);
  const keys = told.map(({ dimensions }) => groupBy.map((dimension) => dimensions[names[dimension]]).join(' '));
  expect(keys.toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [index, { buckets }] of told.entries()) {
    const group = expected.get(keys[index]!)!;
    expect(buckets.map(({ startMs }) => startMs)).toEqual([...group.keys()].toSorted((one, other) => one - other));
    for (const bucket of buckets) expectBucket(bucket, group.get(bucket.startMs)!, series.percentileRelativeError);
  }
}

function expectBucket(bucket: AggregateBucket, values: readonly number[], relativeError: number): void {
  const sorted = values.toSorted((one, other) => one - other);
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  expect(bucket.count).toBe(values.length);
  near(bucket.sum, sum);
  near(bucket.avg, mean);
  expect([bucket.min, bucket.max]).toEqual([sorted[0], sorted.at(-1)]);
  expect([bucket.first, bucket.last]).toEqual([values[0], values.at(-1)]);
  if (values.length < 2) expect(bucket.stddev).toBeNull();
  else near(bucket.stddev, Math.sqrt(squares / (values.length - 1)));
  for (const [share, told] of [
    [0.5, bucket.p50],
    [0.95, bucket.p95],
    [0.99, bucket.p99],
  ] as const) {
    const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!;
    expect(Math.abs(told! - exact)).toBeLessThanOrEqual(Math.abs(exact) * relativeError * 1.000_001 + 1e-12);
  }
}

function near(told: number | null, exact: number): void {
  expect(Math.abs(told! - exact)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(exact)));
}

/** Moments of their own, so that first and last are known whatever is added up. */
const someSeeds = fc.uniqueArray(fc.integer({ min: -40 * HOUR_MS, max: 40 * HOUR_MS }), { minLength: 1, maxLength: 40 }).chain((offsets) =>
  fc.tuple(
    ...offsets.map((offset) =>
      fc.record<RollupRowSeed>({
        quotedAtMs: fc.constant(NOON + offset),
        filter: fc.integer({ min: 0, max: 2 }),
        symbol: fc.constantFrom('AAA', 'BBB'),
        strategy: fc.constantFrom('BULL_PUT_SPREAD', 'COVERED_CALL'),
        value: fc.option(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { freq: 8 }),
      }),
    ),
  ),
);

const someRequest = fc
  .record({
    metric: fc
      .constantFrom('RESULT_IMPLIED_VOLATILITY', 'RESULT_RETURN_ON_RISK', 'RESULT_SCORE', 'UNDERLYING_PRICE', 'SCAN_DURATION')
      .map(metricOf),
    interval: fc.constantFrom(...ROLLUP_INTERVAL_NAMES),
    timeZone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
    from: fc.integer({ min: -48, max: 10 }),
    hours: fc.integer({ min: 1, max: 60 }),
    groupBy: fc.subarray<RollupDimension>(['FILTER', 'SYMBOL', 'STRATEGY']),
    hidden: fc.boolean(),
    narrowed: fc.subarray<RollupDimension>(['FILTER', 'SYMBOL', 'STRATEGY']),
  })
  .map(({ metric, interval, timeZone, from, hours, groupBy, hidden, narrowed }) => {
    const known = SOURCE_DIMENSIONS[metric.source];
    const values = { FILTER: [filterId(0), filterId(1)], SYMBOL: ['AAA'], STRATEGY: ['COVERED_CALL'] };
    const where = Object.fromEntries(narrowed.filter((name) => known.includes(name)).map((name) => [name, values[name]]));
    const grouped = groupBy.filter((name) => known.includes(name));
    return aRequest({
      metric,
      interval,
      timeZone,
      fromMs: NOON + from * HOUR_MS,
      beforeMs: NOON + from * HOUR_MS + Math.min(hours * HOUR_MS, 3_000 * ROLLUP_INTERVALS[interval]),
      groupBy: metric.source === 'UNDERLYINGS' ? ['SYMBOL'] : grouped,
      where,
      hiddenFilterIds: hidden && metric.source === 'SCAN_RESULTS' ? [filterId(1)] : [],
    });
  });

describe('aggregates', () => {
  it('say what the rows say: rolled up, partly and not at all, in every interval, zone, grouping and narrowing', async () => {
    const { sql } = process.database;
    const compared = { MINUTE: 0, HOUR: 0, DAY: 0, RAW: 0 };
    await fc.assert(
      fc.asyncProperty(someSeeds, fc.array(someRequest, { minLength: 4, maxLength: 4 }), fc.nat(60), async (seeds, requests, rolledUp) => {
        await process.append(seeds);
        if (rolledUp > 0) for (const source of ['SCAN_RESULTS', 'UNDERLYINGS', 'SCANS'] as const) await process.rollUp(source, rolledUp);
        for (const request of requests) {
          const series = await aggregates.series(request);
          expectSeries(series, await expectedOf(request), request);
          compared[series.tier] += series.groups.reduce((sum, { buckets }) => sum + buckets.length, 0);
        }
        await sql`truncate scan_results, underlying_observations, scan_reports, rollup_minutes, rollup_hours, rollup_days`;
        await sql`update stream_positions set sequence = head.last_sequence, at = head.last_at from stream_heads as head where head.stream = stream_positions.stream`;
      }),
      { numRuns: 40 },
    );
    for (const buckets of Object.values(compared)) expect(buckets).toBeGreaterThan(0);
  });

  it('of criteria are those of the rows that match', async () => {
    await process.append([aSeed({ value: 10 }), aSeed({ value: 30, quotedAtMs: NOON + 1 }), aSeed({ value: 50, quotedAtMs: NOON + 2 })]);
    const series = await aggregates.series(
      aRequest({ metric: metricOf('RESULT_SCORE'), criteria: { metrics: { score: { min: 20, max: 40 } } } }),
    );
    expect(series).toMatchObject({ tier: 'RAW', reason: 'CRITERIA', percentileRelativeError: 0 });
    expect(series.groups[0]!.buckets).toMatchObject([{ count: 1, avg: 30, p50: 30 }]);
  });

  it('say nothing of hidden filters: their groups are left out, and what is added up is without them', async () => {
    await process.append([
      aSeed({ filter: 0, value: 1 }),
      aSeed({ filter: 1, value: 100, quotedAtMs: NOON + 1 }),
      aSeed({ filter: 1, symbol: 'ONLY', value: 100, quotedAtMs: NOON + 2 }),
    ]);
    const hidden = { hiddenFilterIds: [filterId(1)] };
    for (const interval of ['MINUTE_1', 'HOUR_1', 'DAY_1'] as const) {
      const all = await aggregates.series(aRequest({ interval, ...hidden }));
      expect(all.groups.map(({ buckets }) => buckets.map(({ count, max }) => [count, max]))).toEqual([[[1, 1]]]);
      const bySymbol = await aggregates.series(aRequest({ interval, ...hidden, groupBy: ['SYMBOL'] }));
      expect(bySymbol.groups.map(({ dimensions }) => dimensions.symbol)).toEqual(['AAA']);
      const byFilter = await aggregates.series(aRequest({ interval, ...hidden, groupBy: ['FILTER'] }));
      expect(byFilter.groups.map(({ dimensions }) => dimensions.filterId)).toEqual([filterId(0)]);
      const named = await aggregates.series(aRequest({ interval, ...hidden, where: { FILTER: [filterId(1)] } }));
      expect(named.groups).toMatchObject([{ buckets: [] }]);
    }
  });

  it('have the days of New York and of Kolkata', async () => {
    // 23:30 and 00:30 in New York around the day on which its clocks are put forward; the morning of two days in Kolkata.
    const moments = [
      Date.UTC(2019, 2, 10, 4, 30),
      Date.UTC(2019, 2, 10, 5, 30),
      Date.UTC(2019, 2, 11, 3, 30),
      Date.UTC(2019, 2, 11, 4, 30),
    ];
    await process.append(moments.map((quotedAtMs, index) => aSeed({ quotedAtMs, value: index + 1 })));
    const range = { fromMs: Date.UTC(2019, 2, 10, 4), beforeMs: Date.UTC(2019, 2, 11, 5), interval: 'DAY_1' as const };
    const newYork = await aggregates.series(aRequest({ ...range, timeZone: 'America/New_York' }));
    expect(newYork.tier).toBe('HOUR');
    expect(newYork.groups[0]!.buckets.map(({ startMs, endMs, sum }) => [(endMs - startMs) / HOUR_MS, sum])).toEqual([
      [24, 1],
      [23, 5],
      [24, 4],
    ]);
    const kolkata = await aggregates.series(aRequest({ ...range, timeZone: 'Asia/Kolkata' }));
    expect(kolkata.tier).toBe('MINUTE');
    expect(kolkata.groups[0]!.buckets.map(({ sum }) => sum)).toEqual([3, 7]);
  });

  it('fill gaps as they are asked to, up to now', async () => {
    now = NOON + 2 * HOUR_MS + 1;
    await process.append([aSeed({ value: 7 })]);
    const buckets = async (fill: AggregateRequest['fill']) =>
      (await aggregates.series(aRequest({ fill, fromMs: NOON - HOUR_MS, beforeMs: NOON + 48 * HOUR_MS }))).groups[0]!.buckets;
    expect((await buckets('NONE')).map(({ last }) => last)).toEqual([7]);
    expect((await buckets('NULL')).map(({ last }) => last)).toEqual([null, 7, null, null]);
    expect((await buckets('ZERO')).map(({ last }) => last)).toEqual([0, 7, 0, 0]);
    expect((await buckets('PREVIOUS')).map(({ last }) => last)).toEqual([null, 7, 7, 7]);
    expect((await aggregates.series(aRequest({ fill: 'ZERO', groupBy: ['SYMBOL'], where: { SYMBOL: ['NONE'] } }))).groups).toEqual([]);
  });

  it('are final when market time has gone on, and open again for nothing', async () => {
    now = NOON + HOUR_MS;
    await process.append([aSeed(), aSeed({ quotedAtMs: NOON + MINUTE_MS })]);
    const finals = async () =>
      (await aggregates.series(aRequest({ interval: 'MINUTE_1' }))).groups[0]!.buckets.map(({ isFinal }) => isFinal);
    // Stored by the clock of this machine, which is years ahead: nothing has been quiet for long.
    expect(await finals()).toEqual([false, false]);
    await process.append([aSeed({ quotedAtMs: NOON + MINUTE_MS + LATENESS_MS })]);
    expect(await finals()).toEqual([true, false, false]);
    now = Date.now() + LATENESS_MS + 60_000;
    expect(await finals()).toEqual([true, true, true]);
  });

  it('refuse ranges that make no sense, and too much, with what was asked for', async () => {
    const refusal = (overrides: Partial<AggregateRequest>) => aggregates.series(aRequest(overrides)).catch((error: Error) => error.message);
    expect(await refusal({ fromMs: NOON, beforeMs: NOON })).toBe(
      'range.before: expected a time behind the beginning of the range, 2019-03-10T12:00:00.000Z, got 2019-03-10T12:00:00.000Z',
    );
    expect(await refusal({ fromMs: now + 1, beforeMs: now + 2 })).toBe(
      'range.from: expected a time that is not in the future, got 2026-01-01T00:00:00.001Z',
    );
    expect(await refusal({ fromMs: -1 })).toBe('range.from: expected a time in 1970 or later, got 1969-12-31T23:59:59.999Z');
    expect(await refusal({ interval: 'MINUTE_1', beforeMs: NOON + 365 * 24 * HOUR_MS })).toBe('expected at most 20000 buckets, got 526320');
    expect(await refusal({ interval: 'DAY_1', timeZone: 'Asia/Kolkata', beforeMs: NOON + 365 * 24 * HOUR_MS })).toMatch(
      /^expected at most 270000 stored minutes to be added up .*, got 52/,
    );
    await process.append([aSeed({ symbol: 'AAA' }), aSeed({ symbol: 'BBB' }), aSeed({ symbol: 'CCC' })]);
    expect(await refusal({ interval: 'MINUTE_1', groupBy: ['SYMBOL'], fill: 'ZERO', fromMs: NOON - 120 * HOUR_MS })).toBe(
      'expected at most 20000 buckets of all groups, got 23760',
    );
  });
});
