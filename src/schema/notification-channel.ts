import { requirePermission } from '../domain/access/require-permission.ts';
import { canEditChannel } from '../domain/notifications/can-edit-channel.ts';
import { canInspectChannel } from '../domain/notifications/can-inspect-channel.ts';
import { BREAKER_PHASES } from '../domain/notifications/circuit-breaker.ts';
import type { NotificationChannel } from '../domain/notifications/notification-channel.ts';
import type { ChannelCondition } from '../services/notifications/channel-condition.ts';
import type { MadeChannel } from '../services/notifications/channel-service.ts';
import { builder } from './builder.ts';
import { DEPENDS_ON_VIEWER } from './depends-on-viewer.ts';
import { describedValues } from './described-values.ts';
import { ChannelSettingsInput } from './notification-channel-input.ts';
import { ChannelKindEnum, ChannelSettingsUnion } from './notification-channel-settings.ts';

const BreakerPhaseEnum = builder.enumType('CircuitBreakerPhase', {
  description: 'Whether anything is sent to a receiver that fails.',
  values: describedValues(BREAKER_PHASES, {
    CLOSED: 'Everything is sent.',
    OPEN: 'Nothing is sent for a while, after too many failures in a row.',
    HALF_OPEN: 'One message is sent, to see whether the receiver is back.',
  }),
});

const dateOrNull = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));

const BreakerRef = builder.objectRef<Omit<ChannelCondition, 'channelId'>>('CircuitBreaker').implement({
  description: 'Keeps messages from a receiver that fails.',
  fields: (t) => ({
    phase: t.expose('phase', { type: BreakerPhaseEnum, description: 'Where it stands.' }),
    failures: t.exposeInt('failures', { description: 'Failed attempts in a row.' }),
    openUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When one message is sent to see whether the receiver is back, UTC; null while it is closed.',
      resolve: ({ openUntilMs }) => dateOrNull(openUntilMs),
    }),
    pausedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the receiver wanted to be left alone (Retry-After), UTC; null: it did not.',
      resolve: ({ pausedUntilMs }) => dateOrNull(pausedUntilMs),
    }),
  }),
});

/** Of a channel on which nothing was ever sent. */
const UNUSED = { phase: 'CLOSED', failures: 0, openUntilMs: null, pausedUntilMs: null } as const;

export const NotificationChannelRef = builder.objectRef<NotificationChannel>('NotificationChannel');

builder.node(NotificationChannelRef, {
  description:
    'A place where alerts are told. Whoever may write alerts may name it in rules; its owner and administrators see where it leads.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadOne: async (id, { loaders, viewer }) => {
    requirePermission(viewer, 'READ_ALERTS');
    return loaders.notificationChannel.load(id);
  },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the channels in use, whatever the case of its letters.' }),
    kind: t.field({ type: ChannelKindEnum, description: 'What it is.', resolve: ({ settings }) => settings.kind }),
    settings: t.field({
      type: ChannelSettingsUnion,
      nullable: true,
      description: 'How it sends, without secrets; null unless you are its owner or an administrator.',
      extensions: DEPENDS_ON_VIEWER,
      resolve: (channel, _arguments, { viewer }) => (canInspectChannel(channel, viewer) ? channel.settings : null),
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether anything is sent on it; what is told meanwhile is skipped.' }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description: 'Why the server has disabled it; null when a person has, or it is enabled.',
    }),
    breaker: t.field({
      type: BreakerRef,
      description: 'How sending on it goes.',
      resolve: async ({ id }, _arguments, { loaders }) => (await loaders.channelCondition.load(id)) ?? UNUSED,
    }),
    rateLimitPerMinute: t.exposeInt('rateLimitPerMinute', {
      nullable: true,
      description: 'Most messages in a minute; null: as many as there are.',
    }),
    digestWindowMs: t.exposeInt('digestWindowMs', {
      description: 'How long notifications are collected into one message, milliseconds; 0: each is sent by itself.',
    }),
    owner: t.exposeString('owner', { description: 'Subject of who made it.' }),
    canEdit: t.boolean({
      description: 'Whether you may change it: your own, and as an administrator every channel.',
      extensions: DEPENDS_ON_VIEWER,
      resolve: (channel, _arguments, { viewer }) => canEditChannel(channel, viewer),
    }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1. Updates must name it.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made, UTC.', resolve: ({ createdAtMs }) => new Date(createdAtMs) }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was last changed, UTC.',
      resolve: ({ updatedAtMs }) => new Date(updatedAtMs),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted, UTC; null while it is in use.',
      resolve: ({ deletedAtMs }) => dateOrNull(deletedAtMs),
    }),
  }),
});

const REASON = 'For the audit trail; at most 500 characters.';
const RATE = 'Most messages in a minute, 1 to 6,000; a tenth of them may go at once.';
const DIGEST = 'How long notifications are collected into one message, milliseconds, at most a day.';

