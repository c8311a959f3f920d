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
/** Values of a dimension in one batch: there are not as many rows. */
const MOST_VALUES = 65_536;

interface MutableGroup {
  readonly combination: DeltaCombination;
  readonly bucketMs: number;
  readonly accumulators: (RollupAccumulator | null)[];
}

interface TierCells {
  readonly widthMs: number;
  readonly cuboids: readonly number[];
  readonly byBucket: Map<number, Map<number, MutableGroup>>;
}

/** @param metrics how many values each row has */
export function createDeltaCells(source: RollupSource, metrics: number): DeltaCells {
  const combinations = new Map<number, DeltaCombination>();
  const cellsOf = (tier: RollupTier): TierCells => ({
    widthMs: ROLLUP_TIERS[tier],
    cuboids: rollupCuboids(source, tier).map((cuboid) => cuboid.reduce((bits, dimension) => bits | BITS[dimension], 0)),
    byBucket: new Map(),
  });
  const tiers: Readonly<Record<RollupTier, TierCells>> = { MINUTE: cellsOf('MINUTE'), HOUR: cellsOf('HOUR'), DAY: cellsOf('DAY') };
  const allTiers = Object.values(tiers);
  const numbers: Readonly<Record<RollupDimension, Map<string, number>>> = { FILTER: new Map(), SYMBOL: new Map(), STRATEGY: new Map() };
  const bins = new Int32Array(metrics);
  let newestMs = Number.NEGATIVE_INFINITY;

  /** From 1, in the order of appearance; 0: the source has no such dimension. */
  function numberOf(dimension: RollupDimension, value: string | undefined): number {
    if (value === undefined) return 0;
    const known = numbers[dimension];
    let number = known.get(value);
    if (number === undefined) {
      number = known.size + 1;
      known.set(value, number);
    }
    return number;
  }

  function combinationOf(
    key: number,
    filterId: string | undefined,
    symbol: string | undefined,
    strategy: string | undefined,
  ): DeltaCombination {
    let combination = combinations.get(key);
    if (!combination) {
      combination = { dimensions: { filterId: filterId ?? null, symbol: symbol ?? null, strategy: strategy ?? null } };
      combinations.set(key, combination);
    }
    return combination;
  }

  return {
    add({ quotedAtMs, dimensions, values }, index) {
      const atMs = quotedAtMs[index]!;
      if (atMs > newestMs) newestMs = atMs;
      const filterId = dimensions.FILTER?.[index];
      const symbol = dimensions.SYMBOL?.[index];
      const strategy = dimensions.STRATEGY?.[index];
      const [filterNumber, symbolNumber, strategyNumber] = [
        numberOf('FILTER', filterId),
        numberOf('SYMBOL', symbol),
        numberOf('STRATEGY', strategy),
      ];
      for (let metric = 0; metric < metrics; metric++) {
        const value = values[metric]![index];
        if (isKnown(value)) bins[metric] = binOf(value);
      }
      for (const { widthMs, cuboids, byBucket } of allTiers) {
        const bucketMs = Math.floor(atMs / widthMs) * widthMs;
        let groups = byBucket.get(bucketMs);
        if (!groups) {
          groups = new Map();
          byBucket.set(bucketMs, groups);
        }
        for (const bits of cuboids) {
          const ofFilter = bits & BITS.FILTER;
          const ofSymbol = bits & BITS.SYMBOL;
          const ofStrategy = bits & BITS.STRATEGY;
          const key =
            ((ofFilter ? filterNumber : 0) * MOST_VALUES + (ofSymbol ? symbolNumber : 0)) * MOST_VALUES + (ofStrategy ? strategyNumber : 0);
          let group = groups.get(key);
          if (!group) {
            const combination = combinationOf(
              key,
              ofFilter ? filterId : undefined,
              ofSymbol ? symbol : undefined,
              ofStrategy ? strategy : undefined,
            );
            group = { combination, bucketMs, accumulators: Array.from<RollupAccumulator | null>({ length: metrics }).fill(null) };
            groups.set(key, group);
          }
          const { accumulators } = group;
          for (let metric = 0; metric < metrics; metric++) {
            const value = values[metric]![index];
            if (!isKnown(value)) continue;
            accumulators[metric] ??= new RollupAccumulator();
            accumulators[metric]!.add(value, atMs, bins[metric]!);
          }
        }
      }
    },
    *groups(tier) {
      for (const groups of tiers[tier].byBucket.values()) yield* groups.values();
    },
    buckets: (tier) => tiers[tier].byBucket.keys(),
    combinations: () => combinations.values(),
    newestMs: () => newestMs,
  };
}

/** What is no finite number cannot be added up. */
function isKnown(value: number | null | undefined): value is number {
  return Number.isFinite(value);
}
