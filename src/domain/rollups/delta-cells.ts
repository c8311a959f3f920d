import { createBinRuns, MOST_GROUPED_ROWS, NO_BIN } from './bin-runs.ts';
import { createCellColumns } from './cell-columns.ts';
import { quantileOfBins } from './quantile-of-bins.ts';
import type { RollupCell, SeriesDimensions } from './rollup-cell.ts';
import { rollupCuboids } from './rollup-cuboids.ts';
import type { RollupDimension, RollupSource } from './rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from './rollup-tier.ts';
import { binOf } from './sketch-bin.ts';
import { encodeSketch } from './sketch-codec.ts';

/** Rows of a source in the order of its stream, as columns. */
export interface RollupRows {
  readonly length: number;
  /** Market time, epoch milliseconds. */
  readonly quotedAtMs: readonly number[];
  /** Of each dimension that the source has. */
  readonly dimensions: Readonly<Partial<Record<RollupDimension, readonly string[]>>>;
  /** Of each metric; null: unknown. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Dimensions that rows have in common. */
export interface DeltaCombination {
  readonly dimensions: SeriesDimensions;
}

/** What rows add to a cell. */
export interface DeltaCell {
  readonly tier: RollupTier;
  /** Index among the combinations. */
  readonly combination: number;
  /** Start, epoch milliseconds, market time. */
  readonly bucketMs: number;
  readonly cell: RollupCell;
  /** Of the same values. */
  readonly sketch: Uint8Array;
}

/** What a batch of rows adds to the tiers. */
export interface DeltaCells {
  /** @throws RangeError for more than MOST_GROUPED_ROWS rows */
  add(rows: RollupRows, index: number): void;
  /** Cells of a metric. Before the first one its rows are sorted: null meanwhile, when others may have their turn. */
  cellsOf(metric: number): Iterable<DeltaCell | null>;
  /** Starts of those that rows fell into, epoch milliseconds. */
  buckets(tier: RollupTier): Iterable<number>;
  combinations(): readonly DeltaCombination[];
  /** How many cells there are, in all tiers. */
  size(): number;
  /** Newest market time, epoch milliseconds; -Infinity before the first row. */
  newestMs(): number;
}

/** Bits of a cuboid. */
const BITS: Readonly<Record<RollupDimension, number>> = { FILTER: 1, SYMBOL: 2, STRATEGY: 4 };
const ALL_BITS = 8;
/** There is room for at first. */
const FIRST_ROWS = 256;

interface TierCells {
  readonly tier: RollupTier;
  readonly widthMs: number;
  readonly cuboids: readonly number[];
  /** Numbers of groups, by that of the combination. */
  readonly byBucket: Map<number, (number | undefined)[]>;
  /** Neighbours are often in the same bucket. */
  lastBucketMs: number;
  lastGroups: (number | undefined)[];
}

/** The cells of a combination in a bucket, one for each metric. */
interface Group {
  readonly tier: RollupTier;
  readonly combination: number;
  readonly bucketMs: number;
}

/** @param metrics how many values each row has */
export function createDeltaCells(source: RollupSource, metrics: number): DeltaCells {
  const combinations: DeltaCombination[] = [];
  const combinationNumbers = new Map<string, number>();
  /** Of rows with the same dimensions: the number of the combination of each cuboid. Filter, symbol, strategy. */
  const leaves = new Map<string, Map<string, Map<string, Int32Array>>>();
  const tierOf = (tier: RollupTier): TierCells => ({
    tier,
    widthMs: ROLLUP_TIERS[tier],
    cuboids: rollupCuboids(source, tier).map((cuboid) => cuboid.reduce((bits, dimension) => bits | BITS[dimension], 0)),
    byBucket: new Map(),
    lastBucketMs: Number.NaN,
    lastGroups: [],
  });
  const tiers: Readonly<Record<RollupTier, TierCells>> = { MINUTE: tierOf('MINUTE'), HOUR: tierOf('HOUR'), DAY: tierOf('DAY') };
  const allTiers = Object.values(tiers);
  const groupsPerRow = allTiers.reduce((sum, { cuboids }) => sum + cuboids.length, 0);
  const groups: Group[] = [];
  /** The cell of a metric in a group: group × metrics + metric. */
  const columns = createCellColumns();
  let rows = 0;
  /** Of each row. */
  let groupOf = new Int32Array(FIRST_ROWS * groupsPerRow);
  const binOfRow = Array.from({ length: metrics }, () => new Int32Array(FIRST_ROWS));
  /** The known values of the row in hand. */
  const knownMetrics = new Int32Array(metrics);
  const knownValues = new Float64Array(metrics);
  let newestMs = Number.NEGATIVE_INFINITY;

  function numberOf(dimensions: SeriesDimensions): number {
    const key = JSON.stringify(dimensions);
    let number = combinationNumbers.get(key);
    if (number === undefined) {
      number = combinations.length;
      combinations.push({ dimensions });
      combinationNumbers.set(key, number);
    }
    return number;
  }

  function leafOf({ FILTER, SYMBOL, STRATEGY }: RollupRows['dimensions'], index: number): Int32Array {
    const filterId = FILTER?.[index] ?? null;
    const symbol = SYMBOL?.[index] ?? null;
    const strategy = STRATEGY?.[index] ?? null;
    const byStrategy = childOf(childOf(leaves, filterId), symbol);
    let leaf = byStrategy.get(strategy ?? '');
    if (!leaf) {
      leaf = Int32Array.from({ length: ALL_BITS }, (_, bits) =>
        numberOf({
          filterId: bits & BITS.FILTER ? filterId : null,
          symbol: bits & BITS.SYMBOL ? symbol : null,
          strategy: bits & BITS.STRATEGY ? strategy : null,
        }),
      );
      byStrategy.set(strategy ?? '', leaf);
    }
    return leaf;
  }

  function groupsOf(tier: TierCells, bucketMs: number): (number | undefined)[] {
    if (tier.lastBucketMs === bucketMs) return tier.lastGroups;
    let numbers = tier.byBucket.get(bucketMs);
    if (!numbers) {
      numbers = [];
      tier.byBucket.set(bucketMs, numbers);
    }
    tier.lastBucketMs = bucketMs;
    tier.lastGroups = numbers;
    return numbers;
  }

  function makeRoom(): void {
    if (rows >= MOST_GROUPED_ROWS) throw new RangeError(`expected at most ${MOST_GROUPED_ROWS} rows in a batch, got more`);
    if (rows < groupOf.length / groupsPerRow) return;
    groupOf = widened(groupOf);
    for (const [metric, bins] of binOfRow.entries()) binOfRow[metric] = widened(bins);
  }

  return {
    add({ quotedAtMs, dimensions, values }, index) {
      makeRoom();
      const atMs = quotedAtMs[index]!;
      if (atMs > newestMs) newestMs = atMs;
      const leaf = leafOf(dimensions, index);
      let known = 0;
      for (let metric = 0; metric < metrics; metric++) {
        const value = values[metric]![index];
        // What is no finite number cannot be added up.
        const isKnown = Number.isFinite(value);
        binOfRow[metric]![rows] = isKnown ? binOf(value as number) : NO_BIN;
        if (!isKnown) continue;
        knownMetrics[known] = metric;
        knownValues[known++] = value as number;
      }
      let place = rows * groupsPerRow;
      for (const tier of allTiers) {
        const bucketMs = Math.floor(atMs / tier.widthMs) * tier.widthMs;
        const numbers = groupsOf(tier, bucketMs);
        for (const bits of tier.cuboids) {
          const combination = leaf[bits]!;
          let group = numbers[combination];
          if (group === undefined) {
            group = groups.length;
            groups.push({ tier: tier.tier, combination, bucketMs });
            numbers[combination] = group;
          }
          groupOf[place++] = group;
          for (let one = 0; one < known; one++) columns.add(group * metrics + knownMetrics[one]!, knownValues[one]!, atMs);
        }
      }
      rows++;
    },
    *cellsOf(metric) {
      const runs = yield* createBinRuns(binOfRow[metric]!, { rows, groupsPerRow, groupOf, groups: groups.length });
      const { bins, counts } = runs;
      for (let group = 0; group < groups.length; group++) {
        const number = group * metrics + metric;
        const count = columns.count(number);
        if (count === 0) continue;
        const length = runs.read(group);
        const p50 = quantileOfBins(bins, counts, length, 0.5, count);
        const p95 = quantileOfBins(bins, counts, length, 0.95, count);
        const p99 = quantileOfBins(bins, counts, length, 0.99, count);
        const { tier, combination, bucketMs } = groups[group]!;
        yield { tier, combination, bucketMs, cell: columns.cellAt(number, p50, p95, p99), sketch: encodeSketch(bins, counts, length) };
      }
    },
    buckets: (tier) => tiers[tier].byBucket.keys(),
    combinations: () => combinations,
    size: () => columns.size(),
    newestMs: () => newestMs,
  };
}

function widened(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * numbers.length);
  wider.set(numbers);
  return wider;
}

function childOf<Child>(parent: Map<string, Map<string, Child>>, key: string | null): Map<string, Child> {
  let child = parent.get(key ?? '');
  if (!child) {
    child = new Map();
    parent.set(key ?? '', child);
  }
  return child;
}
