import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import type { AggregateBucket } from '../../domain/rollups/aggregate-figures.ts';
import type { TierChoice } from '../../domain/rollups/choose-tier.ts';
import type { FillMode } from '../../domain/rollups/fill-gaps.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { RollupInterval } from '../../domain/rollups/rollup-interval.ts';
import type { RollupDimension, RollupMetric } from '../../domain/rollups/rollup-metric.ts';

/** Which values of a metric are meant, and who asks. */
export interface ValueSelection {
  readonly metric: RollupMetric;
  /** Only these values of a dimension; one that is left out is not narrowed. */
  readonly where: Readonly<Partial<Record<RollupDimension, readonly string[]>>>;
  /** Conditions on results; null: none. */
  readonly criteria: FilterCriteria | null;
  /** Private filters of others than who asks: nothing of what they found is told or counted. */
  readonly hiddenFilterIds: readonly string[];
}

/** Buckets of a metric, whatever their range. */
export interface SeriesSelection extends ValueSelection {
  readonly interval: RollupInterval;
  /** IANA name. */
  readonly timeZone: string;
  /** One series for each combination of these. */
  readonly groupBy: readonly RollupDimension[];
  /** Whether anybody looks at percentiles; without, they are null where they would have to be merged. */
  readonly withPercentiles: boolean;
}

export interface AggregateRequest extends SeriesSelection {
  /** Market time, epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly beforeMs: number;
  readonly fill: FillMode;
}

/** One series. */
export interface AggregateGroup {
  /** Null: not grouped by. */
  readonly dimensions: SeriesDimensions;
  /** Ascending. */
  readonly buckets: readonly AggregateBucket[];
}

export interface AggregateSeries extends TierChoice {
  readonly metric: RollupMetric;
  readonly interval: RollupInterval;
  readonly timeZone: string;
  /** How far percentiles may be off, as a share of the value; 0: exact. */
  readonly percentileRelativeError: number;
  /** Everything that had been stored then is counted; epoch milliseconds. */
  readonly asOfMs: number;
  /** Most values first. One without dimensions when nothing is grouped by. */
  readonly groups: readonly AggregateGroup[];
}
