import { RollupAccumulator } from './rollup-accumulator.ts';
import type { SeriesDimensions } from './rollup-cell.ts';
import { rollupCuboids } from './rollup-cuboids.ts';
import type { RollupDimension, RollupSource } from './rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from './rollup-tier.ts';
import { binOf } from './sketch-bin.ts';

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

/** Dimensions that rows have in common; the same object wherever they are the same. */
export interface DeltaCombination {
  readonly dimensions: SeriesDimensions;
}

/** What rows add to the cells of a combination in a bucket, one accumulator for each metric; null: no value. */
export interface DeltaGroup {
  readonly combination: DeltaCombination;
  /** Start, epoch milliseconds, market time. */
  readonly bucketMs: number;
  readonly accumulators: readonly (RollupAccumulator | null)[];
}

/** What a batch of rows adds to the tiers. */
export interface DeltaCells {
  add(rows: RollupRows, index: number): void;
  groups(tier: RollupTier): Iterable<DeltaGroup>;
  /** Starts of those that rows fell into, epoch milliseconds. */
  buckets(tier: RollupTier): Iterable<number>;
  combinations(): Iterable<DeltaCombination>;
  /** Newest market time, epoch milliseconds; -Infinity before the first row. */
  newestMs(): number;
}

/** Bits of a cuboid. */
const BITS: Readonly<Record<RollupDimension, number>> = { FILTER: 1, SYMBOL: 2, STRATEGY: 4 };
const ALL_BITS = 8;

interface MutableGroup {
  readonly combination: DeltaCombination;
  readonly bucketMs: number;
  readonly accumulators: (RollupAccumulator | null)[];
}

interface TierCells {
  readonly widthMs: number;
  readonly cuboids: readonly number[];
  /** By the number of the combination. */
  readonly byBucket: Map<number, (MutableGroup | undefined)[]>;
  /** Neighbours are often in the same bucket. */
  lastBucketMs: number;
  lastGroups: (MutableGroup | undefined)[];
}

/** @param metrics how many values each row has */
export function createDeltaCells(source: RollupSource, metrics: number): DeltaCells {
  const combinations: DeltaCombination[] = [];
  const combinationNumbers = new Map<string, number>();
  /** Of rows with the same dimensions: the number of the combination of each cuboid. Filter, symbol, strategy. */
  const leaves = new Map<string, Map<string, Map<string, Int32Array>>>();
  const cellsOf = (tier: RollupTier): TierCells => ({
    widthMs: ROLLUP_TIERS[tier],
    cuboids: rollupCuboids(source, tier).map((cuboid) => cuboid.reduce((bits, dimension) => bits | BITS[dimension], 0)),
    byBucket: new Map(),
    lastBucketMs: Number.NaN,
    lastGroups: [],
  });
  const tiers: Readonly<Record<RollupTier, TierCells>> = { MINUTE: cellsOf('MINUTE'), HOUR: cellsOf('HOUR'), DAY: cellsOf('DAY') };
  const allTiers = Object.values(tiers);
  /** The known values of the row in hand. */
  const knownMetrics = new Int32Array(metrics);
  const knownValues = new Float64Array(metrics);
  const knownBins = new Int32Array(metrics);
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

  function groupsOf(tier: TierCells, bucketMs: number): (MutableGroup | undefined)[] {
    if (tier.lastBucketMs === bucketMs) return tier.lastGroups;
    let groups = tier.byBucket.get(bucketMs);
    if (!groups) {
      groups = [];
      tier.byBucket.set(bucketMs, groups);
    }
    tier.lastBucketMs = bucketMs;
    tier.lastGroups = groups;
    return groups;
  }

  return {
    add({ quotedAtMs, dimensions, values }, index) {
      const atMs = quotedAtMs[index]!;
      if (atMs > newestMs) newestMs = atMs;
      const leaf = leafOf(dimensions, index);
      let known = 0;
      for (let metric = 0; metric < metrics; metric++) {
        const value = values[metric]![index];
        // What is no finite number cannot be added up.
        if (!Number.isFinite(value)) continue;
        knownMetrics[known] = metric;
        knownValues[known] = value as number;
        knownBins[known++] = binOf(value as number);
      }
      for (const tier of allTiers) {
        const bucketMs = Math.floor(atMs / tier.widthMs) * tier.widthMs;
        const groups = groupsOf(tier, bucketMs);
        for (const bits of tier.cuboids) {
          const number = leaf[bits]!;
          let group = groups[number];
          if (!group) {
            const accumulators = Array.from<RollupAccumulator | null>({ length: metrics }).fill(null);
            group = { combination: combinations[number]!, bucketMs, accumulators };
            groups[number] = group;
          }
          for (let place = 0; place < known; place++) {
            const metric = knownMetrics[place]!;
            const accumulator = group.accumulators[metric] ?? new RollupAccumulator();
            group.accumulators[metric] = accumulator;
            accumulator.add(knownValues[place]!, atMs, knownBins[place]!);
          }
        }
      }
    },
    *groups(tier) {
      for (const groups of tiers[tier].byBucket.values()) for (const group of groups) if (group) yield group;
    },
    buckets: (tier) => tiers[tier].byBucket.keys(),
    combinations: () => combinations,
    newestMs: () => newestMs,
  };
}

function childOf<Child>(parent: Map<string, Map<string, Child>>, key: string | null): Map<string, Child> {
  let child = parent.get(key ?? '');
  if (!child) {
    child = new Map();
    parent.set(key ?? '', child);
  }
  return child;
}
