import type { ValidationIssue } from '../errors/validation-error.ts';
import type { ChannelSettingsInput } from './channel-input.ts';
import type { SigningSecret } from './channel-secrets.ts';
import type { KeptSettings, ParseChannelOptions } from './parse-channel-settings.ts';
import { originOf, urlIssue } from './url-issue.ts';

/** Standard Webhooks: 24 to 64 bytes, base64. */
const SIGNING_SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const SHORTEST_KEY_BYTES = 24;
const LONGEST_KEY_BYTES = 64;

const MOST_HEADERS = 20;
/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
/** RFC 9110, 5.5: visible characters, spaces and tabs. */
const HEADER_VALUE = /^[\t\x20-\x7e]{1,4096}$/;
/** What the message or the connection decides. */
const RESERVED_HEADER = /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|webhook-.*)$/i;

type WebhookInput = Extract<ChannelSettingsInput, { kind: 'WEBHOOK' }>;

export function parseWebhookSettings(
  input: WebhookInput,
  kept: KeptSettings | null,
  { allowInsecure, newSigningSecret }: ParseChannelOptions,
  issues: ValidationIssue[],
): KeptSettings {
  urlIssue('settings.url', input.url, allowInsecure, issues);
  const keptSettings = kept?.settings.kind === 'WEBHOOK' ? kept.settings : null;
  const keptSecrets = kept?.secrets?.kind === 'WEBHOOK' ? kept.secrets : null;
  const keptHeaders = keptSecrets?.headers ?? {};
  if (input.headers === undefined && Object.keys(keptHeaders).length > 0 && originOf(keptSettings?.url ?? '') !== originOf(input.url)) {
    issues.push({ path: 'settings.headers', message: 'expected the headers anew, because the address is of another origin, got none' });
  }
  const headers = input.headers ?? keptHeaders;
  headerIssues(headers, issues);
  return {
    settings: { kind: 'WEBHOOK', url: input.url, headerNames: Object.keys(headers) },
    secrets: {
      kind: 'WEBHOOK',
      headers,
      signingSecrets: signingSecretsOf(input, keptSecrets?.signingSecrets ?? [], newSigningSecret, issues),
    },
  };
}

function signingSecretsOf(
  { signingSecret }: WebhookInput,
  kept: readonly SigningSecret[],
  newSigningSecret: () => string,
  issues: ValidationIssue[],
): readonly SigningSecret[] {
  if (signingSecret === undefined) return kept.length > 0 ? kept : [{ secret: newSigningSecret(), expiresAtMs: null }];
  const [, base64] = SIGNING_SECRET.exec(signingSecret) ?? [];
  const bytes = base64 === undefined ? 0 : (base64.length / 4) * 3 - (base64.match(/=/g)?.length ?? 0);
  if (bytes < SHORTEST_KEY_BYTES || bytes > LONGEST_KEY_BYTES) {
    const message = `expected whsec_ and the base64 of ${SHORTEST_KEY_BYTES} to ${LONGEST_KEY_BYTES} bytes, got something else`;
    issues.push({ path: 'settings.signingSecret', message });
  }
  return [{ secret: signingSecret, expiresAtMs: null }];
}

function headerIssues(headers: Readonly<Record<string, string>>, issues: ValidationIssue[]): void {
  const names = Object.keys(headers);
  if (names.length > MOST_HEADERS)
    issues.push({ path: 'settings.headers', message: `expected at most ${MOST_HEADERS} headers, got ${names.length}` });
  for (const [name, value] of Object.entries(headers)) {
    const path = `settings.headers.${JSON.stringify(name.slice(0, 40))}`;
    if (!HEADER_NAME.test(name)) issues.push({ path, message: 'expected the name of a header, got something else' });
    else if (RESERVED_HEADER.test(name))
      issues.push({ path, message: 'expected a header that the message itself does not set, got one of those' });
    if (!HEADER_VALUE.test(value)) issues.push({ path, message: 'expected 1 to 4096 printable ASCII characters, got something else' });
  }
}
