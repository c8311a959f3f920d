import { builder } from './builder.ts';
import { FilterVisibilityEnum } from './enums.ts';
import { FilterPresetEnum, FilterRef, filterPayload, REASON_DESCRIPTION } from './filter.ts';
import { FilterCriteriaInput } from './filter-criteria-input.ts';

const IDEMPOTENCY_KEY =
  'Any text of yours, 1 to 255 characters: the same key again answers with the filter it made, and makes no second one.';

export const FilterRollbackInput = builder.inputType('FilterRollbackInput', {
  description: 'Takes a filter back to what it was.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    expectedRevision: t.int({ required: true, description: 'The revision in force: a ConflictError when it is another.' }),
    revision: t.int({ required: true, description: 'The earlier revision whose name, description, criteria and enabled it is to have.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});

export const FilterDuplicateInput = builder.inputType('FilterDuplicateInput', {
  description: 'A filter of yours like another one.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter to copy; a deleted one too.' }),
    name: t.string({ required: true, description: '1 to 100 characters, not taken by another filter.' }),
    description: t.string({ description: 'What it is for; at most 2,000 characters. Left out: as the other.' }),
    enabled: t.boolean({ description: 'Whether the scanner applies it. Left out: as the other.' }),
    visibility: t.field({ type: FilterVisibilityEnum, description: 'Who sees it. Left out: as the other.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const FilterRestoreInput = builder.inputType('FilterRestoreInput', {
  description: 'Takes a deleted filter back into use, as it was when it was deleted.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});

export const FilterSwitchInput = builder.inputType('FilterSwitchInput', {
  description: 'A filter to enable or to disable, whatever revision is in force.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [FilterRef], description: 'The filter.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});

export const FilterApplyPresetInput = builder.inputType('FilterApplyPresetInput', {
  description: 'A filter of yours like a preset, with criteria of your own.',
  fields: (t) => ({
    preset: t.field({
      type: FilterPresetEnum,
      required: true,
      description: 'The preset, as it ships: changes made to it here do not count.',
    }),
    name: t.string({ required: true, description: '1 to 100 characters, not taken by another filter.' }),
    description: t.string({ description: 'What it is for; at most 2,000 characters. Left out: as the preset.' }),
    overrides: t.field({
      type: FilterCriteriaInput,
      description: 'Criteria in place of the same ones of the preset, e.g. `delta`, `symbols` or `any`, each as a whole; the others stay.',
    }),
    enabled: t.boolean({ required: true, defaultValue: true, description: 'Whether the scanner applies it.' }),
    visibility: t.field({ type: FilterVisibilityEnum, required: true, defaultValue: 'SHARED', description: 'Who sees it.' }),
    reason: t.string({ description: REASON_DESCRIPTION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const FilterRollbackPayload = filterPayload('FilterRollbackPayload', 'The filter is as it was, in a new revision that is in force.');
export const FilterDuplicatePayload = filterPayload('FilterDuplicatePayload', 'The copy has been made and is in force.');
export const FilterRestorePayload = filterPayload('FilterRestorePayload', 'The filter is in use again.');
export const FilterEnablePayload = filterPayload('FilterEnablePayload', 'The scanner applies the filter.');
export const FilterDisablePayload = filterPayload('FilterDisablePayload', 'The scanner does not apply the filter.');
export const FilterApplyPresetPayload = filterPayload('FilterApplyPresetPayload', 'The filter has been made and is in force.');
