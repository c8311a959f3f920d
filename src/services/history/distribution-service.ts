import { automaticBins, binStarts, MOST_BINS } from '../../domain/analytics/histogram-bins.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { RollupMetric } from '../../domain/rollups/rollup-metric.ts';
import type { ValueSelection } from './aggregate-request.ts';
import { type MomentRange, pastRange } from './past-range.ts';
import { type RowSummaries, SUMMARY_QUANTILES, type ValueSummary } from './row-summary.ts';

export interface DistributionRequest extends ValueSelection, MomentRange {
  /** Null: as many as suit the values. */
  readonly bins: number | null;
}

export interface DistributionBin {
  /** Included. */
  readonly from: number;
  /** Excluded, but in the last bin. */
  readonly to: number;
  readonly count: number;
}

export interface Distribution {
  readonly metric: RollupMetric;
  /** Null: there are no values. */
  readonly summary: ValueSummary | null;
  /** Of equal width, ascending. */
  readonly bins: readonly DistributionBin[];
}

export interface StatisticsQuery extends MomentRange {
  readonly metric: RollupMetric;
  readonly hiddenFilterIds: readonly string[];
}

export interface DistributionService {
  /** Exact, from the rows. @throws ValidationError */
  distribution(request: DistributionRequest): Promise<Distribution>;
  /** The values of each symbol, of those that have some. Exact, from the rows. @throws ValidationError */
  statistics(query: StatisticsQuery, symbols: readonly string[]): Promise<ReadonlyMap<string, ValueSummary>>;
}

export interface DistributionServiceDeps {
  readonly summaries: RowSummaries;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** How far market time may be ahead of the clock. */
const AHEAD_MS = 3_600_000;

export function createDistributionService({ summaries, clock }: DistributionServiceDeps): DistributionService {
  return {
    async distribution({ bins, ...request }) {
      if (bins !== null && !(bins >= 1 && bins <= MOST_BINS)) {
        throw new ValidationError([{ path: 'bins', message: `expected 1 to ${MOST_BINS} bins, got ${bins}` }]);
      }
      const query = { ...request, ...pastRange(request, clock() + AHEAD_MS) };
      const { summary, sequence } = await summaries.all(query);
      const { metric } = request;
      if (summary === null) return { metric, summary, bins: [] };
      const { count, min, max } = summary;
      const spread = { count, min, max, lowerQuartile: quantileOf(summary, 0.25), upperQuartile: quantileOf(summary, 0.75) };
      const starts = binStarts(min, max, bins ?? automaticBins(spread));
      const counts = await summaries.counts(query, starts, sequence);
      return { metric, summary, bins: starts.map((from, index) => ({ from, to: starts[index + 1] ?? max, count: counts[index]! })) };
    },
    async statistics({ metric, hiddenFilterIds, ...range }, symbols) {
      const within = pastRange(range, clock() + AHEAD_MS);
      return summaries.bySymbol({ metric, ...within, where: { SYMBOL: symbols }, criteria: null, hiddenFilterIds });
    },
  };
}

/** @param share one of SUMMARY_QUANTILES */
export function quantileOf({ quantiles }: ValueSummary, share: (typeof SUMMARY_QUANTILES)[number]): number {
  return quantiles[SUMMARY_QUANTILES.indexOf(share)]!;
}
