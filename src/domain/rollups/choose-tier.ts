import { rollupCuboids } from './rollup-cuboids.ts';
import type { RollupDimension, RollupSource } from './rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from './rollup-tier.ts';

/** Where figures are read: stored buckets of a width, or the rows themselves. */
export const AGGREGATE_TIERS = ['MINUTE', 'HOUR', 'DAY', 'RAW'] as const;
export type AggregateTier = (typeof AGGREGATE_TIERS)[number];

/**
 * COARSEST_EXACT: the widest stored buckets that the ones asked for are whole multiples of. CRITERIA: conditions on rows, which stored buckets know nothing of.
 * COMBINATION: no stored buckets for this combination of dimensions. BOUNDS: bounds that no stored bucket begins at.
 */
export const TIER_REASONS = ['COARSEST_EXACT', 'CRITERIA', 'COMBINATION', 'BOUNDS'] as const;
export type TierReason = (typeof TIER_REASONS)[number];

export interface TierChoice {
  readonly tier: AggregateTier;
  readonly reason: TierReason;
}

export interface TierQuestion {
  readonly source: RollupSource;
  /** Of the buckets asked for, epoch milliseconds. */
  readonly bounds: readonly number[];
  /** All that is grouped or narrowed by. */
  readonly dimensions: ReadonlySet<RollupDimension>;
  /** Whether there are conditions on rows beyond dimensions. */
  readonly hasCriteria: boolean;
}

const COARSEST_FIRST: readonly RollupTier[] = ['DAY', 'HOUR', 'MINUTE'];

/** The coarsest tier that answers exactly. */
export function chooseTier({ source, bounds, dimensions, hasCriteria }: TierQuestion): TierChoice {
  if (hasCriteria) return { tier: 'RAW', reason: 'CRITERIA' };
  const fitting = COARSEST_FIRST.filter((tier) => bounds.every((ms) => ms % ROLLUP_TIERS[tier] === 0));
  if (fitting.length === 0) return { tier: 'RAW', reason: 'BOUNDS' };
  const tier = fitting.find((candidate) => hasCuboid(source, candidate, dimensions));
  return tier ? { tier, reason: 'COARSEST_EXACT' } : { tier: 'RAW', reason: 'COMBINATION' };
}

function hasCuboid(source: RollupSource, tier: RollupTier, dimensions: ReadonlySet<RollupDimension>): boolean {
  return rollupCuboids(source, tier).some((cuboid) => cuboid.length === dimensions.size && cuboid.every((name) => dimensions.has(name)));
}
