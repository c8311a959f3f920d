import { API_KEY_STATES, type ApiKey } from '../domain/access/api-key.ts';
import { requirePermission } from '../domain/access/require-permission.ts';
import { apiKeyPrefix } from '../services/access/api-key-format.ts';
import type { CreatedApiKey } from '../services/access/api-key-service.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { RoleEnum } from './viewer.ts';

export const ApiKeyStateEnum = builder.enumType('ApiKeyState', {
  description: 'Whether an API key is accepted.',
  values: describedValues(API_KEY_STATES, {
    ACTIVE: 'It is accepted.',
    EXPIRED: 'Its time is over.',
    REVOKED: 'It was revoked, whether or not its time is over.',
  }),
});

export const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey');

const dateOrNull = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));

builder.node(ApiKeyRef, {
  description: 'A key by which a service shows who it is. The key itself is told once, when it is made. Revoked and expired ones stay.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: async (ids, { services, viewer }) => {
    requirePermission(viewer, 'MANAGE_ACCESS');
    const byId = new Map((await services.apiKeys.byIds(ids)).map((apiKey) => [apiKey.id, apiKey]));
    return ids.map((id) => byId.get(id) ?? null);
  },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people. Several keys may have the same.' }),
    prefix: t.string({
      description: 'How the key begins: enough to tell it from others, nothing of its secret.',
      resolve: ({ id }) => apiKeyPrefix(id),
    }),
    owner: t.exposeString('owner', { description: 'The subject it acts as: what it makes is owned by this name.' }),
    roles: t.field({ type: [RoleEnum], description: 'Its roles.', resolve: ({ roles }) => [...roles] }),
    state: t.field({
      type: ApiKeyStateEnum,
      description: 'Whether it is accepted.',
      resolve: (apiKey, _arguments, { services }) => services.apiKeys.stateOf(apiKey),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made, UTC.', resolve: ({ createdAtMs }) => new Date(createdAtMs) }),
    createdBy: t.exposeString('createdBy', { description: 'Subject of who made it.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when it is accepted, UTC; null: until it is revoked.',
      resolve: ({ expiresAtMs }) => dateOrNull(expiresAtMs),
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last accepted, UTC, up to half a minute behind; null when it never was.',
      resolve: ({ lastUsedAtMs }) => dateOrNull(lastUsedAtMs),
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked, UTC; null when it was not.',
      resolve: ({ revokedAtMs }) => dateOrNull(revokedAtMs),
    }),
    revokedBy: t.exposeString('revokedBy', { nullable: true, description: 'Subject of who revoked it.' }),
  }),
});

export const ApiKeyCreateInput = builder.inputType('ApiKeyCreateInput', {
  description: 'A new API key.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people; 1 to 100 characters.' }),
    owner: t.string({ description: 'The subject it acts as, 1 to 256 characters. Nothing: whoever makes it.' }),
    roles: t.field({ type: [RoleEnum], required: true, description: 'At least one. They must not permit more than your own roles.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'Until when it is accepted, UTC. Nothing: until it is revoked.' }),
  }),
});

export const ApiKeyCreatePayload = builder.objectRef<CreatedApiKey>('ApiKeyCreatePayload').implement({
  description: 'The key has been made.',
  fields: (t) => ({
    key: t.exposeString('key', {
      description:
        'The key: `Authorization: Bearer swk_…` or `X-API-Key: swk_…`. It is told here and never again: keep it where secrets are kept.',
    }),
    apiKey: t.expose('apiKey', { type: ApiKeyRef, description: 'What is known of it.' }),
  }),
});

export const ApiKeyRevokeInput = builder.inputType('ApiKeyRevokeInput', {
  description: 'Revokes an API key, for good.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [ApiKeyRef], description: 'The key.' }),
    reason: t.string({ description: 'For the audit trail; at most 500 characters.' }),
  }),
});

export const ApiKeyRevokePayload = builder.objectRef<{ readonly apiKey: ApiKey }>('ApiKeyRevokePayload').implement({
  description: 'The key is no longer accepted.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', { type: ApiKeyRef, description: 'The key as it is now.' }),
  }),
});
