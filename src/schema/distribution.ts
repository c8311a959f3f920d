import { type Distribution, type DistributionBin, quantileOf } from '../services/history/distribution-service.ts';
import type { SUMMARY_QUANTILES, ValueSummary } from '../services/history/row-summary.ts';
import { builder } from './builder.ts';
import { MetricEnum } from './rollup-enums.ts';

/** By the names of their fields. */
const QUANTILES: readonly (readonly [string, (typeof SUMMARY_QUANTILES)[number], string])[] = [
  ['p1', 0.01, '1st percentile'],
  ['p5', 0.05, '5th percentile'],
  ['p25', 0.25, 'lower quartile'],
  ['median', 0.5, 'median'],
  ['p75', 0.75, 'upper quartile'],
  ['p95', 0.95, '95th percentile'],
  ['p99', 0.99, '99th percentile'],
];

export const ValueStatisticsRef = builder.objectRef<ValueSummary>('ValueStatistics').implement({
  description: 'What can be told of values; exact, in the unit of the metric.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Known values.' }),
    min: t.exposeFloat('min', { description: 'The smallest.' }),
    max: t.exposeFloat('max', { description: 'The greatest.' }),
    mean: t.exposeFloat('mean', { description: 'Their mean.' }),
    stddev: t.exposeFloat('stddev', { nullable: true, description: 'Sample standard deviation (n - 1); null of a single value.' }),
    ...Object.fromEntries(
      QUANTILES.map(([name, share, words]) => [
        name,
        t.float({
          description: `Their ${words}, linear between two values (R-7).`,
          resolve: (summary) => quantileOf(summary, share),
        }),
      ]),
    ),
    first: t.exposeFloat('first', { description: 'The earliest by market time.' }),
    firstAt: t.field({ type: 'DateTime', description: 'When it was true, UTC.', resolve: ({ firstAtMs }) => new Date(firstAtMs) }),
    last: t.exposeFloat('last', { description: 'The latest by market time.' }),
    lastAt: t.field({ type: 'DateTime', description: 'When it was true, UTC.', resolve: ({ lastAtMs }) => new Date(lastAtMs) }),
  }),
});

const DistributionBinRef = builder.objectRef<DistributionBin>('DistributionBin').implement({
  description: 'Values between two bounds.',
  fields: (t) => ({
    from: t.exposeFloat('from', { description: 'Lower bound, inclusive.' }),
    to: t.exposeFloat('to', { description: 'Upper bound, exclusive; of the last bin inclusive.' }),
    count: t.exposeInt('count', { description: 'Values in it.' }),
  }),
});

export const DistributionRef = builder.objectRef<Distribution>('Distribution').implement({
  description: 'How the values of a metric spread; exact, from the rows.',
  fields: (t) => ({
    metric: t.field({ type: MetricEnum, description: 'What was measured.', resolve: ({ metric }) => metric.name }),
    statistics: t.expose('summary', {
      type: ValueStatisticsRef,
      nullable: true,
      description: 'What can be told of them; null without values.',
    }),
    bins: t.field({
      type: [DistributionBinRef],
      description: 'From the smallest to the greatest value, of equal width, ascending; fewer than asked for when values are alike.',
      resolve: ({ bins }) => [...bins],
    }),
  }),
});
