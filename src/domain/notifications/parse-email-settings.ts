import type { ValidationIssue } from '../errors/validation-error.ts';
import type { ChannelSettingsInput } from './channel-input.ts';
import type { EmailSettings } from './notification-channel.ts';
import type { KeptSettings, ParseChannelOptions } from './parse-channel-settings.ts';

/** A host name or an address; brackets around IPv6 are left out. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,252}[A-Za-z0-9])?$|^::1$/;
/** No display names, quoted parts or comments: what a mail server is asked to deliver to. */
const ADDRESS = /^[^\s@<>"',;:()[\]\\\0]{1,64}@[^\s@<>"',;:()\\\0]{1,253}$/;
const MOST_RECIPIENTS = 50;
const LONGEST_CREDENTIAL = 1_024;
const LONGEST_CERTIFICATES = 65_536;
/** RFC 7468 is ASCII. */
const NOT_PEM = /[^\t\r\n\x20-\x7e]/;

type EmailInput = Extract<ChannelSettingsInput, { kind: 'EMAIL' }>;

export function parseEmailSettings(
  input: EmailInput,
  kept: KeptSettings | null,
  { allowInsecure }: ParseChannelOptions,
  issues: ValidationIssue[],
): KeptSettings {
  const issue = (field: string, message: string) => issues.push({ path: `settings.${field}`, message });
  const { host, port, security, username, from, to, certificateAuthority } = input;
  if (!HOST.test(host)) issue('host', 'expected the name of a mail server, got something else');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) issue('port', `expected a port from 1 to 65535, got ${port}`);
  if (security === 'NONE' && !allowInsecure) issue('security', 'expected STARTTLS or TLS, got NONE, which this server does not allow');
  if (!ADDRESS.test(from)) issue('from', 'expected a mail address, got something else');
  if (to.length < 1 || to.length > MOST_RECIPIENTS) issue('to', `expected 1 to ${MOST_RECIPIENTS} mail addresses, got ${to.length}`);
  to.forEach((address, index) => {
    if (!ADDRESS.test(address)) issue(`to.${index}`, 'expected a mail address, got something else');
  });
  if (username !== null && (username === '' || username.length > LONGEST_CREDENTIAL || /[\0\r\n]/.test(username))) {
    issue('username', `expected 1 to ${LONGEST_CREDENTIAL} characters in one line, got something else`);
  }
  const certificates = certificateAuthority ?? '-----BEGIN CERTIFICATE-----';
  if (!certificates.includes('-----BEGIN CERTIFICATE-----') || NOT_PEM.test(certificates) || certificates.length > LONGEST_CERTIFICATES) {
    issue('certificateAuthority', 'expected certificates in PEM form, got something else');
  }
  const settings: EmailSettings = { kind: 'EMAIL', host, port, security, username, from, to, certificateAuthority };
  return { settings, secrets: { kind: 'EMAIL', password: passwordOf(input, kept, issue) } };
}

function passwordOf(input: EmailInput, kept: KeptSettings | null, issue: (field: string, message: string) => void): string | null {
  if (input.username === null) {
    if (input.password !== undefined) issue('password', 'expected no password without a user name, got one');
    return null;
  }
  const before = kept?.settings.kind === 'EMAIL' ? kept.settings : null;
  const keptPassword = kept?.secrets?.kind === 'EMAIL' ? kept.secrets.password : null;
  const movesElsewhere =
    before !== null &&
    (before.host !== input.host ||
      before.port !== input.port ||
      before.security !== input.security ||
      before.certificateAuthority !== input.certificateAuthority);
  if (input.password === undefined && keptPassword !== null && movesElsewhere) {
    issue('password', 'expected the password anew, because the mail server or how it is reached changes, got none');
  }
  const password = input.password ?? keptPassword;
  if (password === null || password === '' || password.length > LONGEST_CREDENTIAL) {
    issue('password', `expected a password of 1 to ${LONGEST_CREDENTIAL} characters, got ${password?.length ?? 'none'}`);
  }
  return password;
}
