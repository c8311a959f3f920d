import type { InputRef } from '@pothos/core';
import type { FilterLimits } from '../domain/filters/filter-limits.ts';
import { builder } from './builder.ts';

export const FilterLimitsRef = builder.objectRef<FilterLimits>('FilterLimits').implement({
  description: 'What a filter takes at most.',
  fields: (t) => ({
    resultsPerUnderlying: t.int({
      nullable: true,
      description: 'Results of one underlying in one pass, the best first; null: as many as the server grants.',
      resolve: ({ resultsPerUnderlying }) => resultsPerUnderlying,
    }),
    minimumScore: t.float({
      nullable: true,
      description: 'Lowest score that is stored, 0 to 100; null: any.',
      resolve: ({ minimumScore }) => minimumScore,
    }),
    cooldownSeconds: t.int({
      nullable: true,
      description:
        'How long after a result the same legs are not stored again, in seconds, however their quotes change; null: as soon as they say anything new. Opportunities go on meanwhile.',
      resolve: ({ cooldownSeconds }) => cooldownSeconds,
    }),
  }),
});

export interface FilterLimitsShape {
  readonly resultsPerUnderlying?: number | null | undefined;
  readonly minimumScore?: number | null | undefined;
  readonly cooldownSeconds?: number | null | undefined;
}

export const FilterLimitsInput: InputRef<FilterLimitsShape> = builder.inputRef<FilterLimitsShape>('FilterLimitsInput').implement({
  description: 'What a filter takes at most; what is not given is not limited by the filter.',
  fields: (t) => ({
    resultsPerUnderlying: t.int({
      description: 'Results of one underlying in one pass, 1 to 1,000, the best first; the server may grant fewer.',
    }),
    minimumScore: t.float({ description: 'Lowest score that is stored, 0 to 100.' }),
    cooldownSeconds: t.int({
      description: 'How long after a result the same legs are not stored again, 1 to 604,800 seconds, however their quotes change.',
    }),
  }),
});

/** Limits as the domain knows them; not yet validated. */
export function toFilterLimits(limits: FilterLimitsShape): FilterLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null && value !== undefined));
}
