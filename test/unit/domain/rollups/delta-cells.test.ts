import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeltaCells, type DeltaCells, type RollupRows } from '../../../../src/domain/rollups/delta-cells.ts';
import { RollupAccumulator } from '../../../../src/domain/rollups/rollup-accumulator.ts';
import type { SeriesDimensions } from '../../../../src/domain/rollups/rollup-cell.ts';
import { rollupCuboids } from '../../../../src/domain/rollups/rollup-cuboids.ts';
import type { RollupDimension } from '../../../../src/domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../../../src/domain/rollups/rollup-tier.ts';

interface Row {
  readonly atMs: number;
  readonly filterId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly values: readonly (number | null)[];
}

const METRICS = 2;
const TIERS = Object.keys(ROLLUP_TIERS) as RollupTier[];
const VALUE = fc.oneof(
  fc.constantFrom(null, 0, Number.NaN),
  fc.integer({ min: -50, max: 50 }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0),
);
const ROWS = fc.array(
  fc.record<Row>({
    // Out of order, often at the same moment, in several minutes, hours and days, before 1970 too.
    atMs: fc.integer({ min: -40, max: 40 }).map((step) => step * 3_000_017),
    filterId: fc.constantFrom('a', 'b'),
    symbol: fc.constantFrom('SPX', 'BTC', ''),
    strategy: fc.constantFrom('LONG_CALL', 'IRON_CONDOR'),
    values: fc.array(VALUE, { minLength: METRICS, maxLength: METRICS }),
  }),
  // More than there is room for at first.
  { minLength: 1, maxLength: 400, size: 'max' },
);

function columnsOf(rows: readonly Row[]): RollupRows {
  return {
    length: rows.length,
    quotedAtMs: rows.map(({ atMs }) => atMs),
    dimensions: {
      FILTER: rows.map(({ filterId }) => filterId),
      SYMBOL: rows.map(({ symbol }) => symbol),
      STRATEGY: rows.map(({ strategy }) => strategy),
    },
    values: Array.from({ length: METRICS }, (_, metric) => rows.map(({ values }) => values[metric]!)),
  };
}

function deltaOf(rows: readonly Row[]) {
  const columns = columnsOf(rows);
  const delta = createDeltaCells('SCAN_RESULTS', METRICS);
  for (let index = 0; index < rows.length; index++) delta.add(columns, index);
  return delta;
}

/** Without the pauses between them. */
const cellsOf = (delta: DeltaCells, metric: number) => [...delta.cellsOf(metric)].filter((cell) => cell !== null);

const keyOf = (tier: RollupTier, metric: number, dimensions: SeriesDimensions, bucketMs: number) =>
  JSON.stringify([tier, metric, dimensions.filterId, dimensions.symbol, dimensions.strategy, bucketMs]);

/** One accumulator for each cell, as the definitions say. */
function direct(rows: readonly Row[]): Map<string, RollupAccumulator> {
  const cells = new Map<string, RollupAccumulator>();
  for (const row of rows) {
    for (const tier of TIERS) {
      const bucketMs = Math.floor(row.atMs / ROLLUP_TIERS[tier]) * ROLLUP_TIERS[tier];
      for (const cuboid of rollupCuboids('SCAN_RESULTS', tier)) {
        const only = (dimension: RollupDimension, value: string) => (cuboid.includes(dimension) ? value : null);
        const dimensions = {
          filterId: only('FILTER', row.filterId),
          symbol: only('SYMBOL', row.symbol),
          strategy: only('STRATEGY', row.strategy),
        };
        for (const [metric, value] of row.values.entries()) {
          if (value === null || !Number.isFinite(value)) continue;
          const key = keyOf(tier, metric, dimensions, bucketMs);
          const accumulator = cells.get(key) ?? new RollupAccumulator();
          cells.set(key, accumulator);
          accumulator.add(value, row.atMs);
        }
      }
    }
  }
  return cells;
}

describe('the cells of a batch', () => {
  it('are those of its rows, of every combination in every tier', () => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const delta = deltaOf(rows);
        const combinations = delta.combinations();
        const wanted = direct(rows);
        // Thousands of them: only what differs is compared at length.
        const others: unknown[] = [];
        let found = 0;
        for (let metric = 0; metric < METRICS; metric++) {
          for (const { tier, combination, bucketMs, cell, sketch } of cellsOf(delta, metric)) {
            const accumulator = wanted.get(keyOf(tier, metric, combinations[combination]!.dimensions, bucketMs));
            found++;
            const isSame = accumulator && isDeepStrictEqual(cell, accumulator.cell()) && Buffer.compare(sketch, accumulator.sketch()) === 0;
            if (!isSame) others.push({ cell, wanted: accumulator?.cell() });
          }
        }
        expect(others).toEqual([]);
        expect(found).toBe(wanted.size);
        expect(delta.size()).toBe(wanted.size);
        expect(delta.newestMs()).toBe(Math.max(...rows.map(({ atMs }) => atMs)));
      }),
      { numRuns: 25 },
    );
  });

  it('are none of rows without a known value, whose buckets are told all the same', () => {
    const delta = deltaOf([{ atMs: 61_000, filterId: 'a', symbol: 'SPX', strategy: 'LONG_CALL', values: [null, Number.NaN] }]);
    expect([...cellsOf(delta, 0), ...cellsOf(delta, 1)]).toEqual([]);
    expect(delta.size()).toBe(0);
    expect([...delta.buckets('MINUTE')]).toEqual([60_000]);
  });

  it('of ten thousand rows count each of them', () => {
    const rows = Array.from({ length: 10_000 }, (_, index): Row => {
      return { atMs: index, filterId: 'a', symbol: 'SPX', strategy: 'LONG_CALL', values: [index, 5 - index] };
    });
    const days = cellsOf(deltaOf(rows), 1).filter(({ tier }) => tier === 'DAY');
    expect(days.map(({ cell }) => cell.count)).toEqual(rollupCuboids('SCAN_RESULTS', 'DAY').map(() => 10_000));
    expect(days[0]!.cell).toMatchObject({ min: -9_994, max: 5, first: 5, last: -9_994 });
  });
});
