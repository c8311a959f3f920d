import { redactCredentials } from './redact-credentials.ts';
import { REDACTED, redactUrl } from './redact-url.ts';

const SECRET_KEY = String.raw`(?:proxy-)?authorization|(?:set-)?cookie|[\w-]*(?:password|passwd|secret|token|api[_-]?key|private[_-]?key)`;
const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;

/** `"token":"…"`, `"set-cookie":["…","…"]`, and neighbours in a list of raw headers: `"Authorization","…"`. */
const SECRET_FIELD = new RegExp(String.raw`("(?:${SECRET_KEY})"[:,])(?:${TEXT}|\[(?:${TEXT},?)*\])`, 'gi');

/** The same inside a text of the line: a JSON body or GraphQL arguments that were logged as a string. */
const QUOTED_SECRET_FIELD = new RegExp(String.raw`((?:\\")?\b(?:${SECRET_KEY})(?:\\")?\s*:\s*\\")(?:[^"\\]|\\[^"])*(\\")`, 'gi');

const BEARER = /\b(Bearer\s+)[\w.~+/=-]+/gi;

/**
 * A log line (one JSON object) without secrets: values of fields such as authorization, cookie, password and token at any depth, bearer tokens, what has the form
 * of a credential, and what URLs hold. Works on the finished text, so that messages, stacks and nested objects are covered alike; the line stays valid JSON.
 */
export function redactLogLine(line: string): string {
  const withoutFields = line.replace(SECRET_FIELD, `$1"${REDACTED}"`).replace(QUOTED_SECRET_FIELD, `$1${REDACTED}$2`);
  return redactUrl(redactCredentials(withoutFields.replace(BEARER, `$1${REDACTED}`)));
}
