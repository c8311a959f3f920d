import {
  CHANNEL_KINDS,
  type ChannelKind,
  EMAIL_SECURITIES,
  type EmailSettings,
  type SmsSettings,
  type WebhookSettings,
} from '../domain/notifications/notification-channel.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const ChannelKindEnum = builder.enumType('NotificationChannelKind', {
  description: 'Where alerts can be told.',
  values: describedValues(CHANNEL_KINDS, {
    WEBSOCKET: 'By the subscription of alerts alone: nothing is sent.',
    LOG: 'A line in the log of the server.',
    WEBHOOK: 'An HTTP request, signed as Standard Webhooks says.',
    SLACK: 'An incoming webhook of Slack.',
    EMAIL: 'A mail, over SMTP.',
    SMS: 'A text message, over an API shaped like the one of Twilio.',
  }),
});

export const EmailSecurityEnum = builder.enumType('EmailSecurity', {
  description: 'How the connection to a mail server is encrypted.',
  values: describedValues(EMAIL_SECURITIES, {
    STARTTLS: 'After the greeting, or nothing is sent.',
    TLS: 'From the first byte, usually on port 465.',
    NONE: 'Not at all. The server must allow it (NOTIFICATIONS_ALLOW_INSECURE).',
  }),
});

/** Kinds of which there is nothing to tell but the kind. */
function bareSettings<Kind extends ChannelKind>(name: string, description: string) {
  return builder.objectRef<{ readonly kind: Kind }>(name).implement({
    description,
    fields: (t) => ({
      kind: t.field({ type: ChannelKindEnum, description: 'The kind.', resolve: ({ kind }): ChannelKind => kind }),
    }),
  });
}

const WebSocketSettingsRef = bareSettings<'WEBSOCKET'>(
  'WebSocketSettings',
  'Alerts are told by their subscription: there is nothing to set.',
);
const LogSettingsRef = bareSettings<'LOG'>('LogSettings', 'Alerts are told in the log of the server: there is nothing to set.');
const SlackSettingsRef = bareSettings<'SLACK'>(
  'SlackSettings',
  'The address of an incoming webhook is a secret: there is nothing to show.',
);

const WebhookSettingsRef = builder.objectRef<WebhookSettings>('WebhookSettings').implement({
  description: 'Where a webhook goes. The key of its signature and the values of its headers are never shown.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Address of the endpoint.' }),
    headerNames: t.stringList({
      description: 'Names of the headers that are sent besides.',
      resolve: ({ headerNames }) => [...headerNames],
    }),
  }),
});

const EmailSettingsRef = builder.objectRef<EmailSettings>('EmailSettings').implement({
  description: 'How mails are sent, and to whom. The password is never shown.',
  fields: (t) => ({
    host: t.exposeString('host', { description: 'Name of the mail server.' }),
    port: t.exposeInt('port', { description: 'Its port.' }),
    security: t.expose('security', { type: EmailSecurityEnum, description: 'How the connection is encrypted.' }),
    username: t.exposeString('username', { nullable: true, description: 'As whom to log in; null: the server wants nobody to.' }),
    from: t.exposeString('from', { description: 'Address of the sender.' }),
    to: t.stringList({ description: 'Addresses of the readers.', resolve: ({ to }) => [...to] }),
    certificateAuthority: t.exposeString('certificateAuthority', {
      nullable: true,
      description: 'Certificates (PEM) that are trusted beside those of the system.',
    }),
  }),
});

const SmsSettingsRef = builder.objectRef<SmsSettings>('SmsSettings').implement({
  description: 'How text messages are sent, and to whom. The token is never shown.',
  fields: (t) => ({
    baseUrl: t.exposeString('baseUrl', { description: 'Root of the API.' }),
    accountSid: t.exposeString('accountSid', { description: 'The account.' }),
    from: t.exposeString('from', { description: 'Number (E.164) or name of the sender.' }),
    to: t.exposeString('to', { description: 'Number of the reader (E.164).' }),
  }),
});

const TYPE_NAMES = {
  WEBSOCKET: 'WebSocketSettings',
  LOG: 'LogSettings',
  SLACK: 'SlackSettings',
  WEBHOOK: 'WebhookSettings',
  EMAIL: 'EmailSettings',
  SMS: 'SmsSettings',
} as const satisfies Record<ChannelKind, string>;

export const ChannelSettingsUnion = builder.unionType('NotificationChannelSettings', {
  description: 'How a channel sends, by its kind; without secrets.',
  types: [WebSocketSettingsRef, LogSettingsRef, WebhookSettingsRef, SlackSettingsRef, EmailSettingsRef, SmsSettingsRef],
  resolveType: ({ kind }) => TYPE_NAMES[kind],
});
