import type { RollupDimension, RollupSource } from './rollup-metric.ts';
import type { RollupTier } from './rollup-tier.ts';

export type Cuboid = readonly RollupDimension[];

const TOTAL: Cuboid = [];
const SINGLES: readonly Cuboid[] = [['FILTER'], ['SYMBOL'], ['STRATEGY']];
const PAIRS: readonly Cuboid[] = [
  ['FILTER', 'SYMBOL'],
  ['FILTER', 'STRATEGY'],
  ['SYMBOL', 'STRATEGY'],
];
const ALL: Cuboid = ['FILTER', 'SYMBOL', 'STRATEGY'];

/**
 * The sets of dimensions whose combinations have cells of their own. What is grouped or narrowed by exactly one of these is read and not added up. Within a minute
 * there are hardly more results than combinations, so minutes have no pairs. A mean over several underlyings says nothing, so there is none.
 */
export function rollupCuboids(source: RollupSource, tier: RollupTier): readonly Cuboid[] {
  switch (source) {
    case 'SCAN_RESULTS':
      return tier === 'MINUTE' ? [TOTAL, ...SINGLES] : [TOTAL, ...SINGLES, ...PAIRS, ALL];
    case 'UNDERLYINGS':
      return [['SYMBOL']];
    case 'SCANS':
      return [TOTAL, ['SYMBOL']];
  }
}
