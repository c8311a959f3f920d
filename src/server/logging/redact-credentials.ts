import { REDACTED } from './redact-url.ts';

/** JSON Web Tokens, also cut ones; API keys and event tokens of ours; secrets of webhooks as Standard Webhooks writes them. */
const CREDENTIAL = /\b(?:eyJ[\w-]{8,}(?:\.[\w-]*){0,4}|sw[ke]_[\w-]{4,}|whsec_[\w+/=-]{8,})/g;

/** Text without what can be recognised as a credential by its form, wherever somebody has put it: into a document, a name, a path. */
export function redactCredentials(text: string): string {
  return text.replace(CREDENTIAL, REDACTED);
}
