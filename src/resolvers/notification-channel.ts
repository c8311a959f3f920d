import { validate as isUuid } from 'uuid';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { ChannelTestPayload } from '../schema/notification.ts';
import {
  ChannelCreateInput,
  ChannelCreatePayload,
  ChannelDeleteInput,
  ChannelDeletePayload,
  ChannelRotateSigningSecretInput,
  ChannelRotateSigningSecretPayload,
  ChannelTestInput,
  ChannelUpdateInput,
  ChannelUpdatePayload,
  NotificationChannelRef,
} from '../schema/notification-channel.ts';
import { type ChannelSettingsShape, toChannelSettings, withSettingsPaths } from '../schema/notification-channel-input.ts';
import { SecretsUnreadableError } from '../services/notifications/secrets/secrets-unreadable-error.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

const CURSOR = 'notification-channel';

builder.queryFields((t) => ({
  notificationChannels: t.connection({
    type: NotificationChannelRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Notification channels in use, in the order they were made.',
    args: { mine: t.arg.boolean({ description: 'True: only channels that you own.' }) },
    resolve: async (_root, { mine, ...paging }, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor(CURSOR, cursor, isUuid));
      const page = await services.notificationChannels.page(request, mine ? viewer.subject : null);
      return toConnection(page, ({ id }) => encodeKeyCursor(CURSOR, id));
    },
  }),
  notificationChannel: t.field({
    type: NotificationChannelRef,
    authScopes: { permission: 'READ_ALERTS' },
    nullable: true,
    description: 'A notification channel, deleted ones too; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [NotificationChannelRef], description: 'Global id of the channel.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.notificationChannel.load(parseUuid(id, 'id')),
  }),
}));

builder.mutationFields((t) => ({
  notificationChannelCreate: t.field({
    type: ChannelCreatePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Makes a notification channel. The answer tells the key its webhooks are signed with, once.',
    args: { input: t.arg({ type: ChannelCreateInput, required: true, description: 'The new channel.' }) },
    errors: {
      types: [ValidationError, ConflictError, LimitExceededError, SecretsUnreadableError],
      directResult: true,
      union: { name: 'NotificationChannelCreateResult' },
    },
    resolve: (_root, { input: { settings, reason, idempotencyKey, rateLimitPerMinute, ...rest } }, context) =>
      ofSettings(settings, () =>
        context.services.notificationChannels.create(
          { ...rest, settings: toChannelSettings(settings), rateLimitPerMinute: rateLimitPerMinute ?? null },
          { caller: context, reason, idempotencyKey: parseIdempotencyKey(idempotencyKey) },
        ),
      ),
  }),
  notificationChannelUpdate: t.field({
    type: ChannelUpdatePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Changes a notification channel; in force for the next message.',
    args: { input: t.arg({ type: ChannelUpdateInput, required: true, description: 'What to change.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError, SecretsUnreadableError],
      directResult: true,
      union: { name: 'NotificationChannelUpdateResult' },
    },
    resolve: async (_root, { input }, context) => {
      const { name, settings, enabled, rateLimitPerMinute, digestWindowMs, reason } = input;
      const id = parseUuid(input.id, 'id');
      const channel = await ofSettings(settings, () => {
        const change = {
          ...(name != null && { name }),
          ...(settings != null && { settings: toChannelSettings(settings) }),
          ...(enabled != null && { enabled }),
          ...(rateLimitPerMinute !== undefined && { rateLimitPerMinute }),
          ...(digestWindowMs != null && { digestWindowMs }),
        };
        if (Object.keys(change).length === 0) {
          throw new ValidationError([{ path: '', message: 'expected something to change, got nothing' }]);
        }
        return context.services.notificationChannels.update(id, input.expectedRevision, change, { caller: context, reason });
      });
      return { channel };
    },
  }),
  notificationChannelDelete: t.field({
    type: ChannelDeletePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Deletes a notification channel. Its notifications stay; rules that name it tell nobody there any more.',
    args: { input: t.arg({ type: ChannelDeleteInput, required: true, description: 'The channel.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError],
      directResult: true,
      union: { name: 'NotificationChannelDeleteResult' },
    },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      channel: await context.services.notificationChannels.delete(parseUuid(id, 'id'), expectedRevision, { caller: context, reason }),
    }),
  }),
  notificationChannelTest: t.field({
    type: ChannelTestPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Sends a test notification on a channel, without waiting for its digest window.',
    args: { input: t.arg({ type: ChannelTestInput, required: true, description: 'The channel.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError],
      directResult: true,
      union: { name: 'NotificationChannelTestResult' },
    },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      notification: await context.services.notificationChannels.test(parseUuid(id, 'id'), { caller: context, reason }),
    }),
  }),
  notificationChannelRotateSigningSecret: t.field({
    type: ChannelRotateSigningSecretPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description:
      'Makes a new key for the webhooks of a channel; for a while both sign, so that receivers can change over. The answer tells it, once.',
    args: { input: t.arg({ type: ChannelRotateSigningSecretInput, required: true, description: 'The channel.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError, SecretsUnreadableError],
      directResult: true,
      union: { name: 'NotificationChannelRotateSigningSecretResult' },
    },
    resolve: (_root, { input: { id, expectedRevision, overlapMs, reason } }, context) =>
      context.services.notificationChannels.rotateSigningSecret(parseUuid(id, 'id'), expectedRevision, overlapMs, {
        caller: context,
        reason,
      }),
  }),
}));

/** @throws ValidationError with the paths of the input */
async function ofSettings<T>(settings: ChannelSettingsShape | null | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ValidationError && settings ? withSettingsPaths(error, settings) : error;
  }
}
