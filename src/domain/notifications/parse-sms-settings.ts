import type { ValidationIssue } from '../errors/validation-error.ts';
import type { ChannelSettingsInput } from './channel-input.ts';
import type { KeptSettings, ParseChannelOptions } from './parse-channel-settings.ts';
import { originOf, urlIssue } from './url-issue.ts';

/** ITU-T E.164. */
const NUMBER = /^\+[1-9]\d{6,14}$/;
/** Alphanumeric sender ids: up to 11 characters, one of them a letter. */
const SENDER = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/;
const ACCOUNT = /^[A-Za-z0-9]{2,64}$/;
const LONGEST_TOKEN = 1_024;

export function parseSmsSettings(
  input: Extract<ChannelSettingsInput, { kind: 'SMS' }>,
  kept: KeptSettings | null,
  { allowInsecure }: ParseChannelOptions,
  issues: ValidationIssue[],
): KeptSettings {
  const issue = (field: string, message: string) => issues.push({ path: `settings.${field}`, message });
  const { baseUrl, accountSid, from, to } = input;
  urlIssue('settings.baseUrl', baseUrl, allowInsecure, issues);
  if (!ACCOUNT.test(accountSid)) issue('accountSid', 'expected 2 to 64 letters and digits, got something else');
  if (!NUMBER.test(from) && !SENDER.test(from))
    issue('from', 'expected a number such as +12025550123 or a name of up to 11 letters and digits, got something else');
  if (!NUMBER.test(to)) issue('to', 'expected a number such as +12025550123, got something else');
  const before = kept?.settings.kind === 'SMS' ? kept.settings : null;
  const keptToken = kept?.secrets?.kind === 'SMS' ? kept.secrets.authToken : undefined;
  if (input.authToken === undefined && before && originOf(before.baseUrl) !== originOf(baseUrl)) {
    issue('authToken', 'expected the token anew, because the address is of another origin, got none');
  }
  const authToken = input.authToken ?? keptToken ?? '';
  if (!/^[\x21-\x7e]+$/.test(authToken) || authToken.length > LONGEST_TOKEN) {
    issue(
      'authToken',
      `expected a token of 1 to ${LONGEST_TOKEN} printable ASCII characters, got ${authToken === '' ? 'none' : 'something else'}`,
    );
  }
  return { settings: { kind: 'SMS', baseUrl, accountSid, from, to }, secrets: { kind: 'SMS', authToken } };
}
