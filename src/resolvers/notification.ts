import { validate as isUuid } from 'uuid';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { NotificationFilterInput, NotificationRef, NotificationReplayInput, NotificationReplayPayload } from '../schema/notification.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseUuid } from './parse-uuid.ts';

const CURSOR = 'notification';

builder.queryFields((t) => ({
  notifications: t.connection({
    type: NotificationRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Notifications of your channels, and as an administrator of all channels, newest first.',
    args: { filter: t.arg({ type: NotificationFilterInput, description: 'Which notifications.' }) },
    resolve: async (_root, { filter, ...paging }, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor(CURSOR, cursor, isUuid));
      const query = {
        states: filter?.states ?? undefined,
        channelIds: filter?.channelIds?.map((id, index) => parseUuid(id, `filter.channelIds.${index}`)),
        alertIds: filter?.alertIds?.map((id, index) => parseUuid(id, `filter.alertIds.${index}`)),
      };
      return toConnection(await services.notifications.page(query, request, viewer), ({ id }) => encodeKeyCursor(CURSOR, id));
    },
  }),
}));

builder.mutationFields((t) => ({
  notificationReplay: t.field({
    type: NotificationReplayPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description:
      'Sends notifications of your channels again, also those that were delivered, with everything that went in the same message.',
    args: { input: t.arg({ type: NotificationReplayInput, required: true, description: 'The notifications.' }) },
    errors: {
      types: [ValidationError, NotFoundError, LimitExceededError],
      directResult: true,
      union: { name: 'NotificationReplayResult' },
    },
    resolve: async (_root, { input: { ids, reason } }, context) => {
      const uuids = ids.map((id, index) => parseUuid(id, `ids.${index}`));
      return { notifications: await context.services.notifications.replay(uuids, { caller: context, reason }) };
    },
  }),
}));
