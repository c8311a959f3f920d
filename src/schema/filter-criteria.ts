import { METRICS } from '../domain/candidates/metric.ts';
import type { DateRange, FilterCriteria, MetricRange, SetCriterion } from '../domain/filters/filter-criteria.ts';
import type { StrategyId } from '../domain/strategies/strategy-id.ts';
import { builder } from './builder.ts';
import { StrategyEnum } from './enums.ts';

const FloatRange = builder.objectRef<MetricRange>('FloatRange').implement({
  description: 'Inclusive bounds. A value that is unknown lies in no range.',
  fields: (t) => ({
    min: t.float({ nullable: true, description: 'Smallest value that passes.', resolve: (range) => range.min ?? null }),
    max: t.float({ nullable: true, description: 'Greatest value that passes.', resolve: (range) => range.max ?? null }),
    isNull: t.boolean({
      nullable: true,
      description: 'True: passes only when the value is unknown. False: only when it is known.',
      resolve: (range) => range.isNull ?? null,
    }),
  }),
});

const SymbolSet = builder.objectRef<SetCriterion<string>>('SymbolSet').implement({
  description: 'Underlyings by symbol.',
  fields: (t) => ({
    in: t.stringList({ nullable: true, description: 'Only these.', resolve: (set) => set.in && [...set.in] }),
    notIn: t.stringList({ nullable: true, description: 'None of these.', resolve: (set) => set.notIn && [...set.notIn] }),
  }),
});

const StrategySet = builder.objectRef<SetCriterion<StrategyId>>('StrategySet').implement({
  description: 'Strategies.',
  fields: (t) => ({
    in: t.field({ type: [StrategyEnum], nullable: true, description: 'Only these.', resolve: (set) => set.in && [...set.in] }),
    notIn: t.field({ type: [StrategyEnum], nullable: true, description: 'None of these.', resolve: (set) => set.notIn && [...set.notIn] }),
  }),
});

const DateRangeRef = builder.objectRef<DateRange>('DateRange').implement({
  description: 'Inclusive calendar dates.',
  fields: (t) => ({
    min: t.field({ type: 'Date', nullable: true, description: 'First date that passes.', resolve: (range) => range.min ?? null }),
    max: t.field({ type: 'Date', nullable: true, description: 'Last date that passes.', resolve: (range) => range.max ?? null }),
  }),
});

export const FilterCriteriaRef = builder.objectRef<FilterCriteria>('FilterCriteria');

FilterCriteriaRef.implement({
  description: 'What a result must be like: everything stated must hold. Nothing stated matches everything.',
  fields: (t) => ({
    symbols: t.field({ type: SymbolSet, nullable: true, description: 'Underlyings.', resolve: (criteria) => criteria.symbols }),
    strategies: t.field({ type: StrategySet, nullable: true, description: 'Strategies.', resolve: (criteria) => criteria.strategies }),
    expiration: t.field({
      type: DateRangeRef,
      nullable: true,
      description: 'Expiration of the nearest leg.',
      resolve: (criteria) => criteria.expiration,
    }),
    ...Object.fromEntries(
      METRICS.map((metric) => [
        metric.name,
        t.field({
          type: FloatRange,
          nullable: true,
          description: metric.description,
          resolve: (criteria) => criteria.metrics?.[metric.name],
        }),
      ]),
    ),
    all: t.field({ type: [FilterCriteriaRef], description: 'Every group must hold.', resolve: (criteria) => [...(criteria.all ?? [])] }),
    any: t.field({
      type: [FilterCriteriaRef],
      description: 'At least one group must hold, when there are some.',
      resolve: (criteria) => [...(criteria.any ?? [])],
    }),
    none: t.field({ type: [FilterCriteriaRef], description: 'No group may hold.', resolve: (criteria) => [...(criteria.none ?? [])] }),
  }),
});
