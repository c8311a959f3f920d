import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { toFilterCriteria } from '../schema/filter-criteria-input.ts';
import {
  FilterApplyPresetInput,
  FilterApplyPresetPayload,
  FilterDisablePayload,
  FilterDuplicateInput,
  FilterDuplicatePayload,
  FilterEnablePayload,
  FilterRestoreInput,
  FilterRestorePayload,
  FilterRollbackInput,
  FilterRollbackPayload,
  FilterSwitchInput,
} from '../schema/filter-derivation.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

const CHANGE_ERRORS = [ValidationError, NotFoundError, ForbiddenError, ConflictError, LimitExceededError];

builder.mutationFields((t) => ({
  filterRollback: t.field({
    type: FilterRollbackPayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Takes a filter back to what it was at an earlier revision, as a new revision. Who sees it stays as it is.',
    args: { input: t.arg({ type: FilterRollbackInput, required: true, description: 'The filter, and the revision.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'FilterRollbackResult' } },
    resolve: async (_root, { input: { id, expectedRevision, revision, reason } }, context) => ({
      filter: await context.services.derivedFilters.rollback(parseUuid(id, 'id'), expectedRevision, revision, { caller: context, reason }),
    }),
  }),
  filterDuplicate: t.field({
    type: FilterDuplicatePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Makes a filter of yours like one that you can see.',
    args: { input: t.arg({ type: FilterDuplicateInput, required: true, description: 'The filter, and what the copy is to be called.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ConflictError, LimitExceededError],
      directResult: true,
      union: { name: 'FilterDuplicateResult' },
    },
    resolve: async (_root, { input: { id, name, description, enabled, visibility, reason, idempotencyKey } }, context) => ({
      filter: await context.services.derivedFilters.duplicate(
        parseUuid(id, 'id'),
        { name, description: description ?? undefined, enabled: enabled ?? undefined, visibility: visibility ?? undefined },
        { caller: context, reason, idempotencyKey: parseIdempotencyKey(idempotencyKey) },
      ),
    }),
  }),
  filterApplyPreset: t.field({
    type: FilterApplyPresetPayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Makes a filter of yours from a preset, with criteria of your own in place of some of its.',
    args: { input: t.arg({ type: FilterApplyPresetInput, required: true, description: 'The preset, and what is to be different.' }) },
    errors: {
      types: [ValidationError, ConflictError, LimitExceededError],
      directResult: true,
      union: { name: 'FilterApplyPresetResult' },
    },
    resolve: async (_root, { input: { preset, overrides, name, description, enabled, visibility, reason, idempotencyKey } }, context) => ({
      filter: await context.services.derivedFilters.applyPreset(
        preset,
        toFilterCriteria(overrides ?? {}),
        { name, description: description ?? undefined, enabled, visibility },
        { caller: context, reason, idempotencyKey: parseIdempotencyKey(idempotencyKey) },
      ),
    }),
  }),
  filterRestore: t.field({
    type: FilterRestorePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Takes a deleted filter back into use: deleting and restoring are what other products call archiving.',
    args: { input: t.arg({ type: FilterRestoreInput, required: true, description: 'The filter.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'FilterRestoreResult' } },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      filter: await context.services.filters.restore(parseUuid(id, 'id'), { caller: context, reason }),
    }),
  }),
  filterEnable: t.field({
    type: FilterEnablePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Has the scanner apply a filter; makes no new revision when it does already.',
    args: { input: t.arg({ type: FilterSwitchInput, required: true, description: 'The filter.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'FilterEnableResult' } },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      filter: await context.services.derivedFilters.setEnabled(parseUuid(id, 'id'), true, { caller: context, reason }),
    }),
  }),
  filterDisable: t.field({
    type: FilterDisablePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Has the scanner leave out a filter; makes no new revision when it does already.',
    args: { input: t.arg({ type: FilterSwitchInput, required: true, description: 'The filter.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'FilterDisableResult' } },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      filter: await context.services.derivedFilters.setEnabled(parseUuid(id, 'id'), false, { caller: context, reason }),
    }),
  }),
}));
