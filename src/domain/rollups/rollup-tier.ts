/** Widths of stored buckets, finest first, in milliseconds; days are of UTC. */
export const ROLLUP_TIERS = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 } as const;
export type RollupTier = keyof typeof ROLLUP_TIERS;
