import type { ValidationIssue } from '../errors/validation-error.ts';
import type { ChannelSettingsInput } from './channel-input.ts';
import type { ChannelSecrets } from './channel-secrets.ts';
import type { ChannelSettings } from './notification-channel.ts';
import { parseEmailSettings } from './parse-email-settings.ts';
import { parseSmsSettings } from './parse-sms-settings.ts';
import { parseWebhookSettings } from './parse-webhook-settings.ts';
import { urlIssue } from './url-issue.ts';

/** The settings and secrets a channel has so far. */
export interface KeptSettings {
  readonly settings: ChannelSettings;
  readonly secrets: ChannelSecrets | null;
}

export interface ParseChannelOptions {
  /** Also http:// addresses, and mail servers without encryption. */
  readonly allowInsecure: boolean;
  /** A new key for webhooks: `whsec_` and base64 of at least 24 random bytes. */
  readonly newSigningSecret: () => string;
}

/**
 * What is to be kept in the clear and what sealed; every issue found is added to `issues`, with which the answer is of no use. Kept secrets that are sent in the clear to whoever answers
 * at the address have to be given again when the address changes: otherwise whoever may edit a channel could have them sent to himself.
 */
export function parseChannelSettings(
  input: ChannelSettingsInput,
  kept: KeptSettings | null,
  options: ParseChannelOptions,
  issues: ValidationIssue[],
): KeptSettings {
  if (kept && kept.settings.kind !== input.kind) {
    issues.push({ path: 'settings.kind', message: `expected ${kept.settings.kind} as it was, got ${input.kind}` });
    return kept;
  }
  switch (input.kind) {
    case 'WEBHOOK':
      return parseWebhookSettings(input, kept, options, issues);
    case 'EMAIL':
      return parseEmailSettings(input, kept, options, issues);
    case 'SMS':
      return parseSmsSettings(input, kept, options, issues);
    case 'SLACK': {
      const url = input.url ?? (kept?.secrets?.kind === 'SLACK' ? kept.secrets.url : undefined);
      if (url === undefined) issues.push({ path: 'settings.url', message: 'expected the address of an incoming webhook, got none' });
      else urlIssue('settings.url', url, options.allowInsecure, issues);
      return { settings: { kind: 'SLACK' }, secrets: { kind: 'SLACK', url: url ?? '' } };
    }
    default:
      return { settings: { kind: input.kind }, secrets: null };
  }
}
