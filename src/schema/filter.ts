import { requirePermission } from '../domain/access/require-permission.ts';
import { canEditFilter } from '../domain/filters/can-edit-filter.ts';
import { canSeeFilter } from '../domain/filters/can-see-filter.ts';
import type { Filter } from '../domain/filters/filter.ts';
import { FILTER_PRESETS } from '../domain/filters/presets.ts';
import { builder } from './builder.ts';
import { DEPENDS_ON_VIEWER } from './depends-on-viewer.ts';
import { FilterKindEnum, FilterVisibilityEnum } from './enums.ts';
import { FilterCriteriaRef } from './filter-criteria.ts';
import { FilterCriteriaInput } from './filter-criteria-input.ts';
import { FilterLimitsInput, FilterLimitsRef } from './filter-limits.ts';

/** What callers may give as a reason. */
export const REASON_DESCRIPTION = 'For the revisions and the audit trail; at most 500 characters.';

export const FilterPresetEnum = builder.enumType('FilterPreset', {
  description: 'Filters that ship with the product.',
  values: Object.fromEntries(
    FILTER_PRESETS.map(({ key, description }) => [key.toUpperCase().replaceAll('-', '_'), { value: key, description }]),
  ),
});

export const FilterRef = builder.objectRef<Filter>('Filter');

builder.node(FilterRef, {
  description: 'Named criteria. Of what passes an enabled filter, the best results of each underlying and pass are stored and pushed.',
  id: { resolve: (filter) => filter.id, description: 'Global id.' },
  loadOne: async (id, { loaders, viewer }) => {
    requirePermission(viewer, 'READ_FILTERS');
    const filter = await loaders.filter.load(id);
    return filter && canSeeFilter(filter, viewer) ? filter : null;
  },
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Unique among the shared filters in use, or among the private ones of its owner, whatever the case of its letters.',
    }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    kind: t.expose('kind', { type: FilterKindEnum, description: 'Where it comes from.' }),
    preset: t.expose('presetKey', {
      type: FilterPresetEnum,
      nullable: true,
      description: 'The preset it is; null for a custom filter, also for one made from a preset.',
    }),
    owner: t.exposeString('ownerSubject', {
      nullable: true,
      description: 'Subject of who made it; null for presets, and for what was made before filters had owners.',
    }),
    visibility: t.expose('visibility', { type: FilterVisibilityEnum, description: 'Who sees it and what it finds.' }),
    canEdit: t.boolean({
      description: 'Whether you may change it: your own, and as an administrator every filter.',
      extensions: DEPENDS_ON_VIEWER,
      resolve: (filter, _arguments, { viewer }) => canEditFilter(filter, viewer),
    }),
    criteria: t.field({ type: FilterCriteriaRef, description: 'What a result must be like.', resolve: (filter) => filter.criteria }),
    limits: t.field({ type: FilterLimitsRef, description: 'What it takes at most.', resolve: (filter) => filter.limits ?? {} }),
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
    limits: t.field({ type: FilterLimitsInput, description: 'What it takes at most.' }),
    enabled: t.boolean({ required: true, defaultValue: true, description: 'Whether the scanner applies it.' }),
    visibility: t.field({
      type: FilterVisibilityEnum,
      required: true,
      defaultValue: 'SHARED',
      description: 'Who sees it and what it finds.',
    }),
    reason: t.string({ description: REASON_DESCRIPTION }),
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
    overrides: t.field({
      type: FilterCriteriaInput,
      description: 'Criteria in place of the same ones of the filter, e.g. `delta`, `symbols` or `any`, each as a whole; the others stay.',
    }),
    limits: t.field({ type: FilterLimitsInput, description: 'Replaces the limits as a whole: `{}` takes them away.' }),
    enabled: t.boolean({ description: 'Whether the scanner applies it.' }),
    visibility: t.field({
      type: FilterVisibilityEnum,
      description: 'Who sees it and what it finds, also what it has found so far. In force at once, for running subscriptions too.',
    }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});

export const FilterDeleteInput = builder.inputType('FilterDeleteInput', {
  description: 'Deletes a filter. Its results stay, and filterRestore takes it back into use.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    expectedRevision: t.int({ required: true, description: 'The revision that is meant: a ConflictError when another is in force.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});

export interface FilterPayload {
  readonly filter: Filter;
}

export function filterPayload(name: string, description: string) {
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
