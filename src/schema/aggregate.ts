import { type MovingAverageKind, movingAverage } from '../domain/analytics/moving-average.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { type AggregateBucket, type BucketFigure, figureOf } from '../domain/rollups/aggregate-figures.ts';
import type { SeriesDimensions } from '../domain/rollups/rollup-cell.ts';
import type { AggregateGroup, AggregateSeries } from '../services/history/aggregate-request.ts';
import { builder } from './builder.ts';
import { StrategyEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import {
  AggregateTierEnum,
  BucketFigureEnum,
  MetricEnum,
  MovingAverageKindEnum,
  RollupIntervalEnum,
  TierReasonEnum,
} from './rollup-enums.ts';

const LONGEST_PERIOD = 1_000;

const AggregateDimensionsRef = builder.objectRef<SeriesDimensions>('AggregateDimensions').implement({
  description: 'Which values a series is made of. Null: of all, or not grouped by.',
  fields: (t) => ({
    filter: t.field({
      type: FilterRef,
      nullable: true,
      description: 'Results of this filter, as it is now.',
      resolve: ({ filterId }, _arguments, { loaders, services, viewer }) =>
        filterId === null || services.filterPrivacy.isHidden(filterId, viewer) ? null : loaders.filter.load(filterId),
    }),
    symbol: t.exposeString('symbol', { nullable: true, description: 'Of this underlying.' }),
    strategy: t.field({
      type: StrategyEnum,
      nullable: true,
      description: 'Results of this strategy.',
      resolve: ({ strategy }) => strategy as typeof StrategyEnum.$inferType | null,
    }),
  }),
});

const AggregateBucketRef = builder.objectRef<AggregateBucket>('AggregateBucket').implement({
  description: 'The values of a metric from one moment to another, by market time. Figures are in the unit of the metric; null: not known.',
  fields: (t) => ({
    start: t.field({ type: 'DateTime', description: 'Beginning, inclusive, UTC.', resolve: ({ startMs }) => new Date(startMs) }),
    end: t.field({ type: 'DateTime', description: 'End, exclusive, UTC.', resolve: ({ endMs }) => new Date(endMs) }),
    isFinal: t.exposeBoolean('isFinal', {
      description:
        'Whether nothing is expected any more: market time has passed its end by more than rows may be late, or nothing has come for that long. Something late is counted all the same.',
    }),
    count: t.exposeFloat('count', { description: 'Values.' }),
    sum: t.exposeFloat('sum', { nullable: true, description: 'Their sum.' }),
    avg: t.exposeFloat('avg', { nullable: true, description: 'Their mean.' }),
    min: t.exposeFloat('min', { nullable: true, description: 'The smallest.' }),
    max: t.exposeFloat('max', { nullable: true, description: 'The greatest.' }),
    first: t.exposeFloat('first', {
      nullable: true,
      description:
        'The earliest by market time; of several at one moment the one stored first. Where several filters, symbols or strategies are added up, any of those.',
    }),
    last: t.exposeFloat('last', {
      nullable: true,
      description: 'The latest by market time; of several at one moment the one stored last.',
    }),
    stddev: t.exposeFloat('stddev', { nullable: true, description: 'Sample standard deviation (n - 1); null with fewer than two values.' }),
    p50: t.exposeFloat('p50', { nullable: true, description: 'The smallest value that half of them lie at or below.' }),
    p95: t.exposeFloat('p95', { nullable: true, description: 'The smallest value that 95 % of them lie at or below.' }),
    p99: t.exposeFloat('p99', { nullable: true, description: 'The smallest value that 99 % of them lie at or below.' }),
  }),
});

const AggregateGroupRef = builder.objectRef<AggregateGroup>('AggregateGroup').implement({
  description: 'One series.',
  fields: (t) => ({
    dimensions: t.expose('dimensions', { type: AggregateDimensionsRef, description: 'Which values it is made of.' }),
    buckets: t.field({ type: [AggregateBucketRef], description: 'Its buckets, oldest first.', resolve: ({ buckets }) => [...buckets] }),
    movingAverage: t.field({
      type: ['Float'],
      nullable: { list: false, items: true },
      description:
        'The mean of the last buckets up to each, one for each of `buckets` and in their order. Null where there are fewer, or one is not known.',
      args: {
        period: t.arg.int({ required: true, defaultValue: 20, description: `How many buckets, 1 to ${LONGEST_PERIOD}.` }),
        kind: t.arg({ type: MovingAverageKindEnum, required: true, defaultValue: 'SMA', description: 'How they are weighed.' }),
        of: t.arg({ type: BucketFigureEnum, required: true, defaultValue: 'LAST', description: 'Which figure of each.' }),
      },
      resolve: ({ buckets }, { period, kind, of }) => averages(buckets, period, kind, of),
    }),
  }),
});

export const AggregateSeriesRef = builder.objectRef<AggregateSeries>('AggregateSeries').implement({
  description: 'A metric over time, in buckets.',
  fields: (t) => ({
    metric: t.field({ type: MetricEnum, description: 'What was measured.', resolve: ({ metric }) => metric.name }),
    interval: t.expose('interval', { type: RollupIntervalEnum, description: 'How long the buckets are.' }),
    timeZone: t.exposeString('timeZone', { description: 'IANA name of the zone by whose clock they begin.' }),
    tier: t.expose('tier', {
      type: AggregateTierEnum,
      description: 'What the figures were read from: the coarsest that tells them exactly.',
    }),
    tierReason: t.field({ type: TierReasonEnum, description: 'Why from there.', resolve: ({ reason }) => reason }),
    percentileRelativeError: t.exposeFloat('percentileRelativeError', {
      description: 'How far p50, p95 and p99 may be off, as a share of the value (0.01 = 1 %); 0: exact. All other figures are exact.',
    }),
    asOf: t.field({
      type: 'DateTime',
      description: 'What had been stored at this moment is counted, UTC.',
      resolve: ({ asOfMs }) => new Date(asOfMs),
    }),
    groups: t.field({
      type: [AggregateGroupRef],
      description: 'The series, those with most values first; one, when nothing is grouped by.',
      resolve: ({ groups }) => [...groups],
    }),
  }),
});

function averages(buckets: readonly AggregateBucket[], period: number, kind: MovingAverageKind, of: BucketFigure): (number | null)[] {
  if (period < 1 || period > LONGEST_PERIOD) {
    throw new ValidationError([{ path: 'period', message: `expected 1 to ${LONGEST_PERIOD} buckets, got ${period}` }]);
  }
  const values = Float64Array.from(buckets, (bucket) => figureOf(bucket, of));
  return Array.from(movingAverage(values, kind, period), (value) => (Number.isFinite(value) ? value : null));
}
