/** Where alerts can be told. WEBSOCKET: by the subscription of alerts alone; LOG: a line in the log of the server. */
export const CHANNEL_KINDS = ['WEBSOCKET', 'LOG', 'WEBHOOK', 'SLACK', 'EMAIL', 'SMS'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** NONE: in the clear; STARTTLS: encrypted after the greeting, or not at all sent; TLS: encrypted from the first byte (port 465). */
export const EMAIL_SECURITIES = ['STARTTLS', 'TLS', 'NONE'] as const;
export type EmailSecurity = (typeof EMAIL_SECURITIES)[number];

export interface WebhookSettings {
  readonly kind: 'WEBHOOK';
  readonly url: string;
  /** Names of the additional headers; their values are secrets. */
  readonly headerNames: readonly string[];
}

export interface EmailSettings {
  readonly kind: 'EMAIL';
  readonly host: string;
  readonly port: number;
  readonly security: EmailSecurity;
  /** Null: the server wants no authentication. */
  readonly username: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** Certificates (PEM) trusted beside those of the system. */
  readonly certificateAuthority: string | null;
}

export interface SmsSettings {
  readonly kind: 'SMS';
  /** Root of a Twilio-shaped API. */
  readonly baseUrl: string;
  readonly accountSid: string;
  /** E.164 number, or the name of a sender. */
  readonly from: string;
  /** E.164. One, because a message to several would be repeated to those it has reached when one of them fails. */
  readonly to: string;
}

/** What may be shown of how a channel sends. The address of a SLACK channel is a secret. */
export type ChannelSettings =
  | { readonly kind: 'WEBSOCKET' }
  | { readonly kind: 'LOG' }
  | WebhookSettings
  | { readonly kind: 'SLACK' }
  | EmailSettings
  | SmsSettings;

/** Where alerts are told, as people see it. */
export interface NotificationChannel {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  readonly settings: ChannelSettings;
  readonly enabled: boolean;
  /** Why the server has disabled it; null when a person has, or it is enabled. */
  readonly disabledReason: string | null;
  /** Most messages in a minute; null: as many as there are. */
  readonly rateLimitPerMinute: number | null;
  /** How long notifications are collected into one message, in milliseconds; 0: each is sent by itself. */
  readonly digestWindowMs: number;
  /** Subject of who made it. */
  readonly owner: string;
  /** Counts up with every change, from 1. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while the channel is in use. */
  readonly deletedAtMs: number | null;
}
