import type { InputRef } from '@pothos/core';
import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import type { ChannelSettingsInput as ParsedInput } from '../domain/notifications/channel-input.ts';
import type { ChannelKind, EmailSecurity } from '../domain/notifications/notification-channel.ts';
import { builder } from './builder.ts';
import { EmailSecurityEnum } from './notification-channel-settings.ts';

type Nullable<T> = T | null | undefined;

export interface HeaderShape {
  readonly name: string;
  readonly value: string;
}

const HeaderInput = builder.inputRef<HeaderShape>('WebhookHeaderInput').implement({
  description: 'A header of a webhook, e.g. for an API key of the receiver.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name; none that the message itself sets.' }),
    value: t.string({ required: true, description: 'Its value: a secret, encrypted and never shown again.' }),
  }),
});

export interface WebhookShape {
  readonly url: string;
  readonly signingSecret?: Nullable<string>;
  readonly headers?: Nullable<readonly HeaderShape[]>;
}

const WebhookInput = builder.inputRef<WebhookShape>('WebhookSettingsInput').implement({
  description: 'Where a webhook goes.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'Address of the endpoint: https, and public unless the server allows others.' }),
    signingSecret: t.string({
      description:
        'Key of its signature: `whsec_` and the base64 of 24 to 64 bytes. Left out: one is made, or the one there is stays. Another one replaces it at once; see notificationChannelRotateSigningSecret.',
    }),
    headers: t.field({
      type: [HeaderInput],
      description:
        'Headers that are sent besides, at most 20, instead of those there were. Left out: those there are stay; to be given anew with an address of another origin.',
    }),
  }),
});

const SlackInput = builder.inputRef<{ readonly url?: Nullable<string> }>('SlackSettingsInput').implement({
  description: 'An incoming webhook of Slack.',
  fields: (t) => ({
    url: t.string({ description: 'Its address: a secret, encrypted and never shown again. Left out in an update: it stays.' }),
  }),
});

export interface EmailShape {
  readonly host: string;
  readonly port: number;
  readonly security: EmailSecurity;
  readonly username?: Nullable<string>;
  readonly password?: Nullable<string>;
  readonly from: string;
  readonly to: readonly string[];
  readonly certificateAuthority?: Nullable<string>;
}

const EmailInput = builder.inputRef<EmailShape>('EmailSettingsInput').implement({
  description: 'How mails are sent, and to whom.',
  fields: (t) => ({
    host: t.string({ required: true, description: 'Name of the mail server.' }),
    port: t.int({ required: true, defaultValue: 587, description: 'Its port.' }),
    security: t.field({
      type: EmailSecurityEnum,
      required: true,
      defaultValue: 'STARTTLS',
      description: 'How the connection is encrypted.',
    }),
    username: t.string({ description: 'As whom to log in. Left out: the server wants nobody to.' }),
    password: t.string({
      description:
        'A secret, encrypted and never shown again. Left out in an update: it stays; to be given anew with another server or way to reach it.',
    }),
    from: t.string({ required: true, description: 'Address of the sender.' }),
    to: t.stringList({ required: true, description: 'Addresses of the readers, 1 to 50.' }),
    certificateAuthority: t.string({ description: 'Certificates (PEM) that are trusted beside those of the system.' }),
  }),
});

export interface SmsShape {
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken?: Nullable<string>;
  readonly from: string;
  readonly to: string;
}

const SmsInput = builder.inputRef<SmsShape>('SmsSettingsInput').implement({
  description: 'How text messages are sent, and to whom.',
  fields: (t) => ({
    baseUrl: t.string({ required: true, defaultValue: 'https://api.twilio.com', description: 'Root of the API.' }),
    accountSid: t.string({ required: true, description: 'The account.' }),
    authToken: t.string({
      description: 'A secret, encrypted and never shown again. Left out in an update: it stays; to be given anew with another address.',
    }),
    from: t.string({ required: true, description: 'Number (E.164) or name of the sender.' }),
    to: t.string({ required: true, description: 'Number of the reader (E.164).' }),
  }),
});

