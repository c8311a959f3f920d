import { FILTER_CHANGE_KINDS, type FilterChange } from '../domain/filters/filter-change.ts';
import type { StreamItem } from '../services/subscriptions/stream-item.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { FilterRef } from './filter.ts';
import { FilterCriteriaRef } from './filter-criteria.ts';
import { StreamBatchInterface } from './stream.ts';

export const FilterChangeKindEnum = builder.enumType('FilterChangeKind', {
  description: 'What happened to a filter.',
  values: describedValues(FILTER_CHANGE_KINDS, {
    CREATED: 'It was made.',
    UPDATED: 'It was changed.',
    DELETED: 'It was deleted.',
    RESTORED: 'It was taken back into use after it had been deleted.',
  }),
});

export const FilterChangeRef = builder.objectRef<FilterChange>('FilterChange').implement({
  description: 'A change of a filter. Immutable: name, description, criteria and enabled are as this change left them.',
  fields: (t) => ({
    kind: t.expose('kind', { type: FilterChangeKindEnum, description: 'What happened.' }),
    at: t.field({ type: 'DateTime', description: 'When it was stored, UTC.', resolve: (change) => new Date(change.atMs) }),
    revision: t.int({ description: 'The revision it made; results name it.', resolve: ({ filter }) => filter.revision }),
    actor: t.exposeString('actor', {
      nullable: true,
      description: 'Subject of who made it; null when it was the product itself, or before anybody took note of it.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, in the words of who made it.' }),
    filter: t.field({
      type: FilterRef,
      description: 'The filter as it is now.',
      resolve: async ({ filter }, _arguments, { loaders }) => (await loaders.filter.load(filter.id)) as never,
    }),
    name: t.string({ description: 'Its name.', resolve: ({ filter }) => filter.name }),
    description: t.string({ description: 'What it is for.', resolve: ({ filter }) => filter.description }),
    criteria: t.field({ type: FilterCriteriaRef, description: 'What a result must be like.', resolve: ({ filter }) => filter.criteria }),
    enabled: t.boolean({ description: 'Whether the scanner applies it.', resolve: ({ filter }) => filter.enabled }),
  }),
});

export const FilterChangeBatchRef = builder.objectRef<StreamItem<FilterChange>>('FilterChangeBatch').implement({
  description: 'Changes of filters.',
  interfaces: [StreamBatchInterface],
  isTypeOf: () => true,
  fields: (t) => ({
    changes: t.field({ type: [FilterChangeRef], description: 'In the order they were made.', resolve: (batch) => [...batch.rows] }),
  }),
});
