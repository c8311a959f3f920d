import { requirePermission } from '../domain/access/require-permission.ts';
import type { Filter } from '../domain/filters/filter.ts';
import { builder } from './builder.ts';
import { FilterKindEnum } from './enums.ts';
import { FilterCriteriaRef } from './filter-criteria.ts';
import { FilterCriteriaInput } from './filter-criteria-input.ts';

export const FilterRef = builder.objectRef<Filter>('Filter');

builder.node(FilterRef, {
  description: 'Named criteria. Of what passes an enabled filter, the best results of each underlying and pass are stored and pushed.',
  id: { resolve: (filter) => filter.id, description: 'Global id.' },
  loadOne: (id, { loaders, viewer }) => {
    requirePermission(viewer, 'READ_FILTERS');
    return loaders.filter.load(id);
  },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the filters in use, whatever the case of its letters.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    kind: t.expose('kind', { type: FilterKindEnum, description: 'Where it comes from.' }),
    criteria: t.field({ type: FilterCriteriaRef, description: 'What a result must be like.', resolve: (filter) => filter.criteria }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether the scanner applies it.' }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1. Updates must name it.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made, UTC.', resolve: (filter) => new Date(filter.createdAtMs) }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was last changed, UTC.',
      resolve: (filter) => new Date(filter.updatedAtMs),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted, UTC; null while it is in use. Stored results keep naming deleted filters.',
      resolve: (filter) => (filter.deletedAtMs === null ? null : new Date(filter.deletedAtMs)),
    }),
  }),
});

export const FilterCreateInput = builder.inputType('FilterCreateInput', {
  description: 'A new filter.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters, not taken by another filter.' }),
    description: t.string({ required: true, defaultValue: '', description: 'What it is for; at most 2,000 characters.' }),
    criteria: t.field({ type: FilterCriteriaInput, required: true, description: 'What a result must be like.' }),
    enabled: t.boolean({ required: true, defaultValue: true, description: 'Whether the scanner applies it.' }),
    idempotencyKey: t.string({
      description: 'Any text of yours, 1 to 255 characters: the same key again answers with the filter it made, and makes no second one.',
    }),
  }),
});

export const FilterUpdateInput = builder.inputType('FilterUpdateInput', {
  description: 'Changes to a filter; what is not given stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    expectedRevision: t.int({
      required: true,
      description: 'The revision the change was made from: a ConflictError when another is in force.',
    }),
    name: t.string({ description: '1 to 100 characters, not taken by another filter.' }),
    description: t.string({ description: 'What it is for; at most 2,000 characters.' }),
    criteria: t.field({ type: FilterCriteriaInput, description: 'Replaces the criteria as a whole.' }),
    enabled: t.boolean({ description: 'Whether the scanner applies it.' }),
  }),
});

export const FilterDeleteInput = builder.inputType('FilterDeleteInput', {
  description: 'Deletes a filter. Its results stay.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    expectedRevision: t.int({ required: true, description: 'The revision that is meant: a ConflictError when another is in force.' }),
  }),
});

interface FilterPayload {
  readonly filter: Filter;
}

function filterPayload(name: string, description: string) {
  return builder.objectRef<FilterPayload>(name).implement({
    description,
    fields: (t) => ({
      filter: t.field({ type: FilterRef, description: 'The filter as it is now.', resolve: (payload) => payload.filter }),
    }),
  });
}

export const FilterCreatePayload = filterPayload('FilterCreatePayload', 'The filter has been made and is in force.');
export const FilterUpdatePayload = filterPayload('FilterUpdatePayload', 'The filter has been changed and is in force.');
export const FilterDeletePayload = filterPayload('FilterDeletePayload', 'The filter has been deleted and is no longer applied.');
