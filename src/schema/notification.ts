import type { InputRef } from '@pothos/core';
import { encodeGlobalID } from '@pothos/plugin-relay';
import { requirePermission } from '../domain/access/require-permission.ts';
import { ATTEMPT_OUTCOMES, type DeliveryAttempt } from '../domain/notifications/delivery-attempt.ts';
import {
  NOTIFICATION_KINDS,
  NOTIFICATION_STATES,
  type Notification,
  type NotificationState,
} from '../domain/notifications/notification.ts';
import { MOST_OF_AN_ALERT } from '../services/notifications/owned-notifications.ts';
import { AlertRef } from './alert.ts';
import { builder } from './builder.ts';
import { DEPENDS_ON_VIEWER } from './depends-on-viewer.ts';
import { describedValues } from './described-values.ts';
import { NotificationChannelRef } from './notification-channel.ts';

const NotificationKindEnum = builder.enumType('NotificationKind', {
  description: 'What a notification tells.',
  values: describedValues(NOTIFICATION_KINDS, {
    FIRED: 'An alert has begun.',
    AGAIN: 'It goes on.',
    ACKNOWLEDGED: 'Somebody has taken it over.',
    RESOLVED: 'It is over.',
    ESCALATED: 'Nobody has taken it over in time.',
    TEST: 'Nothing: somebody has tried the channel.',
  }),
});

const NotificationStateEnum = builder.enumType('NotificationState', {
  description: 'What has become of a notification.',
  values: describedValues(NOTIFICATION_STATES, {
    QUEUED: 'It waits for its first or next attempt.',
    DELIVERED: 'The receiver has accepted it.',
    DEAD: 'It was given up; notificationReplay sends it again.',
    SKIPPED: 'It was never tried, because its channel is disabled or gone.',
  }),
});

const AttemptOutcomeEnum = builder.enumType('NotificationAttemptOutcome', {
  description: 'How an attempt to deliver a message ended.',
  values: describedValues(ATTEMPT_OUTCOMES, {
    DELIVERED: 'The receiver has accepted it.',
    RATE_LIMITED: 'The receiver wants to be left alone for a while (429).',
    SERVER_ERROR: 'The receiver has failed (5xx, 408, 425, a temporary refusal of a mail server).',
    TIMEOUT: 'No answer came in time.',
    UNREACHABLE: 'There was no connection, or it broke.',
    REJECTED: 'The receiver has refused it.',
    GONE: 'The endpoint says that it is gone (410): the channel is disabled.',
    BLOCKED: 'Its address must not be reached by this server.',
    MISCONFIGURED: 'Nothing could be sent, e.g. because the secrets cannot be read.',
  }),
});

const AttemptRef = builder.objectRef<DeliveryAttempt>('NotificationAttempt').implement({
  description: 'One attempt to deliver a message.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counts from 1 for each message, and on after a replay.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began, UTC.', resolve: ({ startedAtMs }) => new Date(startedAtMs) }),
    durationMs: t.exposeInt('durationMs', { description: 'How long it took, milliseconds.' }),
    outcome: t.expose('outcome', { type: AttemptOutcomeEnum, description: 'How it ended.' }),
    status: t.exposeInt('status', { nullable: true, description: 'HTTP status or SMTP reply code; null without an answer.' }),
    responseExcerpt: t.exposeString('responseExcerpt', {
      nullable: true,
      description: 'How the answer begins, secrets taken out; null without one.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'What went wrong; null when nothing did.' }),
    notifications: t.exposeInt('notifications', { description: 'How many notifications the message held.' }),
  }),
});

export const NotificationRef = builder.objectRef<Notification>('Notification');

const dateOrNull = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));

