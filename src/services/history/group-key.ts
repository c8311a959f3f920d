import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { RollupDimension } from '../../domain/rollups/rollup-metric.ts';

/** The dimensions of a series without those that nobody grouped by. */
export function groupedDimensions({ filterId, symbol, strategy }: SeriesDimensions, groupBy: readonly RollupDimension[]): SeriesDimensions {
  return {
    filterId: groupBy.includes('FILTER') ? filterId : null,
    symbol: groupBy.includes('SYMBOL') ? symbol : null,
    strategy: groupBy.includes('STRATEGY') ? strategy : null,
  };
}

/** The same text for the same dimensions. */
export function groupKey({ filterId, symbol, strategy }: SeriesDimensions): string {
  return JSON.stringify([filterId, symbol, strategy]);
}
