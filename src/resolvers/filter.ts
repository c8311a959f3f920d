import { validate as isUuid } from 'uuid';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { canSeeFilter } from '../domain/filters/can-see-filter.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { FilterKindEnum, FilterVisibilityEnum } from '../schema/enums.ts';
import {
  FilterCreateInput,
  FilterCreatePayload,
  FilterDeleteInput,
  FilterDeletePayload,
  FilterRef,
  FilterUpdateInput,
  FilterUpdatePayload,
} from '../schema/filter.ts';
import { toFilterCriteria } from '../schema/filter-criteria-input.ts';
import { toFilterLimits } from '../schema/filter-limits.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  filters: t.connection({
    type: FilterRef,
    authScopes: { permission: 'READ_FILTERS' },
    description: 'Filters in use that are shared or yours, in the order they were made.',
    args: {
      kind: t.arg({ type: FilterKindEnum, description: 'Only presets, or only custom filters.' }),
      visibility: t.arg({ type: FilterVisibilityEnum, description: 'Only shared, or only private filters.' }),
      mine: t.arg.boolean({ description: 'True: only filters that you own.' }),
    },
    resolve: async (_root, { kind, visibility, mine, ...paging }, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('filter', cursor, isUuid));
      const which = { kind: kind ?? null, visibility: visibility ?? undefined, mine: mine ?? false };
      return toConnection(await services.filters.page(request, which, viewer), (filter) => encodeKeyCursor('filter', filter.id));
    },
  }),
  filter: t.field({
    type: FilterRef,
    authScopes: { permission: 'READ_FILTERS' },
    nullable: true,
    description: 'A filter, deleted ones too; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [FilterRef], description: 'Global id of the filter.' }) },
    resolve: async (_root, { id }, { loaders, viewer }) => {
      const filter = await loaders.filter.load(id.id);
      return filter && canSeeFilter(filter, viewer) ? filter : null;
    },
  }),
}));

builder.mutationFields((t) => ({
  filterCreate: t.field({
    type: FilterCreatePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Makes a filter; it is applied to the next contract evaluated.',
    args: { input: t.arg({ type: FilterCreateInput, required: true, description: 'The new filter.' }) },
    errors: { types: [ValidationError, ConflictError, LimitExceededError], directResult: true, union: { name: 'FilterCreateResult' } },
    resolve: async (_root, { input: { idempotencyKey, reason, criteria, limits, ...rest } }, context) => ({
      filter: await context.services.filters.create(
        { ...rest, criteria: toFilterCriteria(criteria), limits: toFilterLimits(limits ?? {}) },
        { caller: context, reason, idempotencyKey: parseIdempotencyKey(idempotencyKey) },
      ),
    }),
  }),
  filterUpdate: t.field({
    type: FilterUpdatePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Changes a filter; the change is in force at the next contract evaluated.',
    args: { input: t.arg({ type: FilterUpdateInput, required: true, description: 'What to change.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError, LimitExceededError],
      directResult: true,
      union: { name: 'FilterUpdateResult' },
    },
    resolve: async (_root, { input }, context) => {
      const change = {
        ...(input.name != null && { name: input.name }),
        ...(input.description != null && { description: input.description }),
        ...(input.criteria != null && { criteria: toFilterCriteria(input.criteria) }),
        ...(input.overrides != null && { overrides: toFilterCriteria(input.overrides) }),
        ...(input.limits != null && { limits: toFilterLimits(input.limits) }),
        ...(input.enabled != null && { enabled: input.enabled }),
        ...(input.visibility != null && { visibility: input.visibility }),
      };
      const request = { caller: context, reason: input.reason };
      return { filter: await context.services.filters.update(parseUuid(input.id, 'id'), input.expectedRevision, change, request) };
    },
  }),
  filterDelete: t.field({
    type: FilterDeletePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Deletes a filter; it is not applied to the next contract evaluated. Its results stay.',
    args: { input: t.arg({ type: FilterDeleteInput, required: true, description: 'The filter.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError],
      directResult: true,
      union: { name: 'FilterDeleteResult' },
    },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      filter: await context.services.filters.delete(parseUuid(id, 'id'), expectedRevision, { caller: context, reason }),
    }),
  }),
}));
