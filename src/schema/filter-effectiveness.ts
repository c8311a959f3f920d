import type { FilterEffectiveness, RealisedOutcome } from '../services/filters/filter-effectiveness.ts';
import { builder } from './builder.ts';

const RealisedOutcomeRef = builder.objectRef<RealisedOutcome>('RealisedOutcome').implement({
  description:
    'What became of opportunities held to expiration. Counts those that have expired and whose underlying has a known price of the last day up to that moment. The profit of each is what its legs are worth exercised at the last such price, what the underlying held in it has gained, and the net credit of the result it entered with, at the mark; without fees and early exercise. Of at most the 5,000 newest.',
  fields: (t) => ({
    opportunities: t.exposeInt('opportunities', { description: 'Opportunities whose outcome is known.' }),
    profitableShare: t.exposeFloat('profitableShare', { description: 'Share of them that ended with a profit above 0, 0 to 1.' }),
    meanProfit: t.exposeFloat('meanProfit', {
      description: 'Mean profit (+) or loss (-), quote currency per unit of the underlying; every underlying counts by its own price.',
    }),
  }),
});

export const FilterEffectivenessRef = builder.objectRef<FilterEffectiveness>('FilterEffectiveness').implement({
  description: 'What a filter has found.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'Beginning of what is looked at, inclusive, UTC.',
      resolve: ({ fromMs }) => new Date(fromMs),
    }),
    before: t.field({
      type: 'DateTime',
      description: 'End of what is looked at, exclusive, UTC.',
      resolve: ({ beforeMs }) => new Date(beforeMs),
    }),
    results: t.exposeInt('results', { description: 'Results stored.' }),
    underlyings: t.exposeInt('underlyings', { description: 'Different underlyings among them.' }),
    bestScore: t.exposeFloat('bestScore', { nullable: true, description: 'Highest score of a result, 0 to 100; null without results.' }),
    meanScore: t.exposeFloat('meanScore', { nullable: true, description: 'Mean score of the results, 0 to 100; null without results.' }),
    opportunities: t.exposeInt('opportunities', { description: 'Opportunities that entered.' }),
    meanSecondsIn: t.exposeFloat('meanSecondsIn', {
      nullable: true,
      description:
        'Mean time from entering to leaving, or to the newest sighting of those still there, seconds; null without opportunities.',
    }),
    medianSecondsIn: t.exposeFloat('medianSecondsIn', {
      nullable: true,
      description: 'Median of that time, seconds; null without opportunities.',
    }),
    realised: t.expose('realised', {
      type: RealisedOutcomeRef,
      nullable: true,
      description: 'What became of the opportunities; null when it is not known of any.',
    }),
  }),
});
