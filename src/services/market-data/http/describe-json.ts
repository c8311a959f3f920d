import { quoteFound } from '../decode/malformed-file.ts';

/** What was found where something else was expected, for a message: short, quoted. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  return quoteFound(typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value));
}
