import { SERIES_CHANGES } from '../domain/analytics/correlate.ts';
import { MOVING_AVERAGE_KINDS } from '../domain/analytics/moving-average.ts';
import { BUCKET_FIGURES } from '../domain/rollups/aggregate-figures.ts';
import { AGGREGATE_TIERS, TIER_REASONS } from '../domain/rollups/choose-tier.ts';
import { FILL_MODES } from '../domain/rollups/fill-gaps.ts';
import { ROLLUP_INTERVAL_NAMES } from '../domain/rollups/rollup-interval.ts';
import { ROLLUP_DIMENSIONS, ROLLUP_METRICS } from '../domain/rollups/rollup-metric.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const MetricEnum = builder.enumType('Metric', {
  description: 'A number whose history is kept in buckets. Values that are unknown are not counted.',
  values: Object.fromEntries(ROLLUP_METRICS.map(({ name, description }) => [name, { description }])),
});

export const RollupIntervalEnum = builder.enumType('RollupInterval', {
  description: 'How long buckets are, by the clock of a time zone.',
  values: describedValues(ROLLUP_INTERVAL_NAMES, {
    MINUTE_1: 'A minute.',
    MINUTE_5: 'Five minutes.',
    MINUTE_15: 'A quarter of an hour.',
    HOUR_1: 'An hour.',
    DAY_1: 'A date: 23 or 25 hours when the clock is changed.',
    WEEK_1: 'A week from Monday on (ISO 8601).',
    MONTH_1: 'A month.',
  }),
});

export const DimensionEnum = builder.enumType('Dimension', {
  description: 'By what values can be told apart. Metrics of underlyings and of scans: by symbol only.',
  values: describedValues(ROLLUP_DIMENSIONS, {
    FILTER: 'The filter that a result passed.',
    SYMBOL: 'The symbol of the underlying.',
    STRATEGY: 'The strategy of a result.',
  }),
});

export const FillModeEnum = builder.enumType('FillMode', {
  description: 'What stands for buckets without values.',
  values: describedValues(FILL_MODES, {
    NONE: 'Nothing: they are left out.',
    NULL: 'A bucket whose count is 0 and whose other figures are null.',
    PREVIOUS: 'The last value before goes on; its count is 0, sum and stddev are null. Before the first value of the range: as NULL.',
    ZERO: 'A bucket whose figures are all 0.',
  }),
});

export const AggregateTierEnum = builder.enumType('AggregateTier', {
  description: 'What figures were read from.',
  values: describedValues(AGGREGATE_TIERS, {
    MINUTE: 'Stored minutes.',
    HOUR: 'Stored hours.',
    DAY: 'Stored days of UTC.',
    RAW: 'The rows themselves.',
  }),
});

export const TierReasonEnum = builder.enumType('TierReason', {
  description: 'Why figures were read from there.',
  values: describedValues(TIER_REASONS, {
    COARSEST_EXACT: 'The widest stored buckets that the ones asked for are whole multiples of.',
    CRITERIA: 'Criteria are about rows; stored buckets know nothing of them.',
    COMBINATION: 'There are no stored buckets for this combination of dimensions.',
    BOUNDS: 'Buckets of this time zone begin at no whole minute.',
  }),
});

export const BucketFigureEnum = builder.enumType('BucketFigure', {
  description: 'A figure of a bucket.',
  values: describedValues(BUCKET_FIGURES, {
    COUNT: 'Number of values.',
    SUM: 'Their sum.',
    AVG: 'Their mean.',
    MIN: 'The smallest.',
    MAX: 'The greatest.',
    FIRST: 'The earliest.',
    LAST: 'The latest.',
    STDDEV: 'Their sample standard deviation.',
    P50: 'Their median.',
    P95: 'Their 95th percentile.',
    P99: 'Their 99th percentile.',
  }),
});

export const MovingAverageKindEnum = builder.enumType('MovingAverageKind', {
  description: 'How values are weighed.',
  values: describedValues(MOVING_AVERAGE_KINDS, {
    SMA: 'All alike.',
    EMA: 'The newest most: weights fall by 2/(period + 1) each. Begins with the mean of the first `period` values.',
    WMA: 'Weights fall linearly: period, period - 1, …, 1.',
  }),
});

export const SeriesChangeEnum = builder.enumType('SeriesChange', {
  description: 'What of the figures is held against each other.',
  values: describedValues(SERIES_CHANGES, {
    LEVEL: 'The figures themselves. Two that both drift seem to go together.',
    CHANGE: 'Each less the one before.',
    LOG_CHANGE: 'The logarithm of each divided by the one before, as of returns of prices; positive figures only.',
  }),
});
