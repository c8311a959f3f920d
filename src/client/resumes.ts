import { NotResumableError } from './errors/not-resumable-error.ts';

/** Whether an operation takes a cursor to go on from. */
const TAKES_CURSOR = /\$after\s*:\s*String\b/;
const GIVES_CURSOR = /\bcursor\b/;

/**
 * Whether a subscription can go on after its last cursor: it must take the variable `$after: String` and ask for the field `cursor`.
 * @param isWanted true: it must; false: it must not; undefined: if it can.
 * @throws NotResumableError when it must and cannot, with what is missing.
 */
export function resumes(text: string, isWanted: boolean | undefined): boolean {
  if (isWanted === false) return false;
  const missing = [
    TAKES_CURSOR.test(text) ? null : 'a variable `$after: String` that is given to the argument `after`',
    GIVES_CURSOR.test(text) ? null : 'the field `cursor`',
  ].filter((part) => part !== null);
  if (missing.length > 0 && isWanted) {
    throw new NotResumableError(`expected a subscription with ${missing.join(' and ')}, so that it can be resumed; got ${firstLine(text)}`);
  }
  return missing.length === 0;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!;
}
