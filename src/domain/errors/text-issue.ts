import type { ValidationIssue } from './validation-error.ts';

/** What keeps a text from being stored: its length in UTF-16 units, or a NUL character, which PostgreSQL cannot hold. Null: nothing. */
export function textIssue(path: string, text: string, shortest: number, longest: number): ValidationIssue | null {
  if (text.length < shortest || text.length > longest) {
    const expected = shortest === 0 ? `at most ${longest}` : `${shortest} to ${longest}`;
    return { path, message: `expected ${expected} characters, got ${text.length}` };
  }
  const nul = text.indexOf('\0');
  return nul < 0 ? null : { path, message: `expected text without NUL characters, got one at position ${nul}` };
}
