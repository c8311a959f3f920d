import { AggregateSeriesRef } from '../schema/aggregate.ts';
import { builder } from '../schema/builder.ts';
import { DimensionFilterInput } from '../schema/dimension-filter.ts';
import { HISTORY_RANGE_ARGUMENTS } from '../schema/history-range-arguments.ts';
import { DimensionEnum, FillModeEnum, MetricEnum, RollupIntervalEnum } from '../schema/rollup-enums.ts';
import { rowsOfLists } from '../schema/rows-of-lists.ts';
import { asksForPercentiles } from './asks-for-percentiles.ts';
import { bucketsAsked, groupsAsked } from './buckets-asked.ts';
import { parseHistoryRange } from './parse-history-range.ts';
import { parseTimeZone } from './parse-time-zone.ts';
import { parseValueSelection } from './parse-value-selection.ts';

/** What is told of a series at a time: the bucket that grows and the one that is final. */
const LIVE_BUCKETS = 2;

builder.queryFields((t) => ({
  aggregates: t.field({
    type: AggregateSeriesRef,
    authScopes: { permission: 'READ_RESULTS' },
    description:
      'A metric over time: every bucket that the range touches, whole, up to now, by market time. From the coarsest of what is stored that tells it exactly; what has been stored a moment ago is counted. Rows that retention has removed are not, where only they could tell.',
    extensions: rowsOfLists((given) => ({ groups: groupsAsked(given), buckets: bucketsAsked(given) })),
    args: {
      metric: t.arg({ type: MetricEnum, required: true, description: 'What was measured.' }),
      interval: t.arg({ type: RollupIntervalEnum, required: true, description: 'How long the buckets are.' }),
      ...HISTORY_RANGE_ARGUMENTS,
      timeZone: t.arg.string({ required: true, defaultValue: 'UTC', description: 'IANA name of the zone by whose clock buckets begin.' }),
      groupBy: t.arg({ type: [DimensionEnum], description: 'One series for each combination of these; nothing: one of all.' }),
      filter: t.arg({ type: DimensionFilterInput, description: 'Which values.' }),
      fill: t.arg({ type: FillModeEnum, required: true, defaultValue: 'NONE', description: 'What stands for buckets without values.' }),
    },
    resolve: (_root, { interval, range, timeZone, fill, ...selection }, context, info) =>
      context.services.aggregates.series({
        ...parseValueSelection(selection, context),
        ...parseHistoryRange(range),
        interval,
        timeZone: parseTimeZone(timeZone),
        groupBy: [...new Set(selection.groupBy)],
        fill,
        withPercentiles: asksForPercentiles(info),
      }),
  }),
}));

builder.subscriptionFields((t) => ({
  aggregates: t.field({
    type: AggregateSeriesRef,
    authScopes: { permission: 'READ_RESULTS' },
    description:
      'Buckets as they grow: first the newest ones, then at most once a second those that have become others, each once more when it is final, and again when something late comes. Who is slow gets the newest of each bucket. `movingAverage` is of the buckets told together.',
    extensions: rowsOfLists((given) => ({ groups: groupsAsked(given), buckets: LIVE_BUCKETS })),
    args: {
      metric: t.arg({ type: MetricEnum, required: true, description: 'What is measured.' }),
      interval: t.arg({ type: RollupIntervalEnum, required: true, description: 'How long the buckets are.' }),
      timeZone: t.arg.string({ required: true, defaultValue: 'UTC', description: 'IANA name of the zone by whose clock buckets begin.' }),
      groupBy: t.arg({ type: [DimensionEnum], description: 'One series for each combination of these; nothing: one of all.' }),
      filter: t.arg({ type: DimensionFilterInput, description: 'Which values.' }),
    },
    subscribe: (_root, { interval, timeZone, ...selection }, context, info) => {
      // Which filters are hidden is asked again with every reading.
      const { metric, where, criteria } = parseValueSelection(selection, context);
      const live = { metric, where, criteria, interval, timeZone: parseTimeZone(timeZone), groupBy: [...new Set(selection.groupBy)] };
      return context.services.liveAggregates.subscribe({ ...live, withPercentiles: asksForPercentiles(info) }, context.viewer);
    },
    resolve: (series, _arguments, context) => {
      context.loaders.renew();
      return series;
    },
  }),
}));
