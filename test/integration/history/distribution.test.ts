import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_BINS } from '../../../src/domain/analytics/histogram-bins.ts';
import { createAggregateService } from '../../../src/services/history/aggregate-service.ts';
import { createCorrelationService } from '../../../src/services/history/correlation-service.ts';
import { createDistributionService, quantileOf } from '../../../src/services/history/distribution-service.ts';
import { createRowAggregates } from '../../../src/services/history/row-aggregates.ts';
import { createRowSummaries } from '../../../src/services/history/row-summary.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';
import { aRollupProcess, type RollupProcess } from '../../support/a-rollup-process.ts';
import { aRollupRowSeed as aSeed } from '../../support/a-rollup-row-seed.ts';
import { anAggregateRequest as aRequest, rollupMetric as metricOf, NOON } from '../../support/an-aggregate-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const HOUR_MS = 3_600_000;
const HIDDEN = '01900000-0000-7000-8000-000000000001';
const clock = () => Date.UTC(2026, 0, 1);

let database: TestDatabase;
let process: RollupProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  process = aRollupProcess(database.url);
});

afterEach(async () => {
  await process.close();
  await database.drop();
});

describe('a distribution', () => {
  const distributions = () => createDistributionService({ summaries: createRowSummaries({ sql: process.database.sql }), clock });
  const selection = () => ({ ...aRequest({ metric: metricOf('RESULT_EXPECTED_VALUE') }), bins: null });

  it('says what PostgreSQL says of the rows, and its bins hold them all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 30 })),
        async (values, bins) => {
          await process.database.sql`truncate scan_results`;
          await process.append(values.map((value, index) => aSeed({ value, quotedAtMs: NOON + index })));
          const told = await distributions().distribution({ ...selection(), bins });
          const [row] = await process.database.sql`
            select count(*)::int as count, min(expected_value), max(expected_value), avg(expected_value) as mean, stddev_samp(expected_value) as stddev,
              percentile_cont(0.5) within group (order by expected_value) as median from scan_results`;
          const { count, min, max, mean, stddev, first, last } = told.summary!;
          // The last bits depend on the order in which the rows are added up; and of 0 and -0 either may be the least.
          const figures: Record<string, number | null> = {
            count,
            min,
            max,
            mean,
            stddev,
            median: quantileOf(told.summary!, 0.5),
            first,
            last,
          };
          const wanted: Record<string, number | null> = { ...row, first: values[0]!, last: values.at(-1)! };
          const isSame = (name: string) => figures[name] === wanted[name] || Math.abs(figures[name]! - wanted[name]!) < 1e-5;
          expect(Object.keys(wanted).filter((name) => !isSame(name))).toEqual([]);
          expect(told.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
          for (const [index, bin] of told.bins.entries()) {
            const isLast = index === told.bins.length - 1;
            expect(bin.count).toBe(values.filter((value) => value >= bin.from && (isLast ? value <= bin.to : value < bin.to)).length);
          }
          expect(told.bins.length).toBeLessThanOrEqual(bins ?? MOST_BINS);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('of nothing is empty; of too many bins refused', async () => {
    expect(await distributions().distribution(selection())).toMatchObject({ summary: null, bins: [] });
    await expect(distributions().distribution({ ...selection(), bins: 201 })).rejects.toThrow('bins: expected 1 to 200 bins, got 201');
  });

  it('by symbol leaves out hidden filters', async () => {
    await process.append([
      aSeed({ value: 1 }),
      aSeed({ value: 3, quotedAtMs: NOON + 1 }),
      aSeed({ filter: 1, value: 9, quotedAtMs: NOON + 2 }),
      aSeed({ symbol: 'BBB', filter: 1, value: 9 }),
    ]);
    const { metric, fromMs, beforeMs } = selection();
    const statistics = await distributions().statistics({ metric, fromMs, beforeMs, hiddenFilterIds: [HIDDEN] }, ['AAA', 'BBB', 'CCC']);
    expect([...statistics.keys()]).toEqual(['AAA']);
    expect(statistics.get('AAA')).toMatchObject({ count: 2, mean: 2, first: 1, last: 3, firstAtMs: NOON, lastAtMs: NOON + 1 });
  });
});

it('a correlation takes the buckets in which both have values', async () => {
  const hours = [1, 2, 3, 5, 8, 13];
  await process.append(hours.map((value, hour) => aSeed({ value, quotedAtMs: NOON + hour * HOUR_MS, symbol: 'AAA' })));
  await process.append(
    hours.slice(0, 5).map((value, hour) => aSeed({ value: -(value ** 2), quotedAtMs: NOON + hour * HOUR_MS, symbol: 'BBB' })),
  );
  const { sql } = process.database;
  const aggregates = createAggregateService({
    reader: process.reader,
    rows: createRowAggregates({ sql }),
    slicer: createEventLoopSlicer({ budgetMs: 8, now: () => performance.now() }),
    clock,
    latenessMs: 15 * 60_000,
  });
  const correlations = createCorrelationService({ aggregates });
  const of = (symbol: string) => ({
    metric: metricOf('UNDERLYING_PRICE'),
    where: { SYMBOL: [symbol] },
    criteria: null,
    hiddenFilterIds: [],
  });
  const rest = { interval: 'HOUR_1', timeZone: 'UTC', fromMs: NOON, beforeMs: NOON + 24 * HOUR_MS, of: 'LAST' } as const;
  const level = await correlations.correlation({ one: of('AAA'), other: of('BBB'), ...rest, change: 'LEVEL' });
  expect(level).toMatchObject({ buckets: 5, pairs: 5, tier: 'HOUR', otherTier: 'HOUR' });
  expect(level.spearman).toBeCloseTo(-1, 12);
  // By hand: 281.6 / √(30.8 · 2697.2).
  expect(level.pearson).toBeCloseTo(-0.97701, 5);
  expect(await correlations.correlation({ one: of('AAA'), other: of('BBB'), ...rest, change: 'CHANGE' })).toMatchObject({
    buckets: 5,
    pairs: 4,
  });
});
