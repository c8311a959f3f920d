import type { EmailSecurity } from './notification-channel.ts';

/** Settings and secrets of a channel as people write them. A secret that is left out stays what it is. */
export type ChannelSettingsInput =
  | { readonly kind: 'WEBSOCKET' }
  | { readonly kind: 'LOG' }
  | {
      readonly kind: 'WEBHOOK';
      readonly url: string;
      /** `whsec_…`. Left out of a new channel: one is made. Another than the current one replaces it at once; see `rotateSigningSecret` for a change without a gap. */
      readonly signingSecret?: string | undefined;
      /** Sent with every request, instead of those there were. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'SLACK'; readonly url?: string | undefined }
  | {
      readonly kind: 'EMAIL';
      readonly host: string;
      readonly port: number;
      readonly security: EmailSecurity;
      readonly username: string | null;
      readonly password?: string | undefined;
      readonly from: string;
      readonly to: readonly string[];
      readonly certificateAuthority: string | null;
    }
  | {
      readonly kind: 'SMS';
      readonly baseUrl: string;
      readonly accountSid: string;
      readonly authToken?: string | undefined;
      readonly from: string;
      readonly to: string;
    };

export interface ChannelInput {
  readonly name: string;
  readonly settings: ChannelSettingsInput;
  readonly enabled: boolean;
  readonly rateLimitPerMinute: number | null;
  readonly digestWindowMs: number;
}
