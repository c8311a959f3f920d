import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLLUP_METRICS, ROLLUP_SOURCES, type RollupSource } from '../../../src/domain/rollups/rollup-metric.ts';
import type { RollupChange } from '../../../src/services/rollups/rollup-changes.ts';
import type { RollupQuery } from '../../../src/services/rollups/rollup-reader.ts';
import { ROLLUP_STREAMS } from '../../../src/services/rollups/rollup-streams.ts';
import { aRollupProcess, type RollupProcess, type RollupRowSeed } from '../../support/a-rollup-process.ts';
import { compareRollups } from '../../support/rollup-disagreements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const NOON = Date.UTC(2019, 2, 4, 12);
const MINUTE = 60_000;

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

const aSeed = (overrides: Partial<RollupRowSeed> = {}): RollupRowSeed => ({
  quotedAtMs: NOON,
  filter: 0,
  symbol: 'SPX',
  strategy: 'BULL_PUT_SPREAD',
  value: 10,
  ...overrides,
});

const metricOf = (name: string) => ROLLUP_METRICS.find((metric) => metric.name === name)!;

const aQuery = (overrides: Partial<RollupQuery> = {}): RollupQuery => ({
  metric: metricOf('RESULT_SCORE'),
  tier: 'MINUTE',
  fromMs: NOON - 60 * MINUTE,
  beforeMs: NOON + 60 * MINUTE,
  groupBy: [],
  where: {},
  ...overrides,
});

const seeds = fc.array(
  fc.record<RollupRowSeed>({
    // Minutes that are hit again and again, days around them, and moments that are the same.
    quotedAtMs: fc.oneof(
      fc.integer({ min: -3, max: 3 }).map((minutes) => NOON + minutes * MINUTE),
      fc.integer({ min: -200_000, max: 200_000 }).map((ms) => NOON + ms),
      fc.integer({ min: -60, max: 60 }).map((hours) => NOON + hours * 60 * MINUTE),
    ),
    filter: fc.integer({ min: 0, max: 2 }),
    symbol: fc.constantFrom('SPX', 'BRK B', '*'),
    strategy: fc.constantFrom('BULL_PUT_SPREAD', 'COVERED_CALL'),
    value: fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, -0, 1),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1e6) / 1e6),
      // Squares of what is smaller are no numbers to PostgreSQL, which is asked what is right.
      fc.double({ min: 1e-12, max: 1e-6, noNaN: true }),
    ),
  }),
  { minLength: 1, maxLength: 40 },
);

async function empty(): Promise<void> {
  await process.database.sql.unsafe(
    'truncate scan_results, underlying_observations, scan_reports, stream_heads, stream_positions, rollup_minutes, rollup_hours, rollup_days, rollup_sources',
  );
}