builder.node(NotificationRef, {
  description:
    'One delivery of an alert on one channel: at least once, under an id that stays. Its channel decides who sees it: the owner and administrators.',
  id: { resolve: ({ id }) => id, description: 'Global id; the UUID in it is the `webhook-id`.' },
  loadMany: async (ids, { services, viewer }) => {
    requirePermission(viewer, 'READ_ALERTS');
    const byId = new Map((await services.notifications.byIds(ids, viewer)).map((notification) => [notification.id, notification]));
    return ids.map((id) => byId.get(id) ?? null);
  },
  fields: (t) => ({
    kind: t.expose('kind', { type: NotificationKindEnum, description: 'What it tells.' }),
    subject: t.exposeString('subject', { description: 'One line, as the channel sends it.' }),
    body: t.exposeString('body', { description: 'What it says besides, as the channel sends it.' }),
    alertId: t.id({
      nullable: true,
      description: 'Global id of the alert; null: a test of the channel.',
      resolve: ({ alertId }) => (alertId === null ? null : encodeGlobalID('Alert', alertId)),
    }),
    channel: t.field({
      type: NotificationChannelRef,
      nullable: true,
      description: 'Where it goes; null when there never was such a channel.',
      resolve: ({ channelId }, _arguments, { loaders }) => loaders.notificationChannel.load(channelId),
    }),
    state: t.expose('state', { type: NotificationStateEnum, description: 'What has become of it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it is DEAD or SKIPPED; null otherwise.' }),
    attempts: t.field({
      type: [AttemptRef],
      description: 'Attempts to deliver the message it is in, first to last.',
      resolve: async ({ deliveryId }, _arguments, { loaders }) =>
        deliveryId === null ? [] : [...(await loaders.deliveryAttempts.load(deliveryId))],
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was queued first, UTC.',
      resolve: ({ createdAtMs }) => new Date(createdAtMs),
    }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next at the earliest, UTC; null unless it is QUEUED.',
      resolve: ({ nextAttemptAtMs }) => dateOrNull(nextAttemptAtMs),
    }),
    deliveredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the receiver has accepted it, UTC; null unless it is DELIVERED.',
      resolve: ({ deliveredAtMs }) => dateOrNull(deliveredAtMs),
    }),
  }),
});

builder.objectField(AlertRef, 'notifications', (t) =>
  t.field({
    type: [NotificationRef],
    description: `What was sent of it where, newest first, at most ${MOST_OF_AN_ALERT}: on your channels, and as an administrator on all. \`notifications\` gives the others.`,
    extensions: DEPENDS_ON_VIEWER,
    resolve: async ({ id }, _arguments, { loaders, viewer }) => {
      requirePermission(viewer, 'READ_ALERTS');
      return [...(await loaders.alertNotifications.load({ alertId: id, viewer }))];
    },
  }),
);

interface GlobalId {
  readonly typename: string;
  readonly id: string;
}

export interface NotificationFilterShape {
  readonly states?: readonly NotificationState[] | null | undefined;
  readonly channelIds?: readonly GlobalId[] | null | undefined;
  readonly alertIds?: readonly GlobalId[] | null | undefined;
}

export const NotificationFilterInput: InputRef<NotificationFilterShape> = builder
  .inputRef<NotificationFilterShape>('NotificationFilter')
  .implement({
    description: 'Which notifications; what is left out: any.',
    fields: (t) => ({
      states: t.field({ type: [NotificationStateEnum], description: 'What has become of them.' }),
      channelIds: t.globalIDList({ for: [NotificationChannelRef], description: 'On which channels.' }),
      alertIds: t.globalIDList({ for: [AlertRef], description: 'Of which alerts.' }),
    }),
  });

export const NotificationReplayInput = builder.inputType('NotificationReplayInput', {
  description: 'Sends notifications again.',
  fields: (t) => ({
    ids: t.globalIDList({ required: true, for: [NotificationRef], description: 'The notifications, 1 to 100: all of them, or none.' }),
    reason: t.string({ description: 'For the audit trail; at most 500 characters.' }),
  }),
});

export const NotificationReplayPayload = builder
  .objectRef<{ readonly notifications: readonly Notification[] }>('NotificationReplayPayload')
  .implement({
    description: 'They are queued again, under the ids they have and with a new budget; those that waited anyway go on waiting.',
    fields: (t) => ({
      notifications: t.field({
        type: [NotificationRef],
        description: 'The notifications as they are now, in the order of the ids.',
        resolve: ({ notifications }) => [...notifications],
      }),
    }),
  });

export const ChannelTestPayload = builder.objectRef<{ readonly notification: Notification }>('NotificationChannelTestPayload').implement({
  description: 'The test is queued.',
  fields: (t) => ({
    notification: t.expose('notification', {
      type: NotificationRef,
      description: 'What is sent: ask for it again to see what has become of it.',
    }),
  }),
});
