import type { InputRef } from '@pothos/core';
import type { StrategyId } from '../domain/strategies/strategy-id.ts';
import { builder } from './builder.ts';
import { StrategyEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { FilterCriteriaInput, type FilterCriteriaInputShape } from './filter-criteria-input.ts';

export interface DimensionFilterShape {
  readonly filterIds?: readonly { typename: string; id: string }[] | null | undefined;
  readonly symbols?: readonly string[] | null | undefined;
  readonly strategies?: readonly StrategyId[] | null | undefined;
  readonly criteria?: FilterCriteriaInputShape | null | undefined;
}

export const DimensionFilterInput: InputRef<DimensionFilterShape> = builder.inputRef<DimensionFilterShape>('DimensionFilter').implement({
  description: 'Which values of a metric are meant: everything stated must hold. Nothing stated means all that the viewer may see.',
  fields: (t) => ({
    filterIds: t.globalIDList({ for: [FilterRef], description: 'Results of these filters, at most 100. For metrics of results.' }),
    symbols: t.stringList({
      description: 'These underlyings, at most 100, in any case of letters. Metrics of underlyings need one, unless grouped by SYMBOL.',
    }),
    strategies: t.field({ type: [StrategyEnum], description: 'Results of these strategies. For metrics of results.' }),
    criteria: t.field({
      type: FilterCriteriaInput,
      description: 'Results like that. For metrics of results; answered from the rows, which takes longer over a long range.',
    }),
  }),
});
