import { builder } from '../schema/builder.ts';
import { CorrelationRef, MetricSelectionInput } from '../schema/correlation.ts';
import { costOfWork } from '../schema/cost-of-work.ts';
import { HISTORY_RANGE_ARGUMENTS } from '../schema/history-range-arguments.ts';
import { BucketFigureEnum, RollupIntervalEnum, SeriesChangeEnum } from '../schema/rollup-enums.ts';
import { parseHistoryRange } from './parse-history-range.ts';
import { parseTimeZone } from './parse-time-zone.ts';
import { parseValueSelection } from './parse-value-selection.ts';

builder.queryFields((t) => ({
  correlation: t.field({
    type: CorrelationRef,
    authScopes: { permission: 'READ_RESULTS' },
    description:
      'How two metrics go together over time, by buckets in which both have values. Changes are from one of those to the next, also over what lies between.',
    extensions: costOfWork(500),
    args: {
      one: t.arg({ type: MetricSelectionInput, required: true, description: 'Values of a metric.' }),
      other: t.arg({ type: MetricSelectionInput, required: true, description: 'Those to hold against it.' }),
      interval: t.arg({ type: RollupIntervalEnum, required: true, description: 'How long the buckets are.' }),
      ...HISTORY_RANGE_ARGUMENTS,
      timeZone: t.arg.string({ required: true, defaultValue: 'UTC', description: 'IANA name of the zone by whose clock buckets begin.' }),
      of: t.arg({ type: BucketFigureEnum, required: true, defaultValue: 'LAST', description: 'Which figure of each bucket.' }),
      change: t.arg({ type: SeriesChangeEnum, required: true, defaultValue: 'LEVEL', description: 'What of the figures.' }),
    },
    resolve: (_root, { one, other, interval, range, timeZone, of, change }, context) =>
      context.services.correlations.correlation({
        one: parseValueSelection(one, context, 'one.'),
        other: parseValueSelection(other, context, 'other.'),
        ...parseHistoryRange(range),
        interval,
        timeZone: parseTimeZone(timeZone),
        of,
        change,
      }),
  }),
}));
