import type { ValidationIssue } from '../errors/validation-error.ts';

const LONGEST_URL = 2_048;

/** Adds what keeps a text from being an address that messages are sent to. Never repeats the address: it may be a secret. */
export function urlIssue(path: string, text: string, allowHttp: boolean, issues: ValidationIssue[]): void {
  if (text.length > LONGEST_URL) {
    issues.push({ path, message: `expected at most ${LONGEST_URL} characters, got ${text.length}` });
    return;
  }
  if (!URL.canParse(text) || /\p{Cc}/u.test(text)) {
    issues.push({ path, message: 'expected the URL of an endpoint, got what cannot be read as one' });
    return;
  }
  const url = new URL(text);
  const schemes = allowHttp ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) {
    issues.push({
      path,
      message: `expected a URL beginning with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}, got ${url.protocol}`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    issues.push({ path, message: 'expected a URL without user and password, got one with: use a header or the password of the channel' });
  }
}

/** Scheme, host and port of an address; empty when there is none to tell. */
export function originOf(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : '';
}
