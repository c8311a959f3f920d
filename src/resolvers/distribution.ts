import { builder } from '../schema/builder.ts';
import { costOfWork } from '../schema/cost-of-work.ts';
import { DimensionFilterInput } from '../schema/dimension-filter.ts';
import { DistributionRef, ValueStatisticsRef } from '../schema/distribution.ts';
import { HISTORY_RANGE_ARGUMENTS } from '../schema/history-range-arguments.ts';
import { MetricEnum } from '../schema/rollup-enums.ts';
import { rowsOfLists } from '../schema/rows-of-lists.ts';
import { UnderlyingRef } from '../schema/underlying.ts';
import { parseHistoryRange } from './parse-history-range.ts';
import { parseValueSelection } from './parse-value-selection.ts';

/** What bins are taken to be when the values decide. */
const USUAL_BINS = 50;

builder.queryFields((t) => ({
  distribution: t.field({
    type: DistributionRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'How the values of a metric spread; exact, from the rows.',
    extensions: {
      ...rowsOfLists(({ bins }) => ({ bins: typeof bins === 'number' ? Math.max(1, bins) : USUAL_BINS })),
      ...costOfWork(500),
    },
    args: {
      metric: t.arg({ type: MetricEnum, required: true, description: 'What was measured.' }),
      ...HISTORY_RANGE_ARGUMENTS,
      filter: t.arg({ type: DimensionFilterInput, description: 'Which values.' }),
      bins: t.arg.int({ description: 'Bins of the histogram, 1 to 200; by default as many as suit the values (Freedman-Diaconis).' }),
    },
    resolve: (_root, { range, bins, ...selection }, context) =>
      context.services.distributions.distribution({
        ...parseValueSelection(selection, context),
        ...parseHistoryRange(range),
        bins: bins ?? null,
      }),
  }),
}));

builder.objectFields(UnderlyingRef, (t) => ({
  statistics: t.field({
    type: ValueStatisticsRef,
    nullable: true,
    description: 'What can be told of the values of a metric for this underlying; null without values.',
    extensions: costOfWork(500),
    args: {
      metric: t.arg({ type: MetricEnum, required: true, description: 'What was measured.' }),
      ...HISTORY_RANGE_ARGUMENTS,
    },
    resolve: ({ symbol }, { metric: name, range }, context) => {
      const { metric, hiddenFilterIds } = parseValueSelection({ metric: name, groupBy: ['SYMBOL'] }, context);
      const query = { metric, hiddenFilterIds, ...parseHistoryRange(range) };
      return context.loaders.underlyingStatistics.load({ symbol, query });
    },
  }),
}));
