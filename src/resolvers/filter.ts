import { validate as isUuid } from 'uuid';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { FilterKindEnum } from '../schema/enums.ts';
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
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  filters: t.connection({
    type: FilterRef,
    authScopes: { permission: 'READ_FILTERS' },
    description: 'Filters in use, in the order they were made.',
    args: { kind: t.arg({ type: FilterKindEnum, description: 'Only presets, or only custom filters.' }) },
    resolve: async (_root, { kind, ...paging }, { services }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('filter', cursor, isUuid));
      return toConnection(await services.filters.page(request, kind ?? null), (filter) => encodeKeyCursor('filter', filter.id));
    },
  }),
  filter: t.field({
    type: FilterRef,
    authScopes: { permission: 'READ_FILTERS' },
    nullable: true,
    description: 'A filter, deleted ones too; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [FilterRef], description: 'Global id of the filter.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.filter.load(id.id),
  }),
}));

builder.mutationFields((t) => ({
  filterCreate: t.field({
    type: FilterCreatePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Makes a filter; it is applied to the next contract evaluated.',
    args: { input: t.arg({ type: FilterCreateInput, required: true, description: 'The new filter.' }) },
    errors: { types: [ValidationError, ConflictError, LimitExceededError], directResult: true, union: { name: 'FilterCreateResult' } },
    resolve: async (_root, { input: { idempotencyKey, criteria, ...rest } }, { services }) => ({
      filter: await services.filters.create({ ...rest, criteria: toFilterCriteria(criteria) }, parseIdempotencyKey(idempotencyKey)),
    }),
  }),
  filterUpdate: t.field({
    type: FilterUpdatePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Changes a filter; the change is in force at the next contract evaluated.',
    args: { input: t.arg({ type: FilterUpdateInput, required: true, description: 'What to change.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ConflictError, LimitExceededError],
      directResult: true,
      union: { name: 'FilterUpdateResult' },
    },
    resolve: async (_root, { input }, { services }) => ({
      filter: await services.filters.update(parseUuid(input.id, 'id'), input.expectedRevision, {
        ...(input.name != null && { name: input.name }),
        ...(input.description != null && { description: input.description }),
        ...(input.criteria != null && { criteria: toFilterCriteria(input.criteria) }),
        ...(input.enabled != null && { enabled: input.enabled }),
      }),
    }),
  }),
  filterDelete: t.field({
    type: FilterDeletePayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Deletes a filter; it is not applied to the next contract evaluated. Its results stay.',
    args: { input: t.arg({ type: FilterDeleteInput, required: true, description: 'The filter.' }) },
    errors: { types: [ValidationError, NotFoundError, ConflictError], directResult: true, union: { name: 'FilterDeleteResult' } },
    resolve: async (_root, { input }, { services }) => ({
      filter: await services.filters.delete(parseUuid(input.id, 'id'), input.expectedRevision),
    }),
  }),
}));
