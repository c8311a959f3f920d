import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnName } from '../../../src/db/column-name.ts';
import type { AggregateBucket } from '../../../src/domain/rollups/aggregate-figures.ts';
import { bucketBounds } from '../../../src/domain/rollups/bucket-bounds.ts';
import { createBucketClock } from '../../../src/domain/rollups/bucket-clock.ts';
import { ROLLUP_INTERVAL_NAMES, ROLLUP_INTERVALS } from '../../../src/domain/rollups/rollup-interval.ts';
import { ROLLUP_METRICS, type RollupDimension } from '../../../src/domain/rollups/rollup-metric.ts';
import { SOURCE_DIMENSIONS } from '../../../src/domain/rollups/selection-issues.ts';
import type { AggregateRequest, AggregateSeries } from '../../../src/services/history/aggregate-request.ts';
import { type AggregateService, createAggregateService } from '../../../src/services/history/aggregate-service.ts';
import { createRowAggregates } from '../../../src/services/history/row-aggregates.ts';
import { ROLLUP_STREAMS } from '../../../src/services/rollups/rollup-streams.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';
import { aRollupProcess, type RollupProcess, type RollupRowSeed } from '../../support/a-rollup-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The day on which New York puts its clocks forward. */
const NOON = Date.UTC(2019, 2, 10, 12);
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

const metricOf = (name: string) => ROLLUP_METRICS.find((metric) => metric.name === name)!;

const aRequest = (overrides: Partial<AggregateRequest> = {}): AggregateRequest => ({
  metric: metricOf('RESULT_IMPLIED_VOLATILITY'),
  interval: 'HOUR_1',
  timeZone: 'UTC',
  fromMs: NOON - 12 * HOUR_MS,
  beforeMs: NOON + 12 * HOUR_MS,
  groupBy: [],
  where: {},
  criteria: null,
  hiddenFilterIds: [],
  fill: 'NONE',
  withPercentiles: true,
  ...overrides,
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
  }, 120_000);
});
