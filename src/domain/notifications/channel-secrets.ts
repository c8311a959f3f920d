import type { ChannelSettings } from './notification-channel.ts';

/** A key that webhooks are signed with (Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes). */
export interface SigningSecret {
  readonly secret: string;
  /** Epoch milliseconds until which it signs beside the newer ones; null: the current one. */
  readonly expiresAtMs: number | null;
}

/** What must never be shown, logged or stored in the clear. */
export type ChannelSecrets =
  | { readonly kind: 'WEBHOOK'; readonly signingSecrets: readonly SigningSecret[]; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'SLACK'; readonly url: string }
  | { readonly kind: 'EMAIL'; readonly password: string | null }
  | { readonly kind: 'SMS'; readonly authToken: string };

/** Every text that would tell a secret, alone or as HTTP and SMTP send it. */
export function secretTexts(settings: ChannelSettings, secrets: ChannelSecrets | null): readonly string[] {
  switch (secrets?.kind) {
    case 'WEBHOOK':
      return [...secrets.signingSecrets.map(({ secret }) => secret), ...Object.values(secrets.headers)];
    case 'SLACK': {
      // The path is what makes the address a secret; answers may repeat it without the host.
      const path = URL.canParse(secrets.url) ? new URL(secrets.url).pathname : '';
      return path.length > 1 ? [secrets.url, path, ...path.split('/').filter((part) => part.length >= 8)] : [secrets.url];
    }
    case 'EMAIL':
      // AUTH PLAIN (RFC 4616) sends the base64 of all three.
      if (secrets.password === null) return [];
      return settings.kind === 'EMAIL' ? [secrets.password, `\0${settings.username}\0${secrets.password}`] : [secrets.password];
    case 'SMS':
      // Basic authentication (RFC 7617) sends the base64 of both.
      return settings.kind === 'SMS' ? [secrets.authToken, `${settings.accountSid}:${secrets.authToken}`] : [secrets.authToken];
    default:
      return [];
  }
}
