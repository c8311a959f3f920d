import { validate as isUuid } from 'uuid';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { textIssue } from '../domain/errors/text-issue.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import {
  ApiKeyCreateInput,
  ApiKeyCreatePayload,
  ApiKeyRef,
  ApiKeyRevokeInput,
  ApiKeyRevokePayload,
  ApiKeyStateEnum,
} from '../schema/api-key.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseUuid } from './parse-uuid.ts';

const LONGEST_OWNER = 256;

builder.queryFields((t) => ({
  apiKeys: t.connection({
    type: ApiKeyRef,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'API keys, newest first.',
    args: {
      owner: t.arg.string({ description: 'Only those that act as this subject.' }),
      state: t.arg({ type: ApiKeyStateEnum, description: 'Only those that are accepted, or are no longer.' }),
    },
    resolve: async (_root, { owner, state, ...paging }, { services }) => {
      const issue = typeof owner === 'string' ? textIssue('owner', owner, 1, LONGEST_OWNER) : null;
      if (issue) throw new ValidationError([issue]);
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('api-key', cursor, isUuid));
      const page = await services.apiKeys.page({ owner: owner ?? undefined, state: state ?? undefined }, request);
      return toConnection(page, ({ id }) => encodeKeyCursor('api-key', id));
    },
  }),
  apiKey: t.field({
    type: ApiKeyRef,
    authScopes: { permission: 'MANAGE_ACCESS' },
    nullable: true,
    description: 'An API key, revoked ones too; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [ApiKeyRef], description: 'Global id of the key.' }) },
    resolve: async (_root, { id }, { services }) => (await services.apiKeys.byIds([parseUuid(id, 'id')]))[0] ?? null,
  }),
}));

builder.mutationFields((t) => ({
  apiKeyCreate: t.field({
    type: ApiKeyCreatePayload,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'Makes an API key for a service. The answer tells it, once.',
    args: { input: t.arg({ type: ApiKeyCreateInput, required: true, description: 'The new key.' }) },
    errors: { types: [ValidationError, LimitExceededError], directResult: true, union: { name: 'ApiKeyCreateResult' } },
    resolve: (_root, { input: { name, owner, roles, expiresAt } }, context) =>
      context.services.apiKeys.create({ name, owner: owner ?? null, roles, expiresAtMs: expiresAt?.getTime() ?? null }, context),
  }),
  apiKeyRevoke: t.field({
    type: ApiKeyRevokePayload,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'Revokes an API key: it is refused at once, and what runs with it ends. One that was revoked before stays as it is.',
    args: { input: t.arg({ type: ApiKeyRevokeInput, required: true, description: 'The key.' }) },
    errors: { types: [ValidationError, NotFoundError], directResult: true, union: { name: 'ApiKeyRevokeResult' } },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      apiKey: await context.services.apiKeys.revoke(parseUuid(id, 'id'), reason ?? null, context),
    }),
  }),
}));