describe('tiers', () => {
  it('say what the rows say, however rows are late, repeated and cut into batches', { timeout: 600_000 }, async () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 2, arbitrary: seeds.map((rows) => ({ rows })) },
        { weight: 3, arbitrary: fc.record({ source: fc.constantFrom(...ROLLUP_SOURCES), limit: fc.integer({ min: 1, max: 60 }) }) },
      ),
      { minLength: 2, maxLength: 8 },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        await empty();
        // Gives the sources their places.
        const other = aRollupProcess(database.url);
        try {
          await other.refresher.refresh();
          for (const step of taken) {
            if ('rows' in step) await process.append(step.rows);
            else await process.rollUp(step.source, step.limit);
          }
          await other.refresher.refresh();
        } finally {
          await other.close();
        }
        const { cells, disagreements } = await compareRollups(process.database.sql);
        compared += cells;
        expect(disagreements).toEqual([]);
      }),
      { numRuns: 12 },
    );
    expect(compared).toBeGreaterThan(1_000);
  });

  it('count every row once when several processes refresh at the same time', async () => {
    const others = [aRollupProcess(database.url), aRollupProcess(database.url)];
    try {
      for (const { refresher } of [process, ...others]) refresher.start();
      for (let round = 0; round < 12; round++) {
        await process.append(
          Array.from({ length: 300 }, (_, index) => aSeed({ quotedAtMs: NOON + ((index * 37) % 50) * 1_000 * round, value: index })),
        );
        await Promise.all([process, ...others].map(({ refresher }) => refresher.refresh()));
      }
      // Whoever found another one at it has returned.
      await expect.poll(() => process.refresher.refresh().then(() => rolledUp('SCANS'))).toBe(3_600);
      await expect.poll(() => rolledUp('UNDERLYINGS')).toBe(3_600);
      await expect.poll(() => rolledUp('SCAN_RESULTS')).toBe(3_600);
      const { cells, disagreements } = await compareRollups(process.database.sql);
      expect(cells).toBeGreaterThan(100);
      expect(disagreements).toEqual([]);
    } finally {
      for (const other of others) await other.close();
    }
  });

  async function rolledUp(source: RollupSource): Promise<number> {
    const [row] = await process.database.sql<{ sequence: number }[]>`
      select sequence from stream_positions where consumer = 'rollups' and stream = ${ROLLUP_STREAMS[source].stream}`;
    return row?.sequence ?? 0;
  }

  it('are as the rows say when connections are cut in the middle of a refresh', async () => {
    await process.refresher.refresh();
    for (let round = 0; round < 8; round++) {
      const seeds = Array.from({ length: 200 }, (_, index) =>
        aSeed({ quotedAtMs: NOON + index * 700 * round, filter: index % 3, value: index }),
      );
      // The cut may come when the refresh has just ended: then what is next on its connection fails.
      await expect.poll(() => process.append(seeds).then(() => 'stored', String)).toBe('stored');
      const refreshing = process.refresher.refresh().catch(() => 'cut');
      // From the first statement to the commit: the cut comes somewhere in between.
      let cuts = 0;
      while (cuts === 0 && (await Promise.race([refreshing, Promise.resolve(null)])) === null) cuts = await cutRefresh(round);
      await refreshing;
    }
    await expect.poll(() => process.refresher.refresh().catch(() => -1)).toBe(0);
    expect((await compareRollups(process.database.writeSql)).disagreements).toEqual([]);
  });

  /** Ends a connection that is in a transaction of a refresh, after as many looks at one. */
  async function cutRefresh(looks: number): Promise<number> {
    const { writeSql } = process.database;
    for (let look = 0; ; look++) {
      const found = await writeSql<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid() and application_name = 'rollup-process queries'`;
      if (found.length === 0) return 0;
      if (look >= looks) return (await writeSql`select pg_terminate_backend(${found[0]!.pid})`).length;
    }
  }
});

describe('a reader', () => {
  it('counts what is committed, whether it has been rolled up or not', async () => {
    await process.append([aSeed({ value: 10 }), aSeed({ quotedAtMs: NOON + 1_000, value: 30, filter: 1 })]);
    const fromRows = await process.reader.read(aQuery());
    expect(fromRows).toMatchObject([{ bucketMs: NOON, cell: { count: 2, sum: 40, min: 10, max: 30, m2: 200, first: 10, last: 30 } }]);
    await process.refresher.refresh();
    const fromCells = await process.reader.read(aQuery());
    expect(fromCells.map(({ cell }) => cell)).toEqual(fromRows.map(({ cell }) => cell));
    expect(Buffer.from(fromCells[0]!.sketch())).toEqual(Buffer.from(fromRows[0]!.sketch()));
    await process.append([aSeed({ quotedAtMs: NOON - 500, value: 20 }), aSeed({ quotedAtMs: NOON + 1_000, value: 50 })]);
    expect(await process.reader.read(aQuery())).toMatchObject([
      { bucketMs: NOON - MINUTE, cell: { count: 1, first: 20 } },
      { bucketMs: NOON, cell: { count: 3, sum: 90, first: 10, last: 50 } },
    ]);
  });

  it('tells series apart by what is grouped by and narrowed to', async () => {
    await process.append([
      aSeed({ filter: 1, symbol: 'SPX', value: 1 }),
      aSeed({ filter: 2, symbol: 'SPX', value: 2 }),
      aSeed({ filter: 2, symbol: 'NDX', value: 4 }),
    ]);
    const filterId = '01900000-0000-7000-8000-000000000002';
    for (const rolledUp of [false, true]) {
      if (rolledUp) await process.refresher.refresh();
      const bySymbol = await process.reader.read(aQuery({ groupBy: ['SYMBOL'] }));
      expect(bySymbol.map(({ dimensions, cell }) => [dimensions.symbol, cell.sum]).toSorted()).toEqual([
        ['NDX', 4],
        ['SPX', 3],
      ]);
      const narrowed = await process.reader.read(aQuery({ tier: 'HOUR', groupBy: ['SYMBOL'], where: { FILTER: [filterId] } }));
      expect(narrowed.map(({ dimensions, cell }) => [dimensions, cell.sum])).toEqual(
        expect.arrayContaining([
          [{ filterId, symbol: 'NDX', strategy: null }, 4],
          [{ filterId, symbol: 'SPX', strategy: null }, 2],
        ]),
      );
      expect(narrowed).toHaveLength(2);
      expect(await process.reader.read(aQuery({ where: { SYMBOL: [] } }))).toEqual([]);
    }
  });

  it('refuses dimensions that a tier has no series of', async () => {
    await expect(process.reader.read(aQuery({ groupBy: ['FILTER', 'SYMBOL'] }))).rejects.toThrow(RangeError);
    await expect(process.reader.read(aQuery({ metric: metricOf('UNDERLYING_PRICE') }))).rejects.toThrow(RangeError);
  });

  it('gives what the rows say while rows come and are rolled up', async () => {
    process.refresher.start();
    let appended = 0;
    let reads = 0;
    let isDone = false;
    const appending = (async () => {
      for (let round = 0; round < 40; round++) {
        await process.append([aSeed({ quotedAtMs: NOON + round * 20_000 }), aSeed({ quotedAtMs: NOON - round * 20_000 })]);
        appended += 2;
      }
      isDone = true;
    })();
    while (!isDone) {
      const before = appended;
      const read = await process.reader.read(aQuery());
      const count = read.reduce((sum, { cell }) => sum + cell.count, 0);
      expect(count).toBeGreaterThanOrEqual(before);
      // A row that is being committed may be there already.
      expect(count).toBeLessThanOrEqual(appended + 2);
      reads++;
    }
    await appending;
    expect(reads).toBeGreaterThan(3);
  });

  it('knows the newest market time of a source', async () => {
    expect(await process.reader.newestMs('UNDERLYINGS')).toBeNull();
    await process.append([aSeed({ quotedAtMs: NOON + 5 }), aSeed({ quotedAtMs: NOON - 5 })]);
    expect(await process.reader.newestMs('UNDERLYINGS')).toBe(NOON + 5);
    await process.refresher.refresh();
    await process.append([aSeed({ quotedAtMs: NOON })]);
    expect(await process.reader.newestMs('UNDERLYINGS')).toBe(NOON + 5);
  });
});

describe('a refresher', () => {
  it('tells which buckets have changed, and counts what it did', async () => {
    const told: RollupChange[] = [];
    const end = process.changes.follow((change) => told.push(change));
    await process.append([aSeed({ quotedAtMs: NOON + 61_000 }), aSeed({ quotedAtMs: NOON - 1 })]);
    expect(await process.refresher.refresh()).toBe(6);
    expect(told.map(({ source }) => source)).toEqual([...ROLLUP_SOURCES]);
    expect(told[0]!.buckets.MINUTE).toEqual({ fromMs: NOON - MINUTE, beforeMs: NOON + 2 * MINUTE });
    expect(told[0]!.buckets.HOUR).toEqual({ fromMs: NOON - 60 * MINUTE, beforeMs: NOON + 60 * MINUTE });
    end();
    const metrics = await process.registry.metrics();
    expect(metrics).toContain('strikewire_rollup_rows_total{source="SCAN_RESULTS"} 2\n');
    expect(metrics).toContain('strikewire_rollup_lag_rows{source="SCAN_RESULTS"} 0\n');
    expect(metrics).toContain('strikewire_rollup_batch_duration_seconds_count{source="SCAN_RESULTS"} 1\n');
  });

  it('rolls up by itself what is committed', async () => {
    process.refresher.start();
    await process.append([aSeed()]);
    await expect.poll(async () => (await process.database.sql`select 1 from rollup_minutes`).length).toBeGreaterThan(0);
  });
});
