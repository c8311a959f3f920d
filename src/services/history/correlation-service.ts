import { type Correlation, correlate, type SeriesChange, seriesChange } from '../../domain/analytics/correlate.ts';
import { type BucketFigure, figureOf } from '../../domain/rollups/aggregate-figures.ts';
import type { AggregateTier } from '../../domain/rollups/choose-tier.ts';
import type { RollupInterval } from '../../domain/rollups/rollup-interval.ts';
import type { ValueSelection } from './aggregate-request.ts';
import type { AggregateService } from './aggregate-service.ts';
import type { MomentRange } from './past-range.ts';

export interface CorrelationRequest extends MomentRange {
  readonly one: ValueSelection;
  readonly other: ValueSelection;
  readonly interval: RollupInterval;
  /** IANA name. */
  readonly timeZone: string;
  /** Which figure of each bucket. */
  readonly of: BucketFigure;
  readonly change: SeriesChange;
}

export interface SeriesCorrelation extends Correlation {
  /** Buckets in which both have values. */
  readonly buckets: number;
  readonly tier: AggregateTier;
  readonly otherTier: AggregateTier;
}

export interface CorrelationService {
  /**
   * How two metrics go together: by the buckets in which both have values; changes are from one of those to the next, also over what lies between.
   * @throws ValidationError, LimitExceededError
   */
  correlation(request: CorrelationRequest): Promise<SeriesCorrelation>;
}

const PERCENTILES: ReadonlySet<BucketFigure> = new Set(['P50', 'P95', 'P99']);

export function createCorrelationService({ aggregates }: { aggregates: AggregateService }): CorrelationService {
  return {
    async correlation({ one, other, of, change, ...rest }) {
      const series = (selection: ValueSelection) =>
        aggregates.series({ ...rest, ...selection, groupBy: [], fill: 'NONE', withPercentiles: PERCENTILES.has(of) });
      const [left, right] = await Promise.all([series(one), series(other)]);
      const byStart = new Map(right.groups[0]!.buckets.map((bucket) => [bucket.startMs, figureOf(bucket, of)]));
      const pairs = left.groups[0]!.buckets.map(
        (bucket) => [figureOf(bucket, of), byStart.get(bucket.startMs) ?? Number.NaN] as const,
      ).filter(([value, beside]) => Number.isFinite(value) && Number.isFinite(beside));
      const column = (index: 0 | 1) =>
        seriesChange(
          Float64Array.from(pairs, (pair) => pair[index]),
          change,
        );
      return { ...correlate(column(0), column(1)), buckets: pairs.length, tier: left.tier, otherTier: right.tier };
    },
  };
}
