import type { InputRef } from '@pothos/core';
import type { SeriesCorrelation } from '../services/history/correlation-service.ts';
import { builder } from './builder.ts';
import { DimensionFilterInput, type DimensionFilterShape } from './dimension-filter.ts';
import { AggregateTierEnum, MetricEnum } from './rollup-enums.ts';

export interface MetricSelectionShape {
  readonly metric: string;
  readonly filter?: DimensionFilterShape | null | undefined;
}

export const MetricSelectionInput: InputRef<MetricSelectionShape> = builder.inputRef<MetricSelectionShape>('MetricSelection').implement({
  description: 'Values of a metric.',
  fields: (t) => ({
    metric: t.field({ type: MetricEnum, required: true, description: 'Which metric.' }),
    filter: t.field({ type: DimensionFilterInput, description: 'Which of its values.' }),
  }),
});

const known = (value: number) => (Number.isFinite(value) ? value : null);

export const CorrelationRef = builder.objectRef<SeriesCorrelation>('Correlation').implement({
  description: 'How two metrics go together, by buckets in which both have values.',
  fields: (t) => ({
    buckets: t.exposeInt('buckets', { description: 'Buckets in which both have values.' }),
    pairs: t.exposeInt('pairs', { description: 'Pairs of numbers held against each other: one less than buckets when they are changes.' }),
    pearson: t.float({
      nullable: true,
      description:
        'Product-moment correlation, -1 to 1: how close to a straight line. Null with fewer than three pairs, or when one side never changes.',
      resolve: ({ pearson }) => known(pearson),
    }),
    spearman: t.float({
      nullable: true,
      description: 'Rank correlation, -1 to 1: how close to rising, or falling, together always. Null like the other.',
      resolve: ({ spearman }) => known(spearman),
    }),
    tier: t.expose('tier', { type: AggregateTierEnum, description: 'What the one was read from.' }),
    otherTier: t.expose('otherTier', { type: AggregateTierEnum, description: 'What the other was read from.' }),
  }),
});