const channel = { required: true, description: 'The channel.' } as const;
const expectedRevision = {
  required: true,
  description: 'The revision the change was made from: a ConflictError when another is in force.',
} as const;

export const ChannelCreateInput = builder.inputType('NotificationChannelCreateInput', {
  description: 'A new notification channel.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: '1 to 100 characters, not taken by another channel. Everybody who reads alerts sees it.',
    }),
    settings: t.field({ type: ChannelSettingsInput, required: true, description: 'How it sends; what it is cannot be changed later.' }),
    enabled: t.boolean({ required: true, defaultValue: true, description: 'Whether anything is sent on it.' }),
    rateLimitPerMinute: t.int({ description: `${RATE} Left out: as many as there are.` }),
    digestWindowMs: t.int({ required: true, defaultValue: 0, description: `${DIGEST} 0: each is sent by itself.` }),
    reason: t.string({ description: REASON }),
    idempotencyKey: t.string({
      description:
        'Any text of yours, 1 to 255 characters: the same key again answers with the channel it made, without its signing secret, and makes no second one.',
    }),
  }),
});

export const ChannelUpdateInput = builder.inputType('NotificationChannelUpdateInput', {
  description: 'Changes to a notification channel; what is not given stays.',
  fields: (t) => ({
    id: t.globalID({ ...channel, for: [NotificationChannelRef] }),
    expectedRevision: t.int(expectedRevision),
    name: t.string({ description: '1 to 100 characters, not taken by another channel.' }),
    settings: t.field({ type: ChannelSettingsInput, description: 'Replaces the settings as a whole, but for secrets that are left out.' }),
    enabled: t.boolean({ description: 'Whether anything is sent on it. True also takes back what the server has disabled.' }),
    rateLimitPerMinute: t.int({ description: `${RATE} Null: as many as there are.` }),
    digestWindowMs: t.int({ description: `${DIGEST} 0: each is sent by itself.` }),
    reason: t.string({ description: REASON }),
  }),
});

export const ChannelDeleteInput = builder.inputType('NotificationChannelDeleteInput', {
  description: 'Deletes a notification channel and its secrets.',
  fields: (t) => ({
    id: t.globalID({ ...channel, for: [NotificationChannelRef] }),
    expectedRevision: t.int(expectedRevision),
    reason: t.string({ description: REASON }),
  }),
});

export const ChannelTestInput = builder.inputType('NotificationChannelTestInput', {
  description: 'Sends a message that says it is a test.',
  fields: (t) => ({
    id: t.globalID({ ...channel, for: [NotificationChannelRef] }),
    reason: t.string({ description: REASON }),
  }),
});

export const ChannelRotateSigningSecretInput = builder.inputType('NotificationChannelRotateSigningSecretInput', {
  description: 'Makes a new key for the webhooks of a channel.',
  fields: (t) => ({
    id: t.globalID({ ...channel, for: [NotificationChannelRef] }),
    expectedRevision: t.int(expectedRevision),
    overlapMs: t.int({
      required: true,
      defaultValue: 86_400_000,
      description: 'How long the old key signs beside the new one, milliseconds, at most 24 days; a day when left out.',
    }),
    reason: t.string({ description: REASON }),
  }),
});

function channelPayload(name: string, description: string) {
  return builder.objectRef<{ readonly channel: NotificationChannel }>(name).implement({
    description,
    fields: (t) => ({
      channel: t.expose('channel', { type: NotificationChannelRef, description: 'The channel as it is now.' }),
    }),
  });
}

export const ChannelUpdatePayload = channelPayload('NotificationChannelUpdatePayload', 'The channel has been changed.');
export const ChannelDeletePayload = channelPayload(
  'NotificationChannelDeletePayload',
  'The channel has been deleted; what waited to be sent on it is skipped.',
);

function madePayload(name: string, description: string, secretDescription: string) {
  return builder.objectRef<MadeChannel>(name).implement({
    description,
    fields: (t) => ({
      channel: t.expose('channel', { type: NotificationChannelRef, description: 'The channel as it is now.' }),
      signingSecret: t.exposeString('newSigningSecret', { nullable: true, description: secretDescription }),
    }),
  });
}

export const ChannelCreatePayload = madePayload(
  'NotificationChannelCreatePayload',
  'The channel has been made.',
  'Key that its webhooks are signed with, when this call has made one (`whsec_…`). It is told here and never again: keep it where secrets are kept.',
);
export const ChannelRotateSigningSecretPayload = madePayload(
  'NotificationChannelRotateSigningSecretPayload',
  'The channel has a new key.',
  'The new key (`whsec_…`). It is told here and never again: keep it where secrets are kept.',
);
