import type { InputRef } from '@pothos/core';
import { METRICS, type MetricName } from '../domain/candidates/metric.ts';
import type { DateRange, FilterCriteria, MetricRange, SetCriterion } from '../domain/filters/filter-criteria.ts';
import type { StrategyId } from '../domain/strategies/strategy-id.ts';
import { builder } from './builder.ts';
import { StrategyEnum } from './enums.ts';

type Nullable<T> = T | null | undefined;

export interface FloatRangeInputShape {
  readonly min?: Nullable<number>;
  readonly max?: Nullable<number>;
  readonly isNull?: Nullable<boolean>;
}

interface SetInputShape<T> {
  readonly in?: Nullable<readonly T[]>;
  readonly notIn?: Nullable<readonly T[]>;
}

export type FilterCriteriaInputShape = {
  readonly symbols?: Nullable<SetInputShape<string>>;
  readonly strategies?: Nullable<SetInputShape<StrategyId>>;
  readonly expiration?: Nullable<{ readonly min?: Nullable<Date>; readonly max?: Nullable<Date> }>;
  readonly all?: Nullable<readonly FilterCriteriaInputShape[]>;
  readonly any?: Nullable<readonly FilterCriteriaInputShape[]>;
  readonly none?: Nullable<readonly FilterCriteriaInputShape[]>;
} & { readonly [Name in MetricName]?: Nullable<FloatRangeInputShape> };

export const FloatRangeInput: InputRef<FloatRangeInputShape> = builder.inputRef<FloatRangeInputShape>('FloatRangeInput').implement({
  description: 'Inclusive bounds. A value that is unknown lies in no range.',
  fields: (t) => ({
    min: t.float({ description: 'Smallest value that passes.' }),
    max: t.float({ description: 'Greatest value that passes.' }),
    isNull: t.boolean({ description: 'True: passes only when the value is unknown. False: only when it is known.' }),
  }),
});

const SymbolSetInput = builder.inputRef<SetInputShape<string>>('SymbolSetInput').implement({
  description: 'Underlyings by symbol.',
  fields: (t) => ({
    in: t.stringList({ description: 'Only these.' }),
    notIn: t.stringList({ description: 'None of these.' }),
  }),
});

const StrategySetInput = builder.inputRef<SetInputShape<StrategyId>>('StrategySetInput').implement({
  description: 'Strategies.',
  fields: (t) => ({
    in: t.field({ type: [StrategyEnum], description: 'Only these.' }),
    notIn: t.field({ type: [StrategyEnum], description: 'None of these.' }),
  }),
});

const DateRangeInput = builder.inputRef<{ min?: Nullable<Date>; max?: Nullable<Date> }>('DateRangeInput').implement({
  description: 'Inclusive calendar dates.',
  fields: (t) => ({
    min: t.field({ type: 'Date', description: 'First date that passes.' }),
    max: t.field({ type: 'Date', description: 'Last date that passes.' }),
  }),
});

export const FilterCriteriaInput = builder.inputRef<FilterCriteriaInputShape>('FilterCriteriaInput');

type CriteriaFieldBuilder = Parameters<Parameters<typeof FilterCriteriaInput.implement>[0]['fields']>[0];

/** The fields of criteria; inputs that extend criteria have them too. */
export function criteriaInputFields(t: CriteriaFieldBuilder) {
  return {
    symbols: t.field({ type: SymbolSetInput, description: 'Underlyings.' }),
    strategies: t.field({ type: StrategySetInput, description: 'Strategies.' }),
    expiration: t.field({ type: DateRangeInput, description: 'Expiration of the nearest leg.' }),
    ...Object.fromEntries(METRICS.map((metric) => [metric.name, t.field({ type: FloatRangeInput, description: metric.description })])),
    all: t.field({ type: [FilterCriteriaInput], description: 'Every group must hold.' }),
    any: t.field({ type: [FilterCriteriaInput], description: 'At least one group must hold, when there are some.' }),
    none: t.field({ type: [FilterCriteriaInput], description: 'No group may hold.' }),
  };
}

FilterCriteriaInput.implement({
  description: 'What a result must be like: everything stated must hold. Nothing stated matches everything.',
  fields: (t) => criteriaInputFields(t) as never,
});

/** Input as the domain knows it; not yet validated. */
export function toFilterCriteria(input: FilterCriteriaInputShape): FilterCriteria {
  const metrics: Partial<Record<MetricName, MetricRange>> = {};
  for (const { name } of METRICS) {
    const range = input[name];
    if (range) metrics[name] = withoutNulls(range);
  }
  const groups = (list: Nullable<readonly FilterCriteriaInputShape[]>) => list?.map(toFilterCriteria);
  return withoutNulls({
    symbols: input.symbols && withoutNulls<SetCriterion<string>>(input.symbols),
    strategies: input.strategies && withoutNulls<SetCriterion<StrategyId>>(input.strategies),
    expiration:
      input.expiration && withoutNulls<DateRange>({ min: calendarDate(input.expiration.min), max: calendarDate(input.expiration.max) }),
    metrics: Object.keys(metrics).length > 0 ? metrics : undefined,
    all: groups(input.all),
    any: groups(input.any),
    none: groups(input.none),
  });
}

function calendarDate(date: Nullable<Date>): string | undefined {
  return date?.toISOString().slice(0, 10);
}

/** An optional input that is null means the same as one that is absent. */
function withoutNulls<Shape extends object>(value: { readonly [Key in keyof Shape]: Shape[Key] | null | undefined }): Shape {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined)) as Shape;
}