export interface ChannelSettingsShape {
  readonly webSocket?: Nullable<boolean>;
  readonly log?: Nullable<boolean>;
  readonly webhook?: Nullable<WebhookShape>;
  readonly slack?: Nullable<{ readonly url?: Nullable<string> }>;
  readonly email?: Nullable<EmailShape>;
  readonly sms?: Nullable<SmsShape>;
}

export const ChannelSettingsInput: InputRef<ChannelSettingsShape> = builder
  .inputRef<ChannelSettingsShape>('NotificationChannelSettingsInput')
  .implement({
    description: 'How a channel sends: exactly one of these, which is its kind.',
    isOneOf: true,
    fields: (t) => ({
      webSocket: t.boolean({ description: 'True: by the subscription of alerts alone.' }),
      log: t.boolean({ description: 'True: a line in the log of the server.' }),
      webhook: t.field({ type: WebhookInput, description: 'A signed HTTP request.' }),
      slack: t.field({ type: SlackInput, description: 'A message in Slack.' }),
      email: t.field({ type: EmailInput, description: 'A mail.' }),
      sms: t.field({ type: SmsInput, description: 'A text message.' }),
    }),
  });

const KINDS: Readonly<Record<keyof ChannelSettingsShape, ChannelKind>> = {
  webSocket: 'WEBSOCKET',
  log: 'LOG',
  webhook: 'WEBHOOK',
  slack: 'SLACK',
  email: 'EMAIL',
  sms: 'SMS',
};

/** Settings as the domain parses them: what is null is left out. @throws ValidationError with paths of the domain */
export function toChannelSettings(input: ChannelSettingsShape): ParsedInput {
  const name = memberOf(input);
  const given = input[name];
  if (given === false)
    throw new ValidationError([{ path: 'settings', message: `expected ${name}: true, or another kind, got ${name}: false` }]);
  if (given === true) return { kind: KINDS[name] } as ParsedInput;
  const { webhook, email } = input;
  if (webhook) return { kind: 'WEBHOOK', url: webhook.url, signingSecret: webhook.signingSecret ?? undefined, headers: headersOf(webhook) };
  if (email) {
    const { username, password, certificateAuthority, ...rest } = email;
    return {
      kind: 'EMAIL',
      ...rest,
      username: username ?? null,
      password: password ?? undefined,
      certificateAuthority: certificateAuthority ?? null,
    };
  }
  if (input.sms) return { kind: 'SMS', ...input.sms, authToken: input.sms.authToken ?? undefined };
  return { kind: 'SLACK', url: input.slack?.url ?? undefined };
}

function headersOf({ headers }: WebhookShape): Readonly<Record<string, string>> | undefined {
  if (!headers) return undefined;
  const issues: ValidationIssue[] = [];
  const seen = new Set<string>();
  headers.forEach(({ name }, index) => {
    // RFC 9110, 5.1: names of headers are the same in any case.
    const folded = name.toLowerCase();
    if (seen.has(folded)) issues.push({ path: `settings.headers.${index}`, message: 'expected each header once, got one twice' });
    seen.add(folded);
  });
  if (issues.length > 0) throw new ValidationError(issues);
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

/** The issues under the paths of the input, in which the settings lie one level deeper than in the domain. */
export function withSettingsPaths(error: ValidationError, settings: ChannelSettingsShape): ValidationError {
  const name = memberOf(settings);
  return new ValidationError(
    error.issues.map((issue) => ({
      ...issue,
      path: issue.path === 'settings.kind' ? 'settings' : issue.path.replace(/^settings\./, `settings.${name}.`),
    })),
  );
}

/** GraphQL sees to it that there is exactly one. */
function memberOf(settings: ChannelSettingsShape): keyof ChannelSettingsShape {
  return Object.entries(settings).find(([, value]) => value != null)![0] as keyof ChannelSettingsShape;
}
